// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/query_client.hpp"

#include <filesystem>
#include <memory>
#include <utility>

#include "api/api_routes.hpp"
#include "cli/monitor_login.hpp"
#include "net/http_client.hpp"
#include "net/request_target.hpp"
#include "net/router.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

constexpr std::chrono::minutes patience{2};
constexpr std::size_t largest_answer = std::size_t{256} << 20U;
constexpr const char* form_type = "application/x-www-form-urlencoded";

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte | 0x20U) - 'a' < 26U || (byte >= '0' && byte <= '9') || c == '_' || c == '-' || c == '.') {
      out += c;
    } else {
      ((out += '%') += digits[byte >> 4U]) += digits[byte & 15U];
    }
  }
  return out;
}

std::string form(const std::vector<net::Field>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += encoded(name) + '=' + encoded(value);
  }
  return out;
}

Result<std::string> ask_directory(const std::string& directory, const std::string& resource,
                                  const std::vector<net::Field>& parameters) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored)) return Error{"there is no directory " + directory};
  storage::StoreOptions options;
  options.directory = directory;
  options.background = false;
  options.retention = {};  // who only asks removes nothing
  auto store = storage::SeriesStore::open(std::move(options));
  if (!store) return store.error();
  api::ApiSources sources;
  sources.store = store->get();
  auto routes = api::api_routes(std::move(sources));
  if (!routes) return routes.error();
  auto router = net::Router::build(std::move(*routes));
  if (!router) return router.error();
  const std::string path = "/api/v1/" + resource;
  const auto target = net::parse_request_target(path);
  if (!target) return Error{"no such resource: " + resource};
  const auto match = router->find("GET", target->segments);
  if (match.handler == nullptr) return Error{"no such resource: " + resource};
  net::Request request;
  request.method = "GET";
  request.path = path;
  request.query = form(parameters);
  request.parameters = match.parameters;
  const net::Response response = (*match.handler)(request);
  if (const auto* text = std::get_if<std::string>(&response.body)) return *text;
  std::string out;
  std::string chunk;
  while (std::get<std::unique_ptr<net::BodySource>>(response.body)->next(chunk)) {
    out += chunk;
    chunk.clear();
  }
  return out + chunk;
}

}  // namespace

Result<std::string> ask_api(const QueryPlace& place, const std::string& resource,
                            const std::vector<net::Field>& parameters) {
  if (!place.directory.empty()) return ask_directory(place.directory, resource, parameters);
  const bool posted = resource.rfind("label/", 0) != 0;  // long queries fit into no URL
  Result<net::HttpRequest> made = monitor_request(place.url, place.http_config);
  if (!made) return made.error();
  net::HttpRequest& request = *made;
  request.url += "/api/v1/" + resource;
  if (posted) {
    request.method = "POST";
    request.body = form(parameters);
    request.headers.emplace_back("Content-Type", form_type);
  } else if (!parameters.empty()) {
    request.url += '?' + form(parameters);
  }
  request.timeout = patience;
  request.accept_gzip = true;
  request.max_response_bytes = largest_answer;
  net::HttpClient client;
  auto answer = client.send(request);
  const std::string advice = login_advice(answer, place.http_config);
  if (!answer) return Error{answer.error().message + advice};
  if (!advice.empty()) return Error{place.url + " refuses with " + std::to_string(answer->status) + advice};
  if (answer->body.empty() || answer->body.front() != '{') {
    return Error{request.url + " answers with status " + std::to_string(answer->status) + " and no JSON"};
  }
  return std::move(answer->body);
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
