// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// A label value as two words and its length, which tell apart all values of up to 16 characters. Taken once, they
/// serve to hash it and to compare it, without loops or branches whose outcome is hard to predict.
struct LabelKey {
  std::uint64_t low;
  std::uint64_t high;
  std::uint64_t size;

  static LabelKey of(std::string_view value) noexcept {
    const char* const data = value.data();
    const std::size_t size = value.size();
    if (size >= 8) return {word<std::uint64_t>(data), word<std::uint64_t>(data + size - 8), size};
    if (size >= 4) return {word<std::uint32_t>(data), word<std::uint32_t>(data + size - 4), size};
    if (size == 0) return {0, 0, 0};
    const std::uint64_t middle = word<std::uint8_t>(data + size / 2);
    return {word<std::uint8_t>(data) | middle << 8U, word<std::uint8_t>(data + size - 1), size};
  }

  /// Whether the words say it all.
  bool whole() const noexcept { return size <= 16; }
  bool same_words(const LabelKey& other) const noexcept {
    return ((low ^ other.low) | (high ^ other.high) | (size ^ other.size)) == 0;
  }

  template <typename Word>
  static Word word(const char* data) noexcept {
    Word result;
    std::memcpy(&result, data, sizeof result);
    return result;
  }
};

/// A hash of a few short strings, one multiplication each. Not for hostile keys of unbounded number: the family's
/// series limit bounds them.
class LabelHash {
 public:
  void add(const LabelKey& key, std::string_view value) noexcept {
    state_ = mix(state_ ^ key.low ^ key.size * 0x9fb21c651e98df25ULL, key.high);
    if (!key.whole()) [[unlikely]] {
      for (std::size_t at = 8; at + 8 < value.size(); at += 8)
        state_ = mix(state_, LabelKey::word<std::uint64_t>(value.data() + at));
    }
  }
  /// The high half of a further product: on a lattice that lies badly, the low bits of `mix` alone leave probes of dozens.
  std::uint32_t value() const noexcept { return static_cast<std::uint32_t>((state_ * 0x9e3779b97f4a7c15ULL) >> 32U); }

 private:
  __extension__ typedef unsigned __int128 Wide;  // NOLINT(modernize-use-using): no `using` takes __extension__

  static std::uint64_t mix(std::uint64_t low, std::uint64_t high) noexcept {
    const Wide product = static_cast<Wide>(low ^ 0x2d358dccaa6c78a5ULL) * (high ^ 0x8bb84b93962eacc9ULL);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  }

  std::uint64_t state_ = 0;
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
