// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/inbox.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

namespace json = boost::json;

net::Route Inbox::route(std::string path) {
  return {"POST", std::move(path), [this](const net::Request& request) {
            const auto taken = take(request.body);
            return taken ? net::Response::text(200, "ok\n") : net::Response::text(400, taken.error().message + '\n');
          }};
}

bool Inbox::fits(const State& state, const WantedAlert& alert) {
  if (state.name != alert.name) return false;
  if (alert.match.empty()) return true;
  const std::size_t equals = alert.match.find('=');
  const auto label = state.labels.find(alert.match.substr(0, equals));
  return label != state.labels.end() && label->second == alert.match.substr(equals + 1);
}

Result<std::size_t> Inbox::take(std::string_view body) {
  json::error_code wrong;
  const json::value message = json::parse(body, wrong);
  const json::array* const alerts = wrong || !message.is_object() || !message.as_object().contains("alerts")
                                        ? nullptr
                                        : message.at("alerts").if_array();
  if (alerts == nullptr) return Error{"not a webhook of Alertmanager: no list 'alerts'"};
  const auto now = clock_.monotonic();
  std::vector<std::pair<std::string, bool>> news;
  {
    const std::lock_guard lock{mutex_};
    ++notifications_;
    for (const json::value& alert : *alerts) {
      const json::object* const fields = alert.if_object();
      const json::value* const labels = fields == nullptr ? nullptr : fields->if_contains("labels");
      const json::value* const status = fields == nullptr ? nullptr : fields->if_contains("status");
      if (labels == nullptr || !labels->is_object() || status == nullptr || !status->is_string()) {
        return Error{"an alert without labels or status"};
      }
      State state;
      std::string key;
      for (const auto& [name, value] : labels->as_object()) {
        if (value.is_string()) state.labels[std::string{name}] = std::string{value.as_string()};
      }
      for (const auto& [name, value] : state.labels) key.append(name).append("=\"").append(value).append("\" ");
      state.name = state.labels["alertname"];
      State& known = alerts_.try_emplace(key, std::move(state)).first->second;
      const bool fires = status->as_string() == "firing";
      if (fires == known.firing) continue;
      known.firing = fires;
      if (fires) {
        known.began.push_back(now);
      } else {
        known.ended = now;
      }
      news.emplace_back(key, fires);
    }
  }
  arrived_.notify_all();
  for (const auto& [text, fires] : news) {
    if (tell_) tell_(text, fires);
  }
  return alerts->size();
}

bool Inbox::firing(const WantedAlert& alert) const {
  const std::lock_guard lock{mutex_};
  return std::any_of(alerts_.begin(), alerts_.end(),
                     [&](const auto& entry) { return entry.second.firing && fits(entry.second, alert); });
}

std::optional<std::chrono::nanoseconds> Inbox::began(const WantedAlert& alert, std::chrono::nanoseconds from) const {
  const std::lock_guard lock{mutex_};
  std::optional<std::chrono::nanoseconds> first;
  for (const auto& [key, state] : alerts_) {
    if (!fits(state, alert)) continue;
    for (const auto at : state.began) {
      if (at >= from && (!first || at < *first)) first = at;
    }
  }
  return first;
}

std::optional<std::chrono::nanoseconds> Inbox::ended(const WantedAlert& alert) const {
  const std::lock_guard lock{mutex_};
  std::optional<std::chrono::nanoseconds> last;
  for (const auto& [key, state] : alerts_) {
    if (!fits(state, alert)) continue;
    if (state.firing) return std::nullopt;
    if (state.ended && (!last || *state.ended > *last)) last = state.ended;
  }
  return last;
}

std::size_t Inbox::notifications() const {
  const std::lock_guard lock{mutex_};
  return notifications_;
}

bool Inbox::wait_until(const std::function<bool()>& done, std::chrono::nanoseconds at_most,
                       const std::stop_token& stop) {
  // `done` asks the inbox, so it is called without the lock; arrivals in between are seen by their number.
  const auto deadline = clock_.monotonic() + at_most;
  while (!stop.stop_requested()) {
    const std::size_t seen = notifications();
    if (done()) return true;
    const auto left = deadline - clock_.monotonic();
    if (left <= std::chrono::nanoseconds::zero()) return false;
    std::unique_lock lock{mutex_};
    arrived_.wait_for(lock, stop, left, [&] { return notifications_ != seen; });
  }
  return false;
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
