// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <tuple>

#include "api/v2/alert_filter.hpp"
#include "api/v2/alert_json.hpp"
#include "api/v2/json_body.hpp"
#include "api/v2/posted_alerts.hpp"
#include "api/v2/v2_handlers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

net::Response list_alerts(const V2Sources& sources, const net::Request& request) {
  auto filter = AlertFilter::of(request);
  if (!filter) return filter.refused();
  std::vector<notify::AlertView> views = sources.alerts ? sources.alerts() : std::vector<notify::AlertView>();
  const std::int64_t now = now_ms(sources);
  std::erase_if(views, [&](const notify::AlertView& view) {
    if (!filter->wants(view, now)) return true;
    if (!filter->receiver) return false;
    return std::none_of(view.receivers.begin(), view.receivers.end(),
                        [&](const std::string& name) { return filter->wants_receiver(name); });
  });
  std::sort(views.begin(), views.end(), [](const auto& a, const auto& b) { return a.fingerprint < b.fingerprint; });
  std::string body = "[";
  for (const notify::AlertView& view : views) {
    if (body.size() > 1) body += ',';
    append_alert(body, view);
  }
  return net::Response::json(200, body + "]\n");
}

net::Response list_groups(const V2Sources& sources, const net::Request& request) {
  auto filter = AlertFilter::of(request);
  if (!filter) return filter.refused();
  std::vector<notify::GroupView> groups = sources.groups ? sources.groups() : std::vector<notify::GroupView>();
  const std::int64_t now = now_ms(sources);
  std::sort(groups.begin(), groups.end(), [](const notify::GroupView& a, const notify::GroupView& b) {
    return std::tie(a.labels, a.receiver, a.key) < std::tie(b.labels, b.receiver, b.key);
  });
  std::string body = "[";
  for (notify::GroupView& group : groups) {
    if (!filter->wants_receiver(group.receiver)) continue;
    std::erase_if(group.alerts, [&](const notify::AlertView& view) { return !filter->wants(view, now); });
    if (group.alerts.empty()) continue;
    std::sort(group.alerts.begin(), group.alerts.end(),
              [](const auto& a, const auto& b) { return a.fingerprint < b.fingerprint; });
    if (body.size() > 1) body += ',';
    append_group(body, group);
  }
  return net::Response::json(200, body + "]\n");
}

net::Response post_alerts(const V2Sources& sources, const net::Request& request) {
  if (!sources.post) return refusal(404, "no alerts are taken here: start the monitor with an alertmanager.yml");
  constexpr std::chrono::milliseconds usual_timeout{300'000};
  auto posted = read_posted_alerts(request.body, now_ms(sources),
                                   sources.resolve_timeout ? sources.resolve_timeout() : usual_timeout);
  if (!posted) return posted.refused();
  if (!posted->alerts.empty()) {
    const Result<void> taken = sources.post(posted->alerts);
    if (!taken) return refusal(500, taken.error().message);
  }
  return posted->faults.empty() ? net::Response{} : refusal(400, posted->faults);
}

}  // namespace api
BELLWETHER_NAMESPACE_END
