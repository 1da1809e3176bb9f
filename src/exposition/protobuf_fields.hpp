// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Writing protobuf's wire format. https://protobuf.dev/programming-guides/encoding/

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2 };

constexpr char field_tag(unsigned field, WireType type) {
  return static_cast<char>(field << 3U | static_cast<unsigned>(type));  // fields up to 15 fit one byte
}

constexpr std::size_t varint_size(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1U)) + 6) / 7;
}

inline char* write_varint(char* to, std::uint64_t value) noexcept {
  for (; value >= 0x80; value >>= 7U) *to++ = static_cast<char>(value | 0x80U);
  *to++ = static_cast<char>(value);
  return to;
}

inline char* write_fixed(char* to, double value) noexcept {
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(to, &value, sizeof value);
  return to + sizeof value;
}

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}

/// A message under construction, for the parts whose speed does not matter.
class Message {
 public:
  Message& varint(unsigned field, std::uint64_t value) {
    tag(field, WireType::varint);
    raw(value);
    return *this;
  }
  Message& fixed(unsigned field, double value) {
    tag(field, WireType::fixed64);
    char buffer[sizeof value];
    bytes_.append(buffer, write_fixed(buffer, value));
    return *this;
  }
  Message& text(unsigned field, std::string_view value) {
    tag(field, WireType::bytes);
    raw(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(unsigned field, const Message& value) { return text(field, value.bytes_); }
  /// A bare varint: an element of a packed field.
  Message& raw(std::uint64_t value) {
    char buffer[10];
    bytes_.append(buffer, write_varint(buffer, value));
    return *this;
  }
  Message& append(std::string_view fields) {
    bytes_ += fields;
    return *this;
  }

  const std::string& bytes() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }

 private:
  void tag(unsigned field, WireType type) { raw(std::uint64_t{field} << 3U | static_cast<unsigned>(type)); }

  std::string bytes_;
};

}  // namespace exposition
BELLWETHER_NAMESPACE_END
