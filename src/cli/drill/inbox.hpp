// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

/// An alert to look for: its name, and a label if there are several of the name ("priority=P0"; empty: any).
struct WantedAlert {
  std::string name;
  std::string match = {};
};

/// The person at the end of the line: takes Alertmanager's webhooks (version 4) and remembers when each alert began and ended, as seen
/// from here.
///
///     Inbox inbox{Clock::system()};
///     auto server = net::HttpServer::start({.port = 9099}, {inbox.route("/alerts")});
///     inbox.wait_until([&] { return inbox.firing({"EngineCrashed"}); }, 30s, stop);
///
/// Threads: any, by a mutex. Times are Clock::monotonic().
class Inbox {
 public:
  explicit Inbox(const Clock& clock) : clock_(clock) {}

  net::Route route(std::string path);
  /// Takes a webhook's body; the number of alerts in it. Errors: not JSON, or not that format.
  Result<std::size_t> take(std::string_view body);

  bool firing(const WantedAlert& alert) const;
  /// When it began, of those beginnings not before `from`.
  std::optional<std::chrono::nanoseconds> began(const WantedAlert& alert, std::chrono::nanoseconds from) const;
  /// When the last of it ended; nothing while one fires, or none has.
  std::optional<std::chrono::nanoseconds> ended(const WantedAlert& alert) const;
  std::size_t notifications() const;

  /// Is called for each alert that began or ended: its name and labels, and which. Set it before anything arrives.
  using Tell = std::function<void(const std::string& text, bool firing)>;
  void tell(Tell tell) { tell_ = std::move(tell); }

  /// Looks at `done` after each arrival; false when the time is over, or a stop was asked.
  bool wait_until(const std::function<bool()>& done, std::chrono::nanoseconds at_most, const std::stop_token& stop);

 private:
  struct State {
    std::string name;
    std::map<std::string, std::string> labels;
    bool firing = false;
    std::vector<std::chrono::nanoseconds> began;
    std::optional<std::chrono::nanoseconds> ended;
  };

  static bool fits(const State& state, const WantedAlert& alert);

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::map<std::string, State> alerts_;  // by their labels
  std::size_t notifications_ = 0;
  Tell tell_;
};

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
