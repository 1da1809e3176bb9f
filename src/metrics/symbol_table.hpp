// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "metrics/label_key.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

using SymbolId = std::uint32_t;

/// One label of one value, interned with all that a scrape needs of it, ready to be copied.
struct Symbol {
  LabelKey key;  ///< of the value
  std::uint32_t text_size;
  std::uint32_t value_offset;
  std::uint32_t value_size;
  std::uint32_t pair_size;

  /// `{name="value"` for the first label of a series, `,name="value"` for the others, escaped.
  std::string_view text() const noexcept { return {bytes(), text_size}; }
  /// The protobuf field `label` of a Metric, tag and length included.
  std::string_view pair() const noexcept { return {bytes() + text_size, pair_size}; }
  /// As the user gave it.
  std::string_view value() const noexcept { return {bytes() + value_offset, value_size}; }

 private:
  const char* bytes() const noexcept { return reinterpret_cast<const char*>(this + 1); }
};

/// Interns symbols for the life of the process, in one stretch of memory so that 4 bytes name one.
///
/// Threads: any. `intern` takes a mutex, `at` none.
class SymbolTable {
 public:
  static SymbolTable& process();

  /// 0 when the table is full.
  SymbolId intern(bool first, std::string_view name, std::string_view value);

  const Symbol& at(SymbolId id) const noexcept {
    return *reinterpret_cast<const Symbol*>(base_ + std::size_t{id} * alignment);
  }

 private:
  static constexpr std::size_t alignment = 8;
  static constexpr std::size_t region_bytes = std::size_t{1} << 30U;

  SymbolTable();

  struct Hash {
    using is_transparent = void;
    const SymbolTable* table;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    std::size_t operator()(SymbolId id) const noexcept { return (*this)(table->at(id).text()); }
  };
  struct Equal {
    using is_transparent = void;
    const SymbolTable* table;
    std::string_view text(std::string_view text) const noexcept { return text; }
    std::string_view text(SymbolId id) const noexcept { return table->at(id).text(); }
    template <typename Left, typename Right>
    bool operator()(const Left& left, const Right& right) const noexcept {
      return text(left) == text(right);
    }
  };

  char* base_ = nullptr;
  std::size_t used_ = alignment;  // id 0 is none
  std::mutex mutex_;
  std::string scratch_;
  std::unordered_set<SymbolId, Hash, Equal> symbols_;
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
