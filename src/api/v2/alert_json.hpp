// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "notify/notifier_views.hpp"
#include "notify/silences.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

// Alertmanager's JSON, appended, members in its order. Of ours beside it: `acknowledgedBy` in an alert's status, where somebody
// did. An alert whose group_wait is not over is "active", as at Alertmanager.

void append_alert(std::string& out, const notify::AlertView& view);
void append_group(std::string& out, const notify::GroupView& group);
void append_silence(std::string& out, const notify::Silence& silence, std::int64_t now_ms);

/// RFC 3339 with milliseconds in UTC; 0 is Go's zero time, year 1.
std::string alert_time(std::int64_t milliseconds);
/// RFC 3339; nothing where it is none. What lies before 1970, as Go's zero time does, is 0.
std::optional<std::int64_t> parse_alert_time(std::string_view text);

}  // namespace api
BELLWETHER_NAMESPACE_END
