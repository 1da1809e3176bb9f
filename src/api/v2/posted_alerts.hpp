// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/v2/refusal.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

struct PostedAlerts {
  std::vector<rules::Alert> alerts;
  std::string faults;  ///< of those that were left out; empty: there are none
};

/// The body of POST /api/v2/alerts: those that can be used, with start, end and labels as Alertmanager completes them. One
/// without a start begins now, or at its end where that has passed; one without an end ends `resolve_timeout` after `now_ms`.
/// Of a generatorURL only http://, https:// and paths are kept: it becomes a link.
Posted<PostedAlerts> read_posted_alerts(std::string_view body, std::int64_t now_ms,
                                        std::chrono::milliseconds resolve_timeout);

}  // namespace api
BELLWETHER_NAMESPACE_END
