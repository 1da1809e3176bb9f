// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/access_token.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdlib>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

Result<std::string> access_token() {
  const char* const given = std::getenv("BELLWETHER_TOKEN");
  if (given != nullptr && *given != '\0') {
    std::string token{given};
    const bool visible = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (token.size() < 16 || !visible) {
      return Error{
          "BELLWETHER_TOKEN must be at least 16 visible ASCII characters without spaces; unset it for a random one"};
    }
    return token;
  }
  std::array<unsigned char, 16> random{};
  if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    return Error{"the system gives no random numbers for the token; set BELLWETHER_TOKEN"};
  }
  std::string token;
  for (const unsigned char byte : random) token += fmt::format("{:02x}", byte);
  return token;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
