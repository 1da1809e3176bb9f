// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/utf8_check.hpp"

#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

bool is_utf8_text(std::string_view text) noexcept {
  std::uint32_t code = 0;
  std::uint32_t least = 0;  // that so many bytes may stand for
  int expected = 0;         // continuation bytes
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (expected > 0) {
      if ((byte & 0xc0U) != 0x80) return false;
      code = (code << 6U) | (byte & 0x3fU);
      if (--expected > 0) continue;
      if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    } else if (byte >= 0xf8 || (byte & 0xc0U) == 0x80) {
      return false;
    } else if (byte >= 0xf0) {
      code = byte & 0x07U;
      least = 0x10000;
      expected = 3;
    } else if (byte >= 0xe0) {
      code = byte & 0x0fU;
      least = 0x800;
      expected = 2;
    } else if (byte >= 0xc0) {
      code = byte & 0x1fU;
      least = 0x80;
      expected = 1;
    }
  }
  return expected == 0;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
