// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "net/bearer_token.hpp"
#include "paper/http/api_route.hpp"
#include "paper/http/api_schemas.hpp"
#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// "Bot" → {"$ref":…}; "[Bot]" → an array of it.
std::string schema_of(std::string_view name) {
  if (name.front() == '[') {
    return JsonObject{}.add("type", "array").add_json("items", schema_of(name.substr(1, name.size() - 2))).text();
  }
  return JsonObject{}.add("$ref", "#/components/schemas/" + std::string{name}).text();
}

std::string content_of(std::string_view schema) {
  return fmt::format(R"({{"application/json":{{"schema":{}}}}})", schema_of(schema));
}

std::string answer(std::string_view description, std::string_view schema) {
  return JsonObject{}.add("description", description).add_json("content", content_of(schema)).text();
}

std::vector<std::string> path_parameters(std::string_view path) {
  std::vector<std::string> names;
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open)) {
    const auto close = path.find('}', open);
    names.emplace_back(path.substr(open + 1, close - open - 1));
    open = close;
  }
  return names;
}

std::string parameters_of(const ApiRoute& route) {
  std::vector<std::string> parameters;
  const auto describe = [&](std::string_view name, std::string_view in, std::string_view description, bool required) {
    parameters.push_back(JsonObject{}
                             .add("name", name)
                             .add("in", in)
                             .add("description", description)
                             .add("required", required)
                             .add_json("schema", R"({"type":"string"})")
                             .text());
  };
  for (const std::string& name : path_parameters(route.path)) describe(name, "path", "", true);
  for (const ApiQueryParameter& each : route.query) describe(each.name, "query", each.description, false);
  return json_array(parameters, [](const std::string& each) { return each; });
}

std::string operation(const ApiRoute& route) {
  JsonObject answers;
  answers.add_json("200", answer("As asked", route.answer));
  if (!route.body.empty()) answers.add_json("400", answer("The request cannot be read", "Error"));
  if (route.changes_state) answers.add_json("401", answer("The token is missing or wrong", "Error"));
  if (!path_parameters(route.path).empty()) answers.add_json("404", answer("No such thing", "Error"));
  if (route.changes_state) answers.add_json("409", answer("Not possible now", "Error"));

  JsonObject text;
  text.add("summary", route.summary).add_json("parameters", parameters_of(route));
  if (!route.body.empty()) {
    text.add_json("requestBody", fmt::format(R"({{"required":true,"content":{}}})", content_of(route.body)));
  }
  if (route.changes_state) text.add_json("security", R"([{"token":[]}])");
  return text.add_json("responses", answers.text()).text();
}

}  // namespace

std::vector<net::Route> served(const std::vector<ApiRoute>& routes, const std::string& token) {
  std::vector<net::Route> served;
  served.reserve(routes.size());
  for (const ApiRoute& route : routes) {
    served.push_back(
        {route.method, route.path, route.changes_state ? net::behind_token(token, route.handler) : route.handler});
  }
  return served;
}

std::string openapi_document(const std::vector<ApiRoute>& routes) {
  std::map<std::string, JsonObject> paths;
  for (const ApiRoute& route : routes) {
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    paths[route.path].add_json(method, operation(route));
  }
  JsonObject all_paths;
  for (auto& [path, operations] : paths) all_paths.add_json(path, operations.text());

  return JsonObject{}
             .add("openapi", "3.0.3")
             .add_json("info", JsonObject{}
                                   .add("title", "Bellwether paper desk")
                                   .add("version", BELLWETHER_VERSION_STRING)
                                   .add("description", "A paper-trading desk to be watched. Times are Unix seconds.")
                                   .text())
             .add_json("paths", all_paths.text())
             .add_json("components", fmt::format(R"({{"schemas":{},"securitySchemes":{{"token":{{"type":"http",)"
                                                 R"("scheme":"bearer"}}}}}})",
                                                 api_schemas()))
             .text() +
         '\n';
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
