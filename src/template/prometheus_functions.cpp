// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/prometheus_functions.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "template/format.hpp"
#include "template/function_makers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

const Type& sample_type() {
  static const Type type{.name = "*template.sample", .missing = Type::Missing::refused, .methods = {}, .text = {}};
  return type;
}

const Type& sample_list_type() {
  static const Type type{.name = "template.queryResult", .missing = Type::Missing::nothing, .methods = {}, .text = {}};
  return type;
}

Result<Value> sample_argument(Arguments arguments, std::size_t place) {
  if (arguments[place].type() != &sample_type()) {
    return Error{"expected a sample of what query found as argument " + std::to_string(place + 1) + "; got " +
                 std::string(arguments[place].type_name())};
  }
  return arguments[place];
}

std::string label_of(const Value& sample, const std::string& name) {
  const Map& labels = sample.entries().find("Labels")->second.entries();
  const auto found = labels.find(name);
  return found == labels.end() ? "" : found->second.text();
}

Result<Value> first_sample(Arguments arguments) {
  auto samples = list_argument(arguments, 0);
  if (!samples) return samples.error();
  if (samples->empty()) return Error{"first() called on vector with no elements"};
  return Value(samples->front());
}

Result<Value> label(Arguments arguments) {
  auto name = text_argument(arguments, 0);
  if (!name) return name.error();
  auto sample = sample_argument(arguments, 1);
  if (!sample) return sample;
  return Value(label_of(*sample, *name));
}

Result<Value> value_of_sample(Arguments arguments) {
  auto sample = sample_argument(arguments, 0);
  if (!sample) return sample;
  return Value(sample->entries().find("Value")->second);
}

Result<Value> text_of_sample(Arguments arguments) {
  auto sample = sample_argument(arguments, 0);
  if (!sample) return sample;
  return Value(label_of(*sample, "__value__"));
}

Result<Value> sort_by_label(Arguments arguments) {
  auto name = text_argument(arguments, 0);
  if (!name) return name.error();
  auto samples = list_argument(arguments, 1);
  if (!samples) return samples.error();
  for (std::size_t i = 0; i < samples->size(); ++i) {
    if (auto sample = sample_argument(*samples, i); !sample) return sample;
  }
  std::stable_sort(samples->begin(), samples->end(),
                   [&](const Value& a, const Value& b) { return label_of(a, *name) < label_of(b, *name); });
  return Value::list(std::move(*samples), sample_list_type());
}

Result<Value> numbered_arguments(Arguments arguments) {
  Map map;
  for (std::size_t i = 0; i < arguments.size(); ++i) map.insert_or_assign("arg" + std::to_string(i), arguments[i]);
  return Value::map(std::move(map));
}

/// Host and port; nothing where it is no pair, as Go's SplitHostPort.
std::optional<std::pair<std::string, std::string>> split_port(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  if (address.front() == '[') {
    const std::size_t bracket = address.find(']');
    if (bracket == std::string::npos || bracket + 1 != colon) return std::nullopt;
    return std::pair(address.substr(1, bracket - 1), address.substr(colon + 1));
  }
  if (address.find(':') != colon || address.find_first_of("[]") != std::string::npos) return std::nullopt;
  return std::pair(address.substr(0, colon), address.substr(colon + 1));
}

std::string strip_port(const std::string& address) {
  const auto split = split_port(address);
  return split ? split->first : address;
}

std::string strip_domain(const std::string& address) {
  const auto split = split_port(address);
  std::string host = split ? split->first : address;
  std::array<unsigned char, sizeof(in6_addr)> buffer{};
  const bool is_address =
      inet_pton(AF_INET, host.c_str(), buffer.data()) == 1 || inet_pton(AF_INET6, host.c_str(), buffer.data()) == 1;
  if (is_address) return address;
  host.resize(std::min(host.find('.'), host.size()));
  return !split || split->second.empty() ? host : host + ":" + split->second;
}

std::string graph_link(const std::string& expression, const char* tab) {
  return "/graph?g0.expr=" + escape_query(expression) + "&g0.tab=" + tab;
}

Function unbound(const std::string& name, std::size_t arguments) {
  return {[name](Arguments) -> Result<Value> { return Error{name + " has no value here: nothing is evaluated"}; },
          arguments, arguments};
}

FunctionTable make_table() {
  FunctionTable table;
  add_common_functions(table);
  table["query"] = unbound("query", 1);
  table["externalURL"] = unbound("externalURL", 0);
  table["pathPrefix"] = unbound("pathPrefix", 0);
  table["now"] = unbound("now", 0);
  table["first"] = {first_sample, 1, 1};
  table["label"] = {label, 2, 2};
  table["value"] = {value_of_sample, 1, 1};
  table["strvalue"] = {text_of_sample, 1, 1};
  table["sortByLabel"] = {sort_by_label, 2, 2};
  table["args"] = {numbered_arguments, 0};
  table["tmpl"] = {};  // the executor's own
  table["title"] = of_text(to_title);
  table["graphLink"] = of_text([](const std::string& text) { return graph_link(text, "0"); });
  table["tableLink"] = of_text([](const std::string& text) { return graph_link(text, "1"); });
  table["stripPort"] = of_text(strip_port);
  table["stripDomain"] = of_text(strip_domain);
  table["urlQueryEscape"] = of_text(escape_query);
  table["parseDuration"] = of_text([](const std::string& text) { return duration_seconds(text); });
  table["humanize"] = of_number(humanize);
  table["humanize1024"] = of_number(humanize_1024);
  table["humanizePercentage"] = of_number(humanize_percentage);
  table["humanizeTimestamp"] = of_number(humanize_timestamp);
  table["toTime"] = of_number(to_time);
  table["toDuration"] = of_number([](double seconds) {
    constexpr double largest = 9.2e9;
    return Value(
        Duration{static_cast<std::int64_t>(std::isnan(seconds) ? 0 : std::clamp(seconds, -largest, largest) * 1e9)});
  });
  return table;
}

/// The path of a URL, "" without one.
std::string path_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t path = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return path == std::string::npos ? "" : url.substr(path, url.find_first_of("?#", path) - path);
}

Function constant(Value value) {
  return {[value = std::move(value)](Arguments) -> Result<Value> { return Value(value); }, 0, 0};
}

constexpr std::string_view prologue =
    "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}"
    "{{$externalURL := .ExternalURL}}{{$value := .Value}}";

}  // namespace

std::shared_ptr<const FunctionTable> prometheus_functions() {
  static const auto table = std::make_shared<const FunctionTable>(make_table());
  return table;
}

FunctionTable bind_prometheus_functions(PrometheusFunctions surroundings) {
  FunctionTable table;
  table["externalURL"] = constant(Value(surroundings.external_url));
  table["pathPrefix"] = constant(Value(path_of(surroundings.external_url)));
  table["now"] = constant(Value(static_cast<double>(surroundings.now_ms) / 1e3));
  if (!surroundings.query) return table;
  table["query"] = {[query = std::move(surroundings.query)](Arguments arguments) -> Result<Value> {
                      auto expression = text_argument(arguments, 0);
                      if (!expression) return expression.error();
                      auto found = query(*expression);
                      if (!found) return found.error();
                      List samples;
                      for (const QuerySample& sample : *found) {
                        samples.push_back(Value::map(
                            {{"Labels", Value::labels(sample.labels)}, {"Value", Value(sample.value)}}, sample_type()));
                      }
                      return Value::list(std::move(samples), sample_list_type());
                    },
                    1, 1};
  return table;
}

Result<Template> parse_rule_text(std::string_view name, std::string_view text) {
  static const TemplateSet set(prometheus_functions());
  return Template::parse(name, std::string(prologue) + std::string(text), set, prologue.size());
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
