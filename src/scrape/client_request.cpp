// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/client_request.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>

#include <arpa/inet.h>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::size_t max_secret_bytes = 64UL * 1024;
constexpr unsigned max_redirects = 10;

// Without the white space around it: editors end files with a line break.
Result<std::string> read_secret(std::string_view key, const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  std::string text(max_secret_bytes, '\0');
  if (file) text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (!file || std::ferror(file.get()) != 0) {
    return Error{"cannot read " + std::string(key) + " " + path + ": " + std::strerror(errno) +
                 "; check the path and its permissions"};
  }
  constexpr const char* space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(space);
  return begin == std::string::npos ? std::string() : text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::string base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, text.size() - at);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8U | (i < count ? static_cast<unsigned char>(text[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) out += i <= count ? alphabet[(bits >> (18 - 6 * i)) & 63U] : '=';
  }
  return out;
}

Result<std::string> authorization_of(const config::HttpClientConfig& client) {
  if (client.basic_auth) {
    const config::BasicAuth& auth = *client.basic_auth;
    Result<std::string> user = auth.username;
    Result<std::string> password = auth.password.reveal();
    if (!auth.username_file.empty()) user = read_secret("username_file", auth.username_file);
    if (!auth.password_file.empty()) password = read_secret("password_file", auth.password_file);
    if (!user) return user;
    if (!password) return password;
    return "Basic " + base64(*user + ":" + *password);
  }
  if (!client.authorization) return std::string();
  const config::Authorization& auth = *client.authorization;
  Result<std::string> credentials = auth.credentials.reveal();
  if (!auth.credentials_file.empty()) credentials = read_secret("credentials_file", auth.credentials_file);
  if (!credentials || credentials->empty()) return credentials;
  return auth.type + " " + *credentials;
}

struct Authority {
  std::string host;
  std::string port;
};

Authority authority_of(const std::string& url) {
  const std::size_t begin = url.find("://") == std::string::npos ? 0 : url.find("://") + 3;
  std::string text = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const bool bracketed = !text.empty() && text[0] == '[';
  const std::size_t end = bracketed ? text.find(']') : text.rfind(':');
  Authority authority{.host = text.substr(bracketed ? 1 : 0, end - (bracketed ? 1 : 0)), .port = {}};
  const std::size_t colon = bracketed && end != std::string::npos ? end + 1 : end;
  if (colon != std::string::npos && colon + 1 < text.size()) authority.port = text.substr(colon + 1);
  if (authority.port.empty()) authority.port = url.rfind("https:", 0) == 0 ? "443" : "80";
  return authority;
}

// "10.0.0.0/8" against "10.1.2.3".
bool is_in_network(std::string_view network, const std::string& host) {
  const std::size_t slash = network.find('/');
  const std::string base(network.substr(0, slash));
  std::array<unsigned char, 16> wanted{};
  std::array<unsigned char, 16> given{};
  const int family = base.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (::inet_pton(family, base.c_str(), wanted.data()) != 1 || ::inet_pton(family, host.c_str(), given.data()) != 1)
    return false;
  unsigned bits = 0;
  const std::string_view length = network.substr(slash + 1);
  const auto [end, fault] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (fault != std::errc{} || end != length.data() + length.size() || bits > (family == AF_INET ? 32U : 128U))
    return false;
  for (unsigned bit = 0; bit < bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((wanted[bit / 8] & mask) != (given[bit / 8] & mask)) return false;
  }
  return true;
}

bool excludes(std::string_view entry, const std::string& host, std::string_view port) {
  if (entry == "*") return true;
  if (entry.find('/') != std::string_view::npos) return is_in_network(entry, host);
  if (const std::size_t colon = entry.rfind(':'); colon != std::string_view::npos && entry.find(':') == colon) {
    if (entry.substr(colon + 1) != port) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.substr(0, 2) == "*.") entry.remove_prefix(1);
  if (entry.empty()) return false;
  if (entry == host) return true;
  const bool only_below = entry[0] == '.';
  const std::string below = (only_below ? "" : ".") + std::string(entry);
  return host.size() > below.size() && host.compare(host.size() - below.size(), below.size(), below) == 0;
}

}  // namespace

bool bypasses_proxy(std::string_view no_proxy, std::string_view host, std::string_view port) {
  while (!no_proxy.empty()) {
    const std::size_t comma = no_proxy.find(',');
    std::string_view entry = no_proxy.substr(0, comma);
    no_proxy = comma == std::string_view::npos ? std::string_view{} : no_proxy.substr(comma + 1);
    while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
    while (!entry.empty() && entry.back() == ' ') entry.remove_suffix(1);
    if (!entry.empty() && excludes(entry, std::string(host), port)) return true;
  }
  return false;
}

Result<std::vector<net::Field>> client_headers(const config::HttpClientConfig& client) {
  std::vector<net::Field> headers;
  Result<std::string> authorization = authorization_of(client);
  if (!authorization) return authorization.error();
  if (!authorization->empty()) headers.emplace_back("Authorization", std::move(*authorization));
  for (const config::HttpHeader& header : client.http_headers) {
    for (const std::string& value : header.values) headers.emplace_back(header.name, value);
    for (const config::Secret& value : header.secrets) headers.emplace_back(header.name, value.reveal());
    for (const std::string& path : header.files) {
      Result<std::string> value = read_secret("a file of http_headers." + header.name, path);
      if (!value) return value.error();
      headers.emplace_back(header.name, std::move(*value));
    }
  }
  return headers;
}

net::HttpTls request_tls(const config::ClientTlsConfig& tls) {
  return {.ca_file = tls.ca_file,
          .cert_file = tls.cert_file,
          .key_file = tls.key_file,
          .skip_verify = tls.insecure_skip_verify,
          .ca = tls.ca,
          .cert = tls.cert,
          .key = tls.key.reveal(),
          .server_name = tls.server_name,
          .min_version = tls.min_version,
          .max_version = tls.max_version};
}

Result<net::HttpRequest> make_request(const config::HttpClientConfig& client, const std::string& url) {
  Result<std::vector<net::Field>> headers = client_headers(client);
  if (!headers) return headers.error();
  net::HttpRequest request;
  request.url = url;
  request.headers = std::move(*headers);
  request.max_redirects = client.follow_redirects ? max_redirects : 0;
  request.tls = request_tls(client.tls);
  if (!client.proxy_from_environment) {
    const Authority authority = authority_of(url);
    const bool direct = bypasses_proxy(client.no_proxy, authority.host, authority.port);
    request.proxy = direct ? std::string() : client.proxy_url.reveal();
  }
  return request;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
