// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// An element of what `query` gave to a template; with `__name__` if it has one.
struct TemplateSample {
  AlertLabels labels;
  double value = 0;
};

/// What a label or annotation of a rule is filled from: $labels, $value, $externalLabels, $externalURL and `query`.
/// The references live during the call.
struct TemplateContext {
  std::string_view name;  ///< of the alert, for errors
  const AlertLabels& labels;
  double value = 0;
  const AlertLabels& external_labels;
  const std::string& external_url;
  std::int64_t time_ms = 0;
  const std::function<Result<std::vector<TemplateSample>>(std::string_view query)>& query;
};

/// Fills in a template. `src/template` is the one; in tests whatever does. Threads: called from several at a time.
using TemplateExpander = std::function<Result<std::string>(std::string_view text, const TemplateContext&)>;

}  // namespace rules
BELLWETHER_NAMESPACE_END
