// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/monitor_client.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <utility>

#include "cli/monitor_login.hpp"
#include "net/http_client.hpp"
#include "scrape/url_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

std::string query_text(const std::vector<net::Field>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    out += out.empty() ? '?' : '&';
    scrape::append_query_escaped(name, out);
    out += '=';
    scrape::append_query_escaped(value, out);
  }
  return out;
}

std::string silence_path(const std::string& id) {
  std::string path = "/api/v2/silence/";
  scrape::append_query_escaped(id, path);  // also a slash: it must stay one segment
  return path;
}

std::string refusal_text(std::string_view body) {
  namespace json = boost::json;
  json::error_code error;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), error);
  if (!error && value.is_string()) return std::string(value.get_string());
  if (!error && value.is_object()) {
    for (const char* member : {"message", "error"}) {
      const auto* const text = value.get_object().if_contains(member);
      if (text != nullptr && text->is_string()) return std::string(text->get_string());
    }
  }
  constexpr std::size_t shown = 300;
  std::string out(body.substr(0, shown));
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out;
}

Result<std::string> call_monitor(const MonitorPlace& place, const std::string& method, const std::string& path,
                                 const std::string& json) {
  Result<net::HttpRequest> request = monitor_request(place.url, place.http_config);
  if (!request) return request.error();
  request->url += path;
  request->method = method;
  if (!json.empty()) {
    request->body = json;
    request->headers.emplace_back("Content-Type", "application/json");
  }
  request->timeout = std::chrono::seconds{30};
  request->accept_gzip = true;
  net::HttpClient client;
  const net::HttpResult answer = client.send(*request);
  const std::string advice = login_advice(answer, place.http_config);
  if (!answer) return Error{answer.error().message + (advice.empty() ? "; --url names another monitor" : advice)};
  if (answer->is_success()) return answer->body;
  const std::string why = refusal_text(answer->body);
  return Error{"refused with " + std::to_string(answer->status) + (why.empty() ? "" : ": " + why) + advice};
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
