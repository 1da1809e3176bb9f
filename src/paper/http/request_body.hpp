// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What the bodies of the desk's requests may hold; each endpoint takes the members it names.
struct RequestBody {
  std::string reason;
  std::string type;
  std::string actor;
  std::string symbol;
  std::optional<std::chrono::nanoseconds> lasts;  ///< of the member `seconds`
};

/// Reads a JSON object of these members, unescaped; unknown members are refused by name. An empty text is an empty body.
Result<RequestBody> read_body(std::string_view text);

}  // namespace paper
BELLWETHER_NAMESPACE_END
