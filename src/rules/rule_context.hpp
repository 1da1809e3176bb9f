// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "promql/engine.hpp"
#include "rules/alert.hpp"
#include "rules/rule_store.hpp"
#include "rules/template_context.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// What the evaluation of rules needs from around it. Outlives the groups; `sink`, `expand` and `store` are used from
/// several threads.
struct RuleContext {
  RuleStore* store = nullptr;  ///< must be there
  promql::Engine engine{};
  TemplateExpander expand = {};  ///< none: texts stay as they are
  AlertSink sink = {};           ///< none: nobody is told
  AlertLabels external_labels = {};
  std::string external_url = {};  ///< without a slash at the end
  std::chrono::milliseconds resend_delay = std::chrono::minutes{1};
  /// Only what was active within this time before the start is taken up again.
  std::chrono::milliseconds outage_tolerance = std::chrono::hours{1};
  const Clock* clock = &Clock::system();  ///< of how long evaluations took
  std::function<void(std::string_view)> log = {};
};

/// What `query` of a template gives, at a time. A scalar is one element without labels, a string one with `__value__`.
Result<std::vector<TemplateSample>> query_for_template(const RuleContext& context, std::string_view text,
                                                       std::int64_t time_ms);

}  // namespace rules
BELLWETHER_NAMESPACE_END
