// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "notify/notification.hpp"
#include "template/template.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Links of a message that the monitor answers: signed where it holds a key. Empty: left out of the message.
struct MessageLinks {
  std::string silence = {};
  std::string acknowledge = {};
};

/// Alertmanager's template data of a notification: .Receiver, .Status, .Alerts (.Firing, .Resolved; of each .Status, .Labels,
/// .Annotations, .StartsAt, .EndsAt, .GeneratorURL, .Fingerprint), .GroupLabels, .CommonLabels, .CommonAnnotations, .ExternalURL,
/// .GroupKey; and ours: .TruncatedAlerts, .Reason, .SilenceURL, .AcknowledgeURL. Texts are clean UTF-8.
templates::Value template_data(const Notification& notification, const MessageLinks& links = {});

/// The templates of alertmanager.yml: those of its `templates:` files over the defaults that alertmanager.yml's own fields name
/// (`slack.default.title`, `email.default.html`, …), in our words.
///
///     auto templates = MessageTemplates::load({"/etc/bellwether/templates/*.tmpl"});
///     std::string title = templates->text("slack[0].title", "{{ template \"slack.default.title\" . }}", notification, links);
///
/// Threads: a plain value; `text` and `html` from any. `load` reads files.
class MessageTemplates {
 public:
  /// Errors: a file that cannot be read or parsed, with its place. A pattern that fits no file is none, as with Alertmanager.
  static Result<MessageTemplates> load(const std::vector<std::string>& patterns = {});

  /// A field that is a template, rendered; `where` names it in errors. A field without actions is itself.
  Result<std::string> text(std::string_view where, std::string_view field, const Notification& notification,
                           const MessageLinks& links) const;
  /// The same with what is printed escaped for HTML.
  Result<std::string> html(std::string_view where, std::string_view field, const Notification& notification,
                           const MessageLinks& links) const;

  /// Whether a field can be parsed with these templates: said when a configuration is loaded, not when an alert fires.
  Result<void> check(std::string_view where, std::string_view field) const;

 private:
  explicit MessageTemplates(templates::TemplateSet set) : set_(std::move(set)) {}
  Result<std::string> expand(std::string_view where, std::string_view field, const Notification& notification,
                             const MessageLinks& links, templates::Escaping escaping) const;

  templates::TemplateSet set_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
