// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/run_monitor.hpp"

#include <fmt/core.h>
#include <malloc.h>
#include <spdlog/logger.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "cli/log.hpp"
#include "cli/monitor_line.hpp"
#include "cli/screen.hpp"
#include "cli/stop_signals.hpp"
#include "monitor/monitor.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// A target and its push stream take two descriptors: thousands need more than the usual 1024. What is allowed, we take.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int run_monitor(monitor::MonitorOptions options, std::optional<std::chrono::nanoseconds> run_for) {
  mallopt(M_ARENA_MAX, 2);  // what one thread frees serves the others
  // What is large is short-lived: a target's answer, a commit's samples. On the heap it would leave holes between samples, which
  // stay for minutes. A value that is set does not grow by itself. (How much this alone saves has not been measured.)
  mallopt(M_MMAP_THRESHOLD, 192 * 1024);
  raise_descriptor_limit();
  StopSignals signals{StopSignals::Hangup::reloads};
  std::unique_ptr<Screen> screen;
  if (isatty(STDOUT_FILENO) != 0) screen = std::make_unique<Screen>(stdout);
  const auto log = make_log(screen.get());
  options.log = [log](std::string_view text) { log->warn(text); };
  if (geteuid() == 0)
    log->warn("running as root, which nothing here needs: let another user own {}", options.directory);

  auto started = monitor::Monitor::start(options);
  if (!started) {
    fmt::print(stderr, "bellwether: {}\n", started.error().message);
    return 1;
  }
  monitor::Monitor& monitor = **started;
  fmt::print("Bellwether monitor: {} on {}, data in {}\n",
             options.config_file.empty() ? "its built-in configuration" : options.config_file, monitor.url(),
             options.directory);
  std::fflush(stdout);

  MonitorLine line{monitor, *options.clock};
  const auto begin = options.clock->monotonic();
  constexpr std::chrono::seconds look_every{1};
  while (!run_for || options.clock->monotonic() - begin < *run_for) {
    if (screen) screen->draw({line.text()});
    const std::chrono::nanoseconds wait =
        run_for ? std::min<std::chrono::nanoseconds>(look_every, begin + *run_for - options.clock->monotonic())
                : std::chrono::nanoseconds{look_every};
    if (wait.count() > 0 && signals.wait_for(wait)) break;
    if (signals.take_reload()) (void)monitor.reload();  // it has logged what came of it
  }
  if (!screen) fmt::print("{}\n", line.text());
  monitor.stop();
  return 0;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
