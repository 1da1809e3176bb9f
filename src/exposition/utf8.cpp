// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/utf8.hpp"

#include <cstdint>
#include <cstring>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

/// The length of the sequence at the start of `text`, 0 where it is none. `text` is not empty.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  unsigned char low = 0x80;  // the second byte's bounds shut out overlong forms, surrogates and what is above U+10FFFF
  unsigned char high = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    length = 3;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  } else {
    return 0;
  }
  if (text.size() < length || byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  return length;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t valid = 0;
  while (valid < text.size()) {
    if (text.size() - valid >= sizeof(std::uint64_t)) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, text.data() + valid, sizeof eight);
      if ((eight & high_bits) == 0) {
        valid += sizeof eight;
        continue;
      }
    }
    const std::size_t length = sequence_length(text.substr(valid));
    if (length == 0) break;
    valid += length;
  }
  return valid;
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
