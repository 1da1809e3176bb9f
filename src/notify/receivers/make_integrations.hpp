// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/alertmanager/notifier_config.hpp"
#include "notify/integration.hpp"
#include "notify/policy.hpp"
#include "notify/receivers/http_sender.hpp"
#include "notify/receivers/mail_sender.hpp"
#include "notify/receivers/message_templates.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// What all integrations of a configuration share.
struct ReceiverParts {
  std::shared_ptr<HttpSender> http = {};
  std::shared_ptr<MailSender> mail = {};
  std::shared_ptr<const MessageTemplates> templates = {};
  /// Links that people in a message may press; none: left out. Called by `render`, from any thread.
  std::function<MessageLinks(const Notification&)> links = {};
  /// Signs what goes to webhooks; without key and file: unsigned. See webhook_signature.hpp. `make_receivers` takes those of
  /// bellwether.yml where there are none here.
  config::Secret webhook_key = {};
  std::string webhook_key_file = {};  ///< read at each delivery; what cannot be signed is not sent
  const Clock* clock = &Clock::system();
};

/// The integrations of one receiver, named "slack[0]", "slack[1]", "pagerduty[0]", "email[0]", "telegram[0]", "webhook[0]".
///
///     ReceiverParts parts{.http = std::make_shared<AsyncHttpSender>(), .mail = std::make_shared<SmtpSender>(),
///                         .templates = std::make_shared<const MessageTemplates>(MessageTemplates::load(config.templates).value())};
///     Result<Receivers> receivers = make_receivers(config, parts);
///
/// Errors: a template in a field that cannot be parsed, with receiver, integration and field. Secrets' files are read at each
/// delivery; one that is missing is an `unauthorized` delivery, named in its error.
///
/// What is rendered holds no secret: keys and tokens are added when it is sent. A field whose template fails while an alert fires
/// (a missing function of data, a limit) is replaced by our own wording, and the message says so: an alert is never lost to its
/// make-up.
Result<std::vector<std::shared_ptr<Integration>>> make_integrations(const config::ReceiverConfig& receiver,
                                                                    const ReceiverParts& parts);
/// Those of all receivers. The parts live as long as one of the integrations; drop the notifier before the parts' last owner.
Result<Receivers> make_receivers(const config::NotifierConfig& config, const ReceiverParts& parts);

}  // namespace notify
BELLWETHER_NAMESPACE_END
