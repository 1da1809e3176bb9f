// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/http_client_reader.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr std::array<std::string_view, 4> tls_versions{"TLS10", "TLS11", "TLS12", "TLS13"};

constexpr std::array<std::string_view, 14> reserved_headers{"accept",
                                                            "accept-encoding",
                                                            "authorization",
                                                            "connection",
                                                            "content-encoding",
                                                            "content-length",
                                                            "content-type",
                                                            "host",
                                                            "keep-alive",
                                                            "proxy-authenticate",
                                                            "transfer-encoding",
                                                            "user-agent",
                                                            "proxy-authorization",
                                                            "x-prometheus-scrape-timeout-seconds"};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

void exclude(SectionReader& section, std::string_view first, std::string_view second) {
  if (section.find(first) != nullptr && section.find(second) != nullptr) {
    section.wrong(second, std::string(first) + " and " + std::string(second) + " exclude each other: keep one");
  }
}

BasicAuth read_basic_auth(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "basic_auth", context);
  BasicAuth auth;
  section.text("username", auth.username);
  section.path("username_file", auth.username_file);
  section.secret("password", auth.password);
  section.path("password_file", auth.password_file);
  exclude(section, "username", "username_file");
  exclude(section, "password", "password_file");
  section.refuse("username_ref", "there is no secrets manager: use username or username_file");
  section.refuse("password_ref", "there is no secrets manager: use password_file");
  section.finish();
  return auth;
}

Authorization read_authorization(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "authorization", context);
  Authorization auth;
  section.text("type", auth.type);
  if (auth.type.empty()) auth.type = "Bearer";
  if (lower_case(auth.type) == "basic") {
    section.wrong("type", "the authorization type cannot be Basic: use basic_auth instead");
  } else if (!is_header_name(auth.type)) {
    section.wrong("type", "the authorization type must be a single word, as in Bearer");
  }
  section.secret("credentials", auth.credentials);
  section.path("credentials_file", auth.credentials_file);
  exclude(section, "credentials", "credentials_file");
  if (!is_header_value(auth.credentials.reveal())) {
    section.wrong("credentials", "the credentials hold a line break or control character: write them on one line");
  }
  section.refuse("credentials_ref", "there is no secrets manager: use credentials_file");
  section.finish();
  return auth;
}

void read_bearer(SectionReader& section, HttpClientConfig& client) {
  Authorization bearer;
  section.secret("bearer_token", bearer.credentials);
  section.path("bearer_token_file", bearer.credentials_file);
  exclude(section, "bearer_token", "bearer_token_file");
  if (!is_header_value(bearer.credentials.reveal())) {
    section.wrong("bearer_token", "the token holds a line break or control character: write it on one line");
  }
  for (const std::string_view key : {"bearer_token", "bearer_token_file"}) {
    if (section.find(key) == nullptr) continue;
    for (const std::string_view other : {"authorization", "basic_auth"}) {
      if (section.find(other) != nullptr) {
        section.wrong(
            key, std::string(key) + " and " + std::string(other) + " exclude each other: keep " + std::string(other));
        return;
      }
    }
    client.authorization = bearer;
  }
}

bool is_host(const std::string& name) {
  // An address in another notation than the usual one would be written anew by whoever reads it, and not be found again.
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (in6_addr v6{}; name.find(':') != std::string::npos) {
    return inet_pton(AF_INET6, name.c_str(), &v6) == 1 && inet_ntop(AF_INET6, &v6, text.data(), text.size()) == name;
  }
  const std::size_t last = name.find_last_of('.') + 1;
  if (in_addr v4{}; last < name.size() && name[last] >= '0' && name[last] <= '9') {
    return inet_pton(AF_INET, name.c_str(), &v4) == 1;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_").find(c) != std::string_view::npos;
  });
}

// What the key holds is no concern of an error's.
void check_pem(SectionReader& section, const ClientTlsConfig& tls) {
  exclude(section, "ca_file", "ca");
  exclude(section, "cert_file", "cert");
  exclude(section, "key_file", "key");
  const auto check = [&section](std::string_view key, const std::string& pem) {
    if (pem.find("PRIVATE KEY-----") != std::string::npos) {
      section.wrong(
          key, std::string(key) + " holds a private key, and the configuration is shown to users: it goes into key");
    }
    if (pem.empty() || pem.find("-----BEGIN ") != std::string::npos) return;
    section.wrong(key, std::string(key) + " must hold PEM, from -----BEGIN CERTIFICATE----- on; a path goes into " +
                           std::string(key) + "_file");
  };
  check("ca", tls.ca);
  check("cert", tls.cert);
  const std::string_view cert = tls.cert.empty() ? "cert_file" : "cert";
  const std::string_view key = tls.key.empty() ? "key_file" : "key";
  const bool has_cert = !tls.cert.empty() || !tls.cert_file.empty();
  const bool has_key = !tls.key.empty() || !tls.key_file.empty();
  if (has_cert && !has_key) section.wrong(cert, std::string(cert) + " needs key_file or key: add it");
  if (has_key && !has_cert) section.wrong(key, std::string(key) + " needs cert_file or cert: add it");
}

ClientTlsConfig read_tls(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "tls_config", context);
  ClientTlsConfig tls;
  section.path("ca_file", tls.ca_file);
  section.path("cert_file", tls.cert_file);
  section.path("key_file", tls.key_file);
  section.text("ca", tls.ca);
  section.text("cert", tls.cert);
  section.secret("key", tls.key);
  check_pem(section, tls);
  section.boolean("insecure_skip_verify", tls.insecure_skip_verify);
  for (const std::string_view key : {"ca_ref", "cert_ref", "key_ref"}) {
    section.refuse(key, "there is no secrets manager: use a file");
  }
  if (section.text("server_name", tls.server_name) && !is_host(tls.server_name)) {
    section.wrong("server_name", "server_name must be the name or the address of a host: without port and scheme");
  }
  if (const auto version = section.choice("min_version", tls_versions))
    tls.min_version = static_cast<TlsVersion>(*version);
  if (const auto version = section.choice("max_version", tls_versions))
    tls.max_version = static_cast<TlsVersion>(*version);
  if (tls.min_version && tls.max_version && *tls.max_version < *tls.min_version) {
    section.wrong("max_version", "max_version is below min_version: no server could be reached; raise it");
  }
  section.finish();
  return tls;
}

void read_proxy(SectionReader& section, HttpClientConfig& client) {
  section.secret("proxy_url", client.proxy_url);
  section.text("no_proxy", client.no_proxy);
  section.boolean("proxy_from_environment", client.proxy_from_environment);
  section.refuse("proxy_connect_header", "a proxy is asked without headers of your own: remove it");
  const std::string& url = client.proxy_url.reveal();
  if (!url.empty() && url.rfind("http://", 0) != 0 && url.rfind("https://", 0) != 0) {
    section.wrong("proxy_url", "proxy_url must begin with http:// or https://");
  }
  if (client.proxy_from_environment && !url.empty()) {
    section.wrong("proxy_url", "proxy_from_environment and proxy_url exclude each other: keep one");
  }
  if (client.proxy_from_environment && !client.no_proxy.empty()) {
    section.wrong("no_proxy", "with proxy_from_environment the variable no_proxy counts: remove the key no_proxy");
  } else if (url.empty() && !client.no_proxy.empty()) {
    section.wrong("no_proxy", "no_proxy has no effect without proxy_url: add proxy_url, or remove no_proxy");
  }
}

HttpHeader read_header(const YamlNode& node, ReadContext& context) {
  HttpHeader header;
  header.name = node.key();
  if (!is_header_name(header.name)) {
    context.wrong_key(node, "\"" + header.name + "\" is not the name of a header: letters, digits and - only");
  } else if (is_reserved_header(header.name)) {
    context.wrong_key(node, "the header \"" + header.name + "\" is set by other keys or by ourselves: remove it");
  }
  SectionReader section(node, "http_headers." + header.name, context);
  std::vector<std::string> secrets;
  section.texts("values", header.values);
  section.texts("secrets", secrets);
  section.texts("files", header.files);
  for (std::string& file : header.files) file = context.beside(file);
  for (const std::string& value : header.values) {
    if (!is_header_value(value))
      section.wrong("values", "a value holds a line break or control character: write it on one line");
  }
  for (std::string& value : secrets) {
    if (!is_header_value(value))
      section.wrong("secrets", "a secret holds a line break or control character: write it on one line");
    header.secrets.emplace_back(std::move(value));
  }
  section.finish();
  return header;
}

}  // namespace

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

bool is_reserved_header(std::string_view name) {
  return std::find(reserved_headers.begin(), reserved_headers.end(), lower_case(name)) != reserved_headers.end();
}

void check_url(SectionReader& section, std::string_view key, const std::string& url) {
  const std::string name(key);
  if (url.empty()) {
    section.wrong(key, name + " is missing: add it, as in http://host:port/path");
    return;
  }
  const std::size_t scheme = url.rfind("http://", 0) == 0 ? 7 : url.rfind("https://", 0) == 0 ? 8 : 0;
  if (scheme == 0) {
    section.wrong(key, name + " must begin with http:// or https://");
    return;
  }
  const std::string authority = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
  if (authority.find('@') != std::string::npos) {
    section.wrong(key, name + " holds a user or password: move them to basic_auth");
  } else if (authority.empty() || authority.front() == ':') {
    section.wrong(key, name + " names no host: write it as http://host:port/path");
  } else if (!is_header_value(url) || url.find(' ') != std::string::npos) {
    section.wrong(key, name + " holds a space or control character: write it as %20");
  }
}

ClientTlsConfig read_client_tls(const YamlNode& node, ReadContext& context) {
  return read_tls(node, context);
}

void read_http_client(SectionReader& section, HttpClientConfig& client) {
  ReadContext& context = section.context();
  if (const YamlNode* node = section.find("basic_auth")) client.basic_auth = read_basic_auth(*node, context);
  if (const YamlNode* node = section.find("authorization")) client.authorization = read_authorization(*node, context);
  exclude(section, "basic_auth", "authorization");
  read_bearer(section, client);
  section.refuse("oauth2", "fetch the token yourself and name its file in authorization.credentials_file");
  if (const YamlNode* node = section.find("tls_config")) client.tls = read_tls(*node, context);
  read_proxy(section, client);
  section.boolean("follow_redirects", client.follow_redirects);
  section.boolean("enable_http2", client.enable_http2);
  section.each_entry("http_headers",
                     [&](const YamlNode& node) { client.http_headers.push_back(read_header(node, context)); });
}

}  // namespace config
BELLWETHER_NAMESPACE_END
