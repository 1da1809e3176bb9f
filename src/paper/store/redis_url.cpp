// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <optional>

#include "paper/store/redis_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr std::string_view scheme = "redis://";

/// %41 is A; nothing where a % is followed by anything else.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] != '%') {
      plain += text[index];
      continue;
    }
    unsigned code = 0;
    const std::string_view digits = text.substr(index + 1, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) return std::nullopt;
    plain += static_cast<char>(code);
    index += 2;
  }
  return plain;
}

bool is_number(std::string_view text, unsigned least, unsigned most, unsigned& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && error == std::errc() && end == text.data() + text.size() && number >= least && number <= most;
}

Error refused(std::string_view why) {  // the URL itself is not shown: it may hold a password
  return {"the Redis URL is refused: " + std::string(why) +
          "; write redis://[[user]:password@]host[:port][/database], as in redis://127.0.0.1:6379/0"};
}

}  // namespace

Result<RedisAddress> parse_redis_url(std::string_view url) {
  if (url.starts_with("rediss://")) return refused("TLS is not supported");
  if (!url.starts_with(scheme)) return refused("it does not begin with redis://");
  url.remove_prefix(scheme.size());
  if (url.find_first_of("?# \t\r\n") != std::string_view::npos) return refused("it holds a space, '?' or '#'");
  RedisAddress address;
  unsigned number = 0;
  if (const std::size_t slash = url.find('/'); slash != std::string_view::npos) {
    const std::string_view database = url.substr(slash + 1);
    if (!database.empty()) {
      if (!is_number(database, 0, 1'000'000, number)) return refused("the database is not a number");
      address.database = static_cast<int>(number);
    }
    url = url.substr(0, slash);
  }
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = url.substr(0, at);
    const std::size_t colon = login.find(':');
    if (colon == std::string_view::npos) return refused("there is no ':' before the password");
    const auto user = percent_decoded(login.substr(0, colon));
    const auto password = percent_decoded(login.substr(colon + 1));
    if (!user || !password) return refused("a '%' in user or password is not followed by two hexadecimal digits");
    if (password->empty()) return refused("the password is empty");
    address.user = *user;
    address.password = *password;
    url.remove_prefix(at + 1);
  }
  std::string_view port;
  if (url.starts_with('[')) {  // IPv6
    const std::size_t end = url.find(']');
    if (end == std::string_view::npos) return refused("a ']' is missing");
    address.host = url.substr(1, end - 1);
    port = url.substr(end + 1);
    if (!port.empty() && port.front() != ':') return refused("after ']' comes a port or nothing");
  } else {
    const std::size_t colon = url.find(':');
    address.host = url.substr(0, colon);
    if (colon != std::string_view::npos) port = url.substr(colon);
  }
  if (address.host.empty()) return refused("the host is missing");
  if (!port.empty()) {
    port.remove_prefix(1);
    if (!is_number(port, 1, 65'535, number)) return refused("the port is not a number from 1 to 65535");
    address.port = port;
  }
  return address;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
