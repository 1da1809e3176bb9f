// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "scrape/stream_follower.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::size_t longest_path = 1024;
constexpr std::chrono::hours longest_stream{24};

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [&](char a, char b) { return lower(a) == lower(b); });
}

/// A path and nothing else: `//host/x` and `/\host/x` name a host, and blanks would split the request.
bool is_path(std::string_view text) {
  if (text.empty() || text.size() > longest_path || text.front() != '/') return false;
  if (text.size() > 1 && text[1] == '/') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\' && c != '#'; });
}

/// How the scrape has names written, so that both show the same series.
std::string_view escaping_of(std::string_view accept) {
  const std::string_view key = "escaping=";
  const std::size_t at = accept.find(key);
  if (at == std::string_view::npos) return {};
  accept.remove_prefix(at + key.size());
  return accept.substr(0, accept.find_first_of(";, "));
}

}  // namespace

std::optional<std::string> stream_url(std::string_view scrape_url, std::string_view announced) {
  const std::size_t scheme_end = scrape_url.find("://");
  if (scheme_end == std::string_view::npos || !is_path(announced)) return std::nullopt;
  const std::size_t origin_end = scrape_url.find_first_of("/?#", scheme_end + 3);
  return std::string(scrape_url.substr(0, origin_end)).append(announced);
}

net::HttpRequest stream_request(const net::HttpRequest& scrape, std::string url) {
  net::HttpRequest request = scrape;
  request.url = std::move(url);
  request.method = "GET";
  request.max_redirects = 0;  // where it leads nobody has announced
  request.timeout = longest_stream;
  request.accept_gzip = false;
  std::string accept = "text/plain;version=0.0.4";
  std::erase_if(request.headers, [&](const net::Field& header) {
    if (equals_ignoring_case(header.first, "Accept")) {
      const std::string_view escaping = escaping_of(header.second);
      if (!escaping.empty()) accept = "text/plain;version=1.0.0;escaping=" + std::string(escaping);
      return true;
    }
    return equals_ignoring_case(header.first, "Accept-Encoding") ||
           equals_ignoring_case(header.first, "X-Prometheus-Scrape-Timeout-Seconds");
  });
  request.headers.emplace_back("Accept", std::move(accept));
  return request;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
