// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>

#include "net/http_transport.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// A request to a monitor, with what a file says of login and TLS: Prometheus's HTTP client configuration, as promtool and amtool
/// take it by `--http.config.file`. Relative paths in it begin at the file's folder; files that it names are read now.
///
///     basic_auth: {username: ann, password_file: password}      # or: authorization: {credentials_file: token}
///     tls_config: {ca_file: ca.pem}
///
/// Without a file the request is plain. No redirect is followed: a login goes to nobody else. Errors: everything that is wrong in
/// the file, a line each, `file:line:column: what: what to do`; none holds a secret. Blocks on the disk.
Result<net::HttpRequest> monitor_request(const std::string& url, const std::string& config_file);

/// What to do about an answer that wants another login, or about a server that is not trusted. Empty where it is something else.
std::string login_advice(const net::HttpResult& answer, const std::string& config_file);

/// `--http.config.file FILE`; the environment's BELLWETHER_HTTP_CONFIG_FILE stands in.
CLI::Option* add_login_option(CLI::App& command, std::string& config_file);

}  // namespace cli
BELLWETHER_NAMESPACE_END
