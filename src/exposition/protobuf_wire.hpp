// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <bit>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition::protobuf {

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

/// A field's number and wire type as they stand before its value: `case key(4, WireType::bytes):`.
constexpr std::uint32_t key(std::uint32_t field, WireType type) noexcept {
  return field << 3U | static_cast<std::uint32_t>(type);
}

/// sint32 and sint64: small magnitudes of either sign have small codes.
constexpr std::int64_t from_zigzag(std::uint64_t code) noexcept {
  return static_cast<std::int64_t>((code >> 1U) ^ (~(code & 1U) + 1U));
}
constexpr std::int32_t from_zigzag32(std::uint64_t code) noexcept {
  return static_cast<std::int32_t>(from_zigzag(static_cast<std::uint32_t>(code)));
}

/// Walks the fields of one message. Never reads beyond it, whatever the bytes.
///
///     Cursor cursor{message};
///     while (cursor.next()) {
///       switch (cursor.key()) {
///         case key(1, WireType::bytes): name = cursor.bytes(); break;
///         case key(2, WireType::fixed64): value = cursor.as_double(); break;
///         default: break;                                   // unknown fields are skipped
///       }
///     }
///     if (cursor.problem() != nullptr) ...                  // cursor.at() is where
///
/// A known field of another wire type counts as unknown, as the protobuf libraries have it.
/// Threads: a plain value. Allocates nothing; all views point into the message.
class Cursor {
 public:
  Cursor() = default;
  explicit Cursor(std::string_view message) noexcept : at_(message.data()), end_(message.data() + message.size()) {}

  /// Goes to the next field. False at the end, and where the bytes are no field: then problem() says why.
  bool next() noexcept {
    if (at_ == end_) return false;
    start_ = at_;
    std::uint64_t tag = 0;
    if (!read_varint(tag)) return false;
    constexpr std::uint64_t highest = 0xffffffff;
    if (tag > highest || tag >> 3U == 0) return stop("a field number from 1 to 536870911");
    key_ = static_cast<std::uint32_t>(tag);
    switch (static_cast<WireType>(tag & 7U)) {
      case WireType::varint:
        return read_varint(number_);
      case WireType::fixed64:
        return read_fixed(sizeof(std::uint64_t));
      case WireType::fixed32:
        return read_fixed(sizeof(std::uint32_t));
      case WireType::bytes:
        return read_bytes();
    }
    return stop("a wire type of 0, 1, 2 or 5");
  }

  /// Reads a bare varint, such as the length before a delimited message or an element of a packed field.
  bool read_varint(std::uint64_t& value) noexcept {
    if (at_ != end_ && (static_cast<unsigned char>(*at_) & 0x80U) == 0) {
      value = static_cast<unsigned char>(*at_++);
      return true;
    }
    std::uint64_t result = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) return stop("more bytes (is the input cut off?)");
      const auto byte = static_cast<unsigned char>(*at_++);
      result |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if ((byte & 0x80U) == 0) {
        value = result;
        return true;
      }
    }
    return stop("a varint of at most 10 bytes");
  }

  /// Reads bytes with their length before them.
  bool read_bytes() noexcept {
    std::uint64_t length = 0;
    if (!read_varint(length)) return false;
    if (length > static_cast<std::uint64_t>(end_ - at_)) return stop("as many bytes as the length before them says");
    bytes_ = {at_, static_cast<std::size_t>(length)};
    at_ += length;
    return true;
  }

  /// Eight bytes as a double: an element of a packed field.
  bool read_double(double& value) noexcept {
    if (!read_fixed(sizeof(std::uint64_t))) return false;
    value = as_double();
    return true;
  }

  std::uint32_t key() const noexcept { return key_; }
  std::uint64_t number() const noexcept { return number_; }
  double as_double() const noexcept { return std::bit_cast<double>(number_); }
  std::string_view bytes() const noexcept { return bytes_; }

  bool at_end() const noexcept { return at_ == end_; }
  /// Where the current field begins.
  const char* at() const noexcept { return start_; }
  /// What was expected there; null when all is well.
  const char* problem() const noexcept { return problem_; }

 private:
  bool read_fixed(std::size_t size) noexcept {
    if (static_cast<std::size_t>(end_ - at_) < size) return stop("more bytes (is the input cut off?)");
    number_ = 0;
    for (std::size_t i = 0; i < size;
         ++i) {  // little endian, whatever the machine's order: one load after optimisation
      number_ |= static_cast<std::uint64_t>(static_cast<unsigned char>(at_[i])) << 8 * i;
    }
    at_ += size;
    return true;
  }

  bool stop(const char* expected) noexcept {
    problem_ = expected;
    return false;
  }

  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const char* start_ = nullptr;
  const char* problem_ = nullptr;
  std::uint32_t key_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
};

/// What a nested message has wrong; `expected` is null when all is well.
struct WireProblem {
  const char* at = nullptr;
  const char* expected = nullptr;

  explicit operator bool() const noexcept { return expected != nullptr; }
};

inline WireProblem problem_of(const Cursor& cursor) noexcept {
  return {cursor.at(), cursor.problem()};
}

}  // namespace exposition::protobuf
BELLWETHER_NAMESPACE_END
