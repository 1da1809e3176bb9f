// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/stop_signals.hpp"

#include <csignal>
#include <ctime>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool StopSignals::wait_for(std::chrono::nanoseconds time) {
  const sigset_t signals = stop_signals();
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec timeout{static_cast<std::time_t>(whole.count()), static_cast<long>((time - whole).count())};
  return sigtimedwait(&signals, nullptr, &timeout) > 0;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
