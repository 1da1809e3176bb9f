// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_transport.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>

#include "net/http_date.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr std::chrono::seconds longest_wait = std::chrono::hours{24 * 365};

// RFC 9110's delay-seconds. A number of any length is a number: what is beyond the longest wait is that wait.
std::optional<std::chrono::seconds> parse_delay(std::string_view text) {
  std::chrono::seconds delay{};
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    delay = std::min(delay * 10 + std::chrono::seconds{c - '0'}, longest_wait);
  }
  if (text.empty()) return std::nullopt;
  return delay;
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const noexcept {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const Field& field) { return boost::beast::iequals(field.first, name); });
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<std::chrono::seconds> HttpResponse::retry_after(std::chrono::nanoseconds wall_time) const noexcept {
  const std::string_view text = header("Retry-After");
  if (const auto delay = parse_delay(text)) return delay;
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  const auto now = std::chrono::floor<std::chrono::seconds>(wall_time);
  return std::clamp(*date - now, std::chrono::seconds{0}, longest_wait);
}

std::string_view name_of(HttpErrorKind kind) noexcept {
  constexpr std::array<std::string_view, 12> names{
      "none",      "bad_request",        "resolve",   "connect", "timeout", "tls", "closed", "bad_response",
      "too_large", "too_many_redirects", "cancelled", "other"};
  const auto index = static_cast<std::size_t>(kind);
  return index < names.size() ? names[index] : "other";
}

}  // namespace net
BELLWETHER_NAMESPACE_END
