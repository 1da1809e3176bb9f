// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// The target of a request line, taken apart: `/a%20b/c?x=1` or the `http://host/...` that a proxy's client sends.
struct RequestTarget {
  std::string path;                   ///< decoded
  std::vector<std::string> segments;  ///< decoded one by one: "/" is one empty segment
  std::string query;                  ///< as sent
};

/// Nothing when it is no such target, holds a broken escape or a control character, or climbs with "..".
std::optional<RequestTarget> parse_request_target(std::string_view target);

/// "/a/b" is {"a", "b"}; the path must begin with a slash.
std::vector<std::string_view> split_path(std::string_view path);

}  // namespace net
BELLWETHER_NAMESPACE_END
