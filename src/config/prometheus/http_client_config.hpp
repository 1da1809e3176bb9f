// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/prometheus/secret.hpp"
#include "config/web_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// At most one of `password` and `password_file` is there, and of `username` and `username_file`.
/// Files are read by who connects, at each connection: they may change.
struct BasicAuth {
  std::string username;
  std::string username_file;
  Secret password;
  std::string password_file;

  friend bool operator==(const BasicAuth&, const BasicAuth&) = default;
};

/// The header `Authorization: <type> <credentials>`. `bearer_token` and `bearer_token_file` are read into it.
struct Authorization {
  std::string type = "Bearer";
  Secret credentials;
  std::string credentials_file;

  friend bool operator==(const Authorization&, const Authorization&) = default;
};

/// `tls_config`; paths of PEM files, or PEM itself: never both of one.
struct ClientTlsConfig {
  std::string ca_file;    ///< empty: the authorities that this machine trusts
  std::string cert_file;  ///< with key_file: what we show a server that asks
  std::string key_file;
  std::string ca;
  std::string cert;
  Secret key;
  std::string server_name;  ///< whom the certificate must name; empty: the host of the URL
  bool insecure_skip_verify = false;
  std::optional<TlsVersion> min_version;
  std::optional<TlsVersion> max_version;

  friend bool operator==(const ClientTlsConfig&, const ClientTlsConfig&) = default;
};

/// One of `http_headers`: sent once for each of its values.
struct HttpHeader {
  std::string name;
  std::vector<std::string> values;
  std::vector<Secret> secrets;
  std::vector<std::string> files;  ///< each holds one value

  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

/// How we connect to another server: the keys that scrape_configs, alertmanagers, remote_write and http_sd_configs share.
struct HttpClientConfig {
  std::optional<BasicAuth> basic_auth;         ///< never together with `authorization`
  std::optional<Authorization> authorization;  ///< never of type Basic
  ClientTlsConfig tls;
  Secret
      proxy_url;  ///< http:// or https://; secret, for it may hold a password; empty: none, or that of the environment
  std::string no_proxy;
  bool proxy_from_environment = false;
  bool follow_redirects = true;
  bool enable_http2 = true;  ///< accepted; we speak HTTP/1.1
  std::vector<HttpHeader> http_headers;

  friend bool operator==(const HttpClientConfig&, const HttpClientConfig&) = default;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
