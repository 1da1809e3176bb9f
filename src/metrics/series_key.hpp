// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "metrics/label_key.hpp"
#include "metrics/series_rows.hpp"
#include "metrics/symbol_table.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// The label values that a series is looked up by, prepared to be hashed and compared. The values must outlive it.
class SeriesKey {
 public:
  [[gnu::always_inline]] SeriesKey(const std::string_view* values, std::uint32_t count) noexcept
      : values_(values), count_(count) {
    LabelHash hash;
#pragma GCC unroll 4
    for (std::uint32_t i = 0; i < count; ++i) {
      const LabelKey key = LabelKey::of(values[i]);
      if (i < kept) {
        low_[i] = key.low;
        high_[i] = key.high;
        size_[i] = key.size;
      }
      hash.add(key, values[i]);
    }
    hash_ = hash.value();
  }

  const std::string_view* values() const noexcept {
    return values_;
  }
  std::uint32_t hash() const noexcept {
    return hash_;
  }

  /// Whether these are the labels of a row (see `FamilyState::row`).
  [[gnu::always_inline]] bool matches(const std::uint32_t* row, const SymbolTable& symbols) const noexcept {
#pragma GCC unroll 4
    for (std::uint32_t i = 0; i < count_; ++i) {
      const Symbol& symbol = symbols.at(SeriesRows::load(row + 1 + i));
      const LabelKey key = i < kept ? LabelKey{low_[i], high_[i], size_[i]} : LabelKey::of(values_[i]);
      if (!key.same_words(symbol.key)) return false;
      if (!key.whole() && symbol.value() != values_[i]) return false;
    }
    return true;
  }

  /// The hash under which a row was entered.
  static std::uint32_t hash_of(const std::uint32_t* row, std::uint32_t count, const SymbolTable& symbols) noexcept {
    LabelHash hash;
    for (std::uint32_t i = 0; i < count; ++i) {
      const Symbol& symbol = symbols.at(SeriesRows::load(row + 1 + i));
      hash.add(symbol.key, symbol.value());
    }
    return hash.value();
  }

 private:
  static constexpr std::uint32_t kept = 8;

  const std::string_view* values_;
  std::uint32_t count_;
  std::uint32_t hash_ = 0;
  // Not an array of keys: a compiler copies those by 16 bytes at once, which must wait for stores of 8 bytes each.
  std::uint64_t low_[kept];
  std::uint64_t high_[kept];
  std::uint64_t size_[kept];
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
