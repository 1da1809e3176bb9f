// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/response_head.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>

#include "net/http_date.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

bool equals_lower(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

// What only the server can know.
bool is_servers_own(std::string_view name) {
  const std::array<std::string_view, 4> names{"connection", "content-length", "date", "transfer-encoding"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view own) { return equals_lower(name, own); });
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  head += value;
  head += "\r\n";
}

}  // namespace

bool is_header_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

bool is_header_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 && is_header_value(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(),
                     [](const Field& field) { return is_header_name(field.first) && is_header_value(field.second); });
}

bool may_have_body(int status) {
  return status != 204 && status != 304;
}

std::string response_head(const Response& response, const Framing& framing, const std::vector<Field>& configured,
                          std::chrono::nanoseconds wall_time) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(response.status)));
  head.append(reason.data(), reason.size());
  head += "\r\n";
  add(head, "Date", http_date(wall_time));
  if (may_have_body(response.status)) {
    if (!response.content_type.empty()) add(head, "Content-Type", response.content_type);
    if (framing.content_length) add(head, "Content-Length", std::to_string(*framing.content_length));
    if (framing.chunked) add(head, "Transfer-Encoding", "chunked");
  }
  for (const auto& [name, value] : configured) add(head, name, value);
  for (const auto& [name, value] : response.headers) {
    if (!is_servers_own(name)) add(head, name, value);
  }
  if (!framing.keep_alive) {
    add(head, "Connection", "close");
  } else if (framing.http10) {
    add(head, "Connection", "keep-alive");
  }
  head += "\r\n";
  return head;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
