// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/monitor_login.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>

#include "config/prometheus/http_client_reader.hpp"
#include "scrape/client_request.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

Result<config::HttpClientConfig> read_login(const std::string& path) {
  Result<config::YamlNode> root = config::load_yaml(path);
  if (!root) return root.error();
  config::HttpClientConfig client;
  config::ReadContext context(std::filesystem::path(path).parent_path());
  config::SectionReader section(*root, "the HTTP client configuration", context);
  config::read_http_client(section, client);
  section.finish();
  std::string all;
  for (const std::string& error : context.take_errors()) all += (all.empty() ? "" : "\n") + error;
  if (!all.empty()) return Error{std::move(all)};
  return client;
}

}  // namespace

Result<net::HttpRequest> monitor_request(const std::string& url, const std::string& config_file) {
  std::string plain = url;
  while (plain.ends_with('/')) plain.pop_back();
  const std::size_t host = plain.find("://");
  if (host != std::string::npos &&
      plain.substr(host + 3, plain.find('/', host + 3) - host - 3).find('@') != plain.npos) {
    return Error{
        "a name and password in --url would stand in the shell's history; write them to a file and name that "
        "by --http.config.file"};
  }
  if (config_file.empty()) {
    net::HttpRequest request;
    request.url = std::move(plain);
    return request;
  }
  const Result<config::HttpClientConfig> client = read_login(config_file);
  if (!client) return client.error();
  Result<net::HttpRequest> request = scrape::make_request(*client, plain);
  if (!request) return Error{config_file + ": " + request.error().message};
  request->max_redirects = 0;
  return request;
}

std::string login_advice(const net::HttpResult& answer, const std::string& config_file) {
  if (!answer) {
    if (answer.kind() != net::HttpErrorKind::tls) return {};
    return config_file.empty()
               ? "; if it has a certificate of its own authority, write `tls_config: {ca_file: ca.pem}` to a "
                 "file and name that by --http.config.file"
               : "; check tls_config in " + config_file;
  }
  if (answer->status == 401) {
    return config_file.empty() ? "; it wants a login: write `basic_auth: {username: ..., password_file: ...}` to a "
                                 "file and name that by "
                                 "--http.config.file"
                               : "; it does not know this login: check basic_auth or authorization in " + config_file;
  }
  if (answer->status == 403) return "; this login may not do that";
  return {};
}

CLI::Option* add_login_option(CLI::App& command, std::string& config_file) {
  return command
      .add_option("--http.config.file", config_file,
                  "Login and TLS, as promtool and amtool take them: basic_auth, authorization, tls_config")
      ->type_name("FILE")
      ->envname("BELLWETHER_HTTP_CONFIG_FILE");
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
