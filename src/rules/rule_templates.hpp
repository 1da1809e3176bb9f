// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/rule_file.hpp"
#include "rules/template_context.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// Fills in labels and annotations with src/template, as Prometheus does. Parsed texts are kept: an alert with thousands of elements
/// parses its annotations once.
///
///     RuleManagerOptions options{.expand = template_expander(), .check_template = check_rule_template};
///
/// Threads: what it returns may be called from several at a time.
TemplateExpander template_expander();

/// A TemplateChecker: says why a text cannot be parsed.
Result<void> check_rule_template(std::string_view text);

}  // namespace rules
BELLWETHER_NAMESPACE_END
