// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_message.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string form_decode(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', ' ');
  if (auto decoded = percent_decode(plain)) return *std::move(decoded);
  return plain;
}

// Calls `take` with each name and value, decoded, until it returns false.
template <typename Take>
void each_form_field(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    if (!take(form_decode(pair.substr(0, equals)), value)) return;
  }
}

}  // namespace

std::string_view Request::header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::string Request::header_values(std::string_view name) const {
  std::string values;
  bool first = true;
  for (const auto& [key, value] : headers) {
    if (!same_name(key, name)) continue;
    if (!first) values += ", ";
    values += value;
    first = false;
  }
  return values;
}

std::optional<std::string> Request::query_parameter(std::string_view name) const {
  std::optional<std::string> found;
  each_form_field(query, [&](const std::string& key, std::string_view value) {
    if (key != name) return true;
    found = form_decode(value);
    return false;
  });
  return found;
}

std::vector<std::string> Request::query_parameters(std::string_view name) const {
  std::vector<std::string> found;
  each_form_field(query, [&](const std::string& key, std::string_view value) {
    if (key == name) found.push_back(form_decode(value));
    return true;
  });
  return found;
}

std::string_view Request::parameter(std::string_view name) const noexcept {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

std::vector<Field> parse_form(std::string_view text) {
  std::vector<Field> fields;
  each_form_field(text, [&](std::string key, std::string_view value) {
    fields.emplace_back(std::move(key), form_decode(value));
    return true;
  });
  return fields;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

Response Response::text(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response Response::json(int status, std::string body) {
  Response response = text(status, std::move(body));
  response.content_type = "application/json";
  return response;
}

Response Response::stream(std::string content_type, std::unique_ptr<BodySource> body) {
  Response response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
