// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/shortening.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
constexpr std::array levels{
    Detail{.alerts = all, .annotation = all, .label = all}, Detail{.alerts = all, .annotation = 2000, .label = 500},
    Detail{.alerts = 50, .annotation = 1000, .label = 200}, Detail{.alerts = 20, .annotation = 600, .label = 200},
    Detail{.alerts = 10, .annotation = 400, .label = 120},  Detail{.alerts = 5, .annotation = 300, .label = 120},
    Detail{.alerts = 3, .annotation = 300, .label = 100},   Detail{.alerts = 1, .annotation = 300, .label = 100},
    Detail{.alerts = 1, .annotation = 150, .label = 60},    Detail{.alerts = 1, .annotation = 60, .label = 30},
    Detail{.alerts = 0, .annotation = 60, .label = 30},     Detail{.alerts = 0, .annotation = 20, .label = 12},
};

rules::AlertLabels shortened_values(const rules::AlertLabels& labels, std::size_t limit) {
  rules::AlertLabels result;
  for (const auto& [name, value] : labels) result.emplace(shorten(name, limit), shorten(value, limit));
  return result;
}

}  // namespace

Detail detail_at(std::size_t level) noexcept {
  return levels[std::min(level, levels.size() - 1)];
}

std::size_t detail_levels() noexcept {
  return levels.size();
}

Notification shortened(const Notification& notification, const Detail& detail) {
  Notification less = notification;
  if (less.alerts.size() > detail.alerts) {
    less.truncated_alerts += less.alerts.size() - detail.alerts;
    less.alerts.resize(detail.alerts);
  }
  if (detail.annotation == all) return less;
  less.group_labels = shortened_values(less.group_labels, detail.label);
  less.common_labels = shortened_values(less.common_labels, detail.label);
  less.common_annotations = shortened_values(less.common_annotations, detail.annotation);
  for (rules::Alert& alert : less.alerts) {
    alert.labels = shortened_values(alert.labels, detail.label);
    alert.annotations = shortened_values(alert.annotations, detail.annotation);
  }
  return less;
}

Result<std::string> render_within(const Notification& notification,
                                  const std::function<Result<std::string>(const Notification&)>& render,
                                  const std::function<bool(const std::string&)>& fits) {
  Result<std::string> message = render(notification);
  for (std::size_t level = 1; level < levels.size(); ++level) {
    if (!message || fits(*message)) return message;
    message = render(shortened(notification, levels[level]));
  }
  return message;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
