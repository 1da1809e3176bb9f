// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <string>
#include <vector>

#include "net/http_message.hpp"
#include "rules/rule_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// The JSON of `data` in answers to /api/v1/rules, in Prometheus's shape, with its parameters: type, rule_name[], rule_group[],
/// file[], match[], exclude_alerts, group_limit and group_next_token.
///
///     sources.rules = [&](const net::Request& request) { return rules_answer(rules.state(), request); };
///
/// Errors: a parameter that cannot be read, in words.
Result<std::string> rules_answer(const std::vector<rules::GroupState>& groups, const net::Request& request);

/// The same for /api/v1/alerts: all that are pending or firing.
std::string alerts_answer(const std::vector<rules::GroupState>& groups);

}  // namespace api
BELLWETHER_NAMESPACE_END
