// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/message_links.hpp"

#include <vector>

#include "config/alertmanager/label_matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

namespace {

std::string matchers_of(const rules::AlertLabels& labels) {
  std::vector<config::LabelMatcher> matchers;
  for (const auto& [name, value] : labels) matchers.push_back({config::LabelMatcherType::equal, name, value});
  return config::to_string(matchers);
}

}  // namespace

notify::MessageLinks message_links(const notify::Notification& notification, const notify::LinkSigner& signer,
                                   std::chrono::milliseconds lifetime) {
  if (notification.external_url.empty()) return {};
  const std::int64_t expires_ms = notification.now_ms + lifetime.count();
  notify::MessageLinks links;
  if (!notification.common_labels.empty()) {
    links.silence = notification.external_url + "/-/silence?token=" +
                    signer.sign({notify::LinkPurpose::silence, matchers_of(notification.common_labels), expires_ms});
  }
  const std::string subject = notification.alerts.size() == 1
                                  ? rules::fingerprint_text(notification.alerts.front().labels)
                                  : notification.group_key;
  links.acknowledge = notification.external_url +
                      "/-/acknowledge?token=" + signer.sign({notify::LinkPurpose::acknowledge, subject, expires_ms});
  return links;
}

}  // namespace monitor
BELLWETHER_NAMESPACE_END
