// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// Ordered: a later one is greater.
enum class TlsVersion { Tls10, Tls11, Tls12, Tls13 };

/// What the server asks of a client's certificate; the names are those of the file.
enum class ClientAuth {
  NoClientCert,
  RequestClientCert,           ///< asked for, never checked
  RequireAnyClientCert,        ///< must be there, not checked
  VerifyClientCertIfGiven,     ///< checked against client_ca_file when there is one
  RequireAndVerifyClientCert,  ///< must be there and checked against client_ca_file
};

/// `tls_server_config`. Paths are as the server opens them: those of the file are taken relative to its folder.
struct TlsServerConfig {
  std::string cert_file;  ///< PEM, the server's certificate first, then its chain
  std::string key_file;   ///< PEM, not encrypted
  ClientAuth client_auth_type = ClientAuth::NoClientCert;
  std::string client_ca_file;  ///< PEM; empty when clients are not verified
  TlsVersion min_version = TlsVersion::Tls12;
  TlsVersion max_version = TlsVersion::Tls13;
  std::vector<std::string> cipher_suites;  ///< IANA names, TLS 1.2 and older; empty: the library's choice
  bool prefer_server_cipher_suites = true;
  std::vector<std::string> curve_preferences;  ///< CurveP256, CurveP384, CurveP521, X25519; empty: the library's choice
};

/// What a server does before it answers anybody: Prometheus's web configuration file as a value.
/// https://prometheus.io/docs/prometheus/latest/configuration/https/ describes the file.
///
///     Result<WebConfig> web = load_web_config("web.yml");
///     if (!web) return fail(web.error().message);   // web.yml:3:3: unknown key "cert_flie" ...
///     options.web = *web;
///
/// It can as well be filled by hand. Threads: a plain value.
struct WebConfig {
  std::optional<TlsServerConfig> tls;                        ///< nothing: plain HTTP
  bool http2 = true;                                         ///< accepted; the server speaks HTTP/1.1
  std::vector<std::pair<std::string, std::string>> headers;  ///< added to every response
  std::map<std::string, std::string> basic_auth_users;       ///< name to bcrypt hash; empty: no authentication
};

/// The greatest bcrypt cost that is taken. One step more doubles the time; 14 is about a second, and a server
/// must be able to stop within one. htpasswd's own default is 5, Prometheus's documentation uses 10.
inline constexpr int max_bcrypt_cost = 14;

/// Nothing when `hash` is a bcrypt hash that the server can check, otherwise what is wrong with it.
/// The text never holds the hash.
BELLWETHER_API std::optional<std::string> bcrypt_hash_fault(std::string_view hash);

/// Reads the file. Blocks on the disk; certificates are opened by the server, not here.
/// Errors: `file:line:column: what is wrong, what to do`. No error holds a hash.
/// An empty file is a configuration without TLS and without users.
BELLWETHER_API Result<WebConfig> load_web_config(const std::string& path);

/// The same from text; `name` stands in errors, and its folder is that of relative paths.
BELLWETHER_API Result<WebConfig> parse_web_config(std::string_view text, const std::string& name);

}  // namespace config
BELLWETHER_NAMESPACE_END
