// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/symbol_table.hpp"

#include <sys/mman.h>

#include <cstring>
#include <new>

#include "metrics/names.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace detail {
namespace {

void append_varint(std::string& out, std::size_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  out += static_cast<char>(value);
}

std::size_t varint_size(std::size_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7U) ++size;
  return size;
}

/// io.prometheus.client.Metric.label = 1, LabelPair { name = 1, value = 2 }.
void append_pair(std::string& out, std::string_view name, std::string_view value) {
  out += '\x0a';
  append_varint(out, 2 + varint_size(name.size()) + name.size() + varint_size(value.size()) + value.size());
  out += '\x0a';
  append_varint(out, name.size());
  out += name;
  out += '\x12';
  append_varint(out, value.size());
  out += value;
}

}  // namespace

SymbolTable& SymbolTable::process() {
  alignas(SymbolTable) static std::byte storage[sizeof(SymbolTable)];
  static SymbolTable* const table = new (storage) SymbolTable;
  return *table;
}

SymbolTable::SymbolTable() : symbols_(1024, Hash{this}, Equal{this}) {
  void* memory =
      ::mmap(nullptr, region_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  base_ = static_cast<char*>(memory);
}

SymbolId SymbolTable::intern(bool first, std::string_view name, std::string_view value) {
  const std::scoped_lock lock(mutex_);
  scratch_ = first ? '{' : ',';
  if (is_legacy_label_name(name)) {
    scratch_ += name;
  } else {
    scratch_ += '"';
    append_escaped_label_value(scratch_, name);
    scratch_ += '"';
  }
  scratch_ += "=\"";
  const std::size_t value_begin = scratch_.size();
  append_escaped_label_value(scratch_, value);
  const bool escaped = scratch_.size() - value_begin != value.size();
  scratch_ += '"';
  if (const auto found = symbols_.find(std::string_view(scratch_)); found != symbols_.end()) return *found;

  Symbol header{};
  header.key = LabelKey::of(value);
  header.text_size = static_cast<std::uint32_t>(scratch_.size());
  append_pair(scratch_, name, value);
  header.pair_size = static_cast<std::uint32_t>(scratch_.size()) - header.text_size;
  // The value stands in the text already unless it had to be escaped; at the end of the pair it stands as it is.
  header.value_offset = static_cast<std::uint32_t>(escaped ? scratch_.size() - value.size() : value_begin);
  header.value_size = static_cast<std::uint32_t>(value.size());

  const std::size_t size = (sizeof(Symbol) + scratch_.size() + alignment - 1) / alignment * alignment;
  if (size > region_bytes - used_) return 0;
  std::memcpy(base_ + used_, &header, sizeof header);
  std::memcpy(base_ + used_ + sizeof header, scratch_.data(), scratch_.size());
  const auto id = static_cast<SymbolId>(used_ / alignment);
  used_ += size;
  symbols_.insert(id);
  return id;
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
