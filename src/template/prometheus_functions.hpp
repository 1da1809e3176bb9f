// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "template/template.hpp"
#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// One sample of what `query` found.
struct QuerySample {
  std::map<std::string, std::string, std::less<>> labels;
  double value = 0;
};

/// What Prometheus's templates need of their surroundings.
struct PrometheusFunctions {
  /// PromQL at the moment of the evaluation; a scalar is one sample without labels, a string one with the label `__value__`.
  std::function<Result<std::vector<QuerySample>>(const std::string& expression)> query;
  std::string external_url;  ///< without a slash at the end: `externalURL`; `pathPrefix` is its path
  std::int64_t now_ms = 0;   ///< `now`
};

/// The names of all functions that templates in rules can use, for parsing; `query`, `externalURL`, `pathPrefix` and `now` are
/// errors until they are bound.
std::shared_ptr<const FunctionTable> prometheus_functions();
/// Those four, for RenderOptions::functions of one evaluation.
FunctionTable bind_prometheus_functions(PrometheusFunctions surroundings);

/// The text of an annotation or label of an alerting rule: Prometheus puts $labels, $externalLabels, $externalURL and $value before
/// it, which places in errors do not count.
Result<Template> parse_rule_text(std::string_view name, std::string_view text);

/// What such a text works on (`.Labels`, `.ExternalLabels`, `.ExternalURL`, `.Value`). Any map or pairs of names and values.
template <typename Labels, typename ExternalLabels>
Value rule_data(const Labels& labels, const ExternalLabels& external_labels, std::string_view external_url,
                double value) {
  return Value::map({{"Labels", Value::labels(labels)},
                     {"ExternalLabels", Value::labels(external_labels)},
                     {"ExternalURL", Value(external_url)},
                     {"Value", Value(value)}});
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
