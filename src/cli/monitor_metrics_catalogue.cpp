// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/monitor_metrics_catalogue.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

namespace json = boost::json;

/// The `data` of an answer.
Result<json::value> ask(const QueryPlace& place, const std::string& resource,
                        const std::vector<net::Field>& parameters) {
  auto answer = ask_api(place, resource, parameters);
  if (!answer) return answer.error();
  boost::system::error_code problem;
  const json::value body = json::parse(*answer, problem);
  const json::object* const object = problem ? nullptr : body.if_object();
  const json::value* const data = object == nullptr ? nullptr : object->if_contains("data");
  if (data == nullptr) return Error{"the answer to " + resource + " is no answer of the query API"};
  return *data;
}

std::string_view text_of(const json::value* value) {
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

void take_types(const json::value& data, rules::MetricCatalogue& catalogue) {
  if (!data.is_object()) return;
  for (const auto& entry : data.get_object()) {
    const json::array* const facts = entry.value().if_array();
    if (facts == nullptr || facts->empty() || !facts->front().is_object()) continue;
    const std::string type(text_of(facts->front().get_object().if_contains("type")));
    const std::string family(entry.key().data(), entry.key().size());
    for (const char* const suffix : {"", "_total", "_bucket", "_sum", "_count"}) {
      const auto found = catalogue.metrics.find(family + suffix);
      if (found != catalogue.metrics.end() && found->second.type.empty() && type != "unknown")
        found->second.type = type;
    }
  }
}

void take_labels(const json::value& data, rules::MetricCatalogue& catalogue) {
  if (!data.is_array()) return;
  for (const json::value& series : data.get_array()) {
    const json::object* const labels = series.if_object();
    if (labels == nullptr) continue;
    const auto found = catalogue.metrics.find(text_of(labels->if_contains("__name__")));
    if (found == catalogue.metrics.end()) continue;
    found->second.labels_known = true;
    for (const auto& label : *labels) {
      std::string name(label.key().data(), label.key().size());
      if (name != "__name__") found->second.labels.insert(std::move(name));
    }
  }
}

}  // namespace

Result<rules::MetricCatalogue> catalogue_of_monitor(const QueryPlace& place, const std::set<std::string>& metrics) {
  rules::MetricCatalogue catalogue;
  const auto names = ask(place, "label/__name__/values", {});
  if (!names) return names.error();
  if (names->is_array()) {
    for (const json::value& name : names->get_array()) catalogue.metrics[std::string(text_of(&name))];
  }
  constexpr std::size_t at_a_time = 50;
  std::vector<net::Field> selectors;
  const auto ask_labels = [&]() -> Result<void> {
    if (selectors.empty()) return {};
    const auto series = ask(place, "series", selectors);
    if (!series) return series.error();
    take_labels(*series, catalogue);
    selectors.clear();
    return {};
  };
  for (const std::string& metric : metrics) {
    if (catalogue.find(metric) == nullptr) continue;
    selectors.emplace_back("match[]", "{__name__=\"" + metric + "\"}");
    if (selectors.size() < at_a_time) continue;
    if (auto asked = ask_labels(); !asked) return asked.error();
  }
  if (auto asked = ask_labels(); !asked) return asked.error();
  if (const auto types = ask(place, "metadata", {})) take_types(*types, catalogue);
  return catalogue;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
