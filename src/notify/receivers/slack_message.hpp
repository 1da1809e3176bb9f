// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>
#include <string>

#include "config/alertmanager/receiver_config.hpp"
#include "notify/receivers/channel.hpp"
#include "notify/receivers/message_model.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Whether a message is to be Alertmanager's attachment: a field that words it is set.
bool has_own_wording(const config::SlackConfig& config) noexcept;

/// Our own wording: a header, a coloured attachment of blocks, buttons.
boost::json::object slack_blocks(const MessageModel& model, std::string_view colour);
/// Alertmanager's attachment from the fields of the configuration; what is absent there is worded by `model`.
boost::json::object slack_attachment(const config::SlackConfig& config, const MessageModel& model,
                                     RenderedFields& fields);

/// Every limit that Slack states: characters of header, section and field, blocks, and of the whole.
bool within_slack_limits(const boost::json::object& message);

}  // namespace notify
BELLWETHER_NAMESPACE_END
