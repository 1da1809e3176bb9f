// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// What a double is on disk and in a comparison: bit for bit, so that NaN payloads and -0 survive.
inline std::uint64_t bits_of(double value) noexcept {
  return std::bit_cast<std::uint64_t>(value);
}

inline constexpr std::uint64_t stale_nan_bits = 0x7ff0000000000002;
inline bool is_stale(double value) noexcept {
  return bits_of(value) == stale_nan_bits;
}
inline double stale_nan() noexcept {
  return std::bit_cast<double>(stale_nan_bits);
}

constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}
constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

/// Differences and sums of any two numbers, hostile ones too, without overflow.
constexpr std::int64_t wrapping_sub(std::int64_t a, std::int64_t b) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
constexpr std::int64_t wrapping_add(std::int64_t a, std::int64_t b) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

/// Appends to bytes. Numbers are LEB128: seven bits a byte, the lowest first.
class ByteWriter {
 public:
  explicit ByteWriter(Bytes& out) noexcept : out_(&out) {}

  void u8(unsigned value) { out_->push_back(static_cast<std::uint8_t>(value)); }
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7U) u8(static_cast<unsigned>(value & 127U) | 128U);
    u8(static_cast<unsigned>(value));
  }
  void signed_varint(std::int64_t value) { varint(zigzag(value)); }
  void fixed64(std::uint64_t value) {  // little endian
    for (unsigned shift = 0; shift < 64; shift += 8) u8(static_cast<unsigned>(value >> shift & 255U));
  }
  void raw(ByteView bytes) { out_->insert(out_->end(), bytes.begin(), bytes.end()); }
  void text(std::string_view value) {
    varint(value.size());
    out_->insert(out_->end(), value.begin(), value.end());
  }

 private:
  Bytes* out_;
};

/// Reads from bytes that may be hostile: beyond the end it gives zeros and `good()` turns false.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) noexcept : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool good() const noexcept { return good_; }
  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

  std::uint8_t u8() noexcept {
    if (at_ == end_) return fail();
    return *at_++;
  }
  std::uint64_t varint() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) return fail();
      const std::uint8_t byte = *at_++;
      value |= static_cast<std::uint64_t>(byte & 127U) << shift;
      if (byte < 128) return value;
    }
    return fail();  // more than ten bytes
  }
  std::int64_t signed_varint() noexcept { return unzigzag(varint()); }
  std::uint64_t fixed64() noexcept {
    if (left() < 8) return fail();
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) value |= static_cast<std::uint64_t>(at_[i]) << (8 * i);
    at_ += 8;
    return value;
  }
  /// The next eight bytes, the first the lowest, and they stay; false where there are fewer.
  bool peek8(std::uint64_t& word) const noexcept {
    if (left() < 8) return false;
    word = 0;
    for (unsigned i = 0; i < 8; ++i) word |= static_cast<std::uint64_t>(at_[i]) << (8 * i);
    return true;
  }
  /// Requires that there are eight.
  void skip8() noexcept { at_ += 8; }
  double number() noexcept { return std::bit_cast<double>(fixed64()); }
  ByteView raw(std::uint64_t size) noexcept {
    if (size > left()) {
      fail();
      return {};
    }
    const ByteView out(at_, static_cast<std::size_t>(size));
    at_ += size;
    return out;
  }
  std::string_view text() noexcept {
    const ByteView bytes = raw(varint());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  std::uint8_t fail() noexcept {
    good_ = false;
    at_ = end_;
    return 0;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool good_ = true;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
