// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_context.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

Result<std::vector<TemplateSample>> query_for_template(const RuleContext& context, std::string_view text,
                                                       std::int64_t time_ms) {
  promql::QueryResult result = context.engine.query_instant(context.store->source(), text, time_ms);
  if (!result) return Error{std::move(result.error)};
  std::vector<TemplateSample> samples;
  if (result.type == promql::ValueType::scalar) {
    samples.push_back({{}, result.scalar});
  } else if (result.type == promql::ValueType::string) {
    samples.push_back({{{"__value__", result.text}}, 0});
  } else if (result.type != promql::ValueType::vector) {
    return Error{"a template can query vectors, scalars and strings, not ranges"};
  }
  for (const promql::ResultSeries& series : result.series) {
    TemplateSample& sample = samples.emplace_back();
    for (const promql::LabelView& label : series.labels) {
      sample.labels.emplace(std::string(label.name), std::string(label.value));
    }
    sample.value = series.points.front().value;
  }
  return samples;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
