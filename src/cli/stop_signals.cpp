// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/stop_signals.hpp"

#include <ctime>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

StopSignals::StopSignals(Hangup hangup) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  if (hangup == Hangup::reloads) sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool StopSignals::wait_for(std::chrono::nanoseconds time) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec timeout{static_cast<std::time_t>(whole.count()), static_cast<long>((time - whole).count())};
  const int signal = sigtimedwait(&signals_, nullptr, &timeout);
  if (signal == SIGHUP) reload_ = true;
  return signal > 0 && signal != SIGHUP;
}

bool StopSignals::take_reload() noexcept {
  return std::exchange(reload_, false);
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
