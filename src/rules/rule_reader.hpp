// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <string_view>

#include "config/prometheus/section_reader.hpp"
#include "rules/rule_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// What the reading of one rule file needs everywhere.
struct RuleFileContext {
  config::ReadContext& errors;
  std::string_view file_text;
  const std::string& file_name;
  const TemplateChecker& check;
};

/// One entry of `rules`.
RuleDefinition read_rule(const config::YamlNode& node, const RuleFileContext& context);

/// `labels` or `annotations`. Names: those of labels; `__name__` is none.
void read_labels(config::SectionReader& section, std::string_view key, AlertLabels& into);

/// The options among the annotations of an alerting rule; unknown ones are refused by name.
void read_options(const config::YamlNode& annotations, RuleOptions& options, const RuleFileContext& context);

/// PromQL, with its errors at their places in the file. Null: it was noted what is wrong.
promql::ExpressionPtr read_expression(const config::YamlNode& node, const RuleFileContext& context);

}  // namespace rules
BELLWETHER_NAMESPACE_END
