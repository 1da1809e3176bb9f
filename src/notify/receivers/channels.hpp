// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "config/alertmanager/receiver_config.hpp"
#include "notify/receivers/make_integrations.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

// One channel each: what `make_integrations` chooses from. `receiver` and `name` are as in its header.

/// An incoming webhook, or an app's chat.postMessage. Without title, text, fields, … of one's own: blocks, with colour, labels, links
/// and buttons; with any: Alertmanager's attachment. May come twice if an answer is lost.
std::shared_ptr<Integration> make_slack(const std::string& receiver, const std::string& name,
                                        const config::SlackConfig& config, const ReceiverParts& parts);
/// Events API v2: the first message of a group triggers, the last resolves, `render_acknowledgement` acknowledges.
std::shared_ptr<Integration> make_pagerduty(const std::string& receiver, const std::string& name,
                                            const config::PagerdutyConfig& config, const ReceiverParts& parts);
/// Text and HTML; the Message-ID stays the same across attempts.
std::shared_ptr<Integration> make_email(const std::string& receiver, const std::string& name,
                                        const config::EmailConfig& config, const ReceiverParts& parts);
/// HTML unless parse_mode says otherwise; answers to the group's last message; follows a group that became a supergroup.
std::shared_ptr<Integration> make_telegram(const std::string& receiver, const std::string& name,
                                           const config::TelegramConfig& config, const ReceiverParts& parts);
/// Alertmanager's webhook, version 4, with the headers Idempotency-Key (of the message), X-Bellwether-Attempt and, with a key,
/// X-Bellwether-Signature.
std::shared_ptr<Integration> make_webhook(const std::string& receiver, const std::string& name,
                                          const config::WebhookConfig& config, const ReceiverParts& parts);

}  // namespace notify
BELLWETHER_NAMESPACE_END
