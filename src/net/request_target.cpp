// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/request_target.hpp"

#include <algorithm>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

// A client that believes us to be a proxy sends the scheme and the host as well; RFC 9112 3.2.2 has us take it.
std::string_view without_origin(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.substr(0, scheme.size()) != scheme) continue;
    const std::size_t path = target.find_first_of("/?", scheme.size());
    if (path == std::string_view::npos) return "/";
    return target.substr(path);
  }
  return target;
}

}  // namespace

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  std::size_t begin = 1;
  while (true) {
    const std::size_t end = path.find('/', begin);
    if (end == std::string_view::npos) break;
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  segments.push_back(path.substr(begin));
  return segments;
}

std::optional<RequestTarget> parse_request_target(std::string_view target) {
  target = without_origin(target);
  if (target.empty() || target.front() != '/' || has_control_character(target)) return std::nullopt;
  const std::size_t question = std::min(target.find('?'), target.size());
  RequestTarget result;
  result.query = std::string(target.substr(std::min(question + 1, target.size())));
  for (const std::string_view raw : split_path(target.substr(0, question))) {
    auto segment = percent_decode(raw);
    if (!segment || has_control_character(*segment) || *segment == ".." || *segment == ".") return std::nullopt;
    result.path += '/';
    result.path += *segment;
    result.segments.push_back(*std::move(segment));
  }
  return result;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
