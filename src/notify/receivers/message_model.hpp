// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "notify/notification.hpp"
#include "notify/receivers/message_templates.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

enum class Severity : std::uint8_t { critical, high, warning, info };

/// Of the labels `severity` or `priority`: critical, P0, page; high, error, major, P1; warning, medium, P2; info, low, none. In any
/// case; what is unknown or missing is a warning.
Severity message_severity_of(const rules::AlertLabels& labels) noexcept;
/// "#d00000", …; what has ended is green.
std::string_view colour_of(Severity severity, bool firing) noexcept;

/// What our own wording of a message says of one alert. Clean UTF-8, not escaped.
struct AlertText {
  bool firing = true;
  std::string title;        ///< the annotation `summary`, else the name of the alert
  std::string description;  ///< the annotation `description` or `message`; may be empty
  std::string value;        ///< the annotation `value`; may be empty
  std::string labels;       ///< those that are not common to all: "venue=X, side=buy"
  std::string time;         ///< "since 09:30:01 UTC (12 s)", "09:30:01 to 09:31:00 UTC (59 s)"
  std::vector<std::pair<std::string, std::string>> links;  ///< text and address: graph, runbook, dashboard
};

/// What our own wording of a message says, for every channel that has its own form for it.
struct MessageModel {
  bool firing = true;
  Severity severity = Severity::warning;
  std::string headline;       ///< "[FIRING:2] KillSwitchTripped · P0 · X"
  std::string common_labels;  ///< "instance=desk, venue=X" without the alert's name
  std::vector<AlertText> alerts;
  std::uint64_t more = 0;                                  ///< alerts that are counted only
  std::vector<std::pair<std::string, std::string>> links;  ///< silence, acknowledge, monitor
  std::string receiver;
};

MessageModel message_model(const Notification& notification, const MessageLinks& links);

/// "and 12 alerts more", empty for none.
std::string more_text(std::uint64_t more);

/// The whole of it as plain text, as HTML for a mail, and in Telegram's HTML.
std::string plain_text(const MessageModel& model);
std::string html_text(const MessageModel& model);
std::string telegram_text(const MessageModel& model);

/// http, https and mailto only, without anything that could end an address: else empty.
std::string safe_address(std::string_view address);

}  // namespace notify
BELLWETHER_NAMESPACE_END
