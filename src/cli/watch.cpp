// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/logger.h>

#include <bellwether/registry.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "automation/directory_watcher.hpp"
#include "automation/pack_observers.hpp"
#include "automation/run_reporter.hpp"
#include "automation/stoppable_sleeper.hpp"
#include "automation/system.hpp"
#include "cli/automation_server.hpp"
#include "cli/log.hpp"
#include "cli/stop_signals.hpp"
#include "net/http_client.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

using automation::TestRunOutcome;

/// The metrics always, and the reporter if there is one.
class WatchObservers final : public automation::WatchObserver {
 public:
  WatchObservers(automation::WatchObserver& first, automation::WatchObserver* second)
      : first_(first), second_(second) {}

  void running(bool is_running) override { first_.running(is_running); }
  void waiting(std::size_t files) override { first_.waiting(files); }
  void failed(std::string_view what) override { first_.failed(what); }
  void finished(const TestRunOutcome& outcome) override {
    first_.finished(outcome);
    if (second_ != nullptr) second_->finished(outcome);
  }

 private:
  automation::WatchObserver& first_;
  automation::WatchObserver* second_;
};

/// The keys of BELLWETHER_REPORT_KEYS, comma separated: never on the command line, which all users of the machine see.
std::vector<automation::ProviderKey> report_keys() {
  std::vector<automation::ProviderKey> keys;
  const char* const given = std::getenv("BELLWETHER_REPORT_KEYS");
  for (std::string_view rest = given != nullptr ? given : ""; !rest.empty();) {
    const auto comma = rest.find(',');
    if (const auto secret = rest.substr(0, comma); !secret.empty()) {
      keys.push_back({.id = fmt::format("key-{}", keys.size() + 1), .secret = std::string{secret}});
    }
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  if (keys.empty()) keys.push_back({.id = "key-1"});
  return keys;
}

/// All that reports need, in the order of who uses whom.
class Reports {
 public:
  Reports(const std::string& url, Registry& registry, automation::RunReporter::Log log)
      : calls_(registry, "report"),
        client_({.provider = "report",
                 .base_url = url,
                 .keys = report_keys(),
                 .check = nullptr,
                 .observer = &calls_,
                 .registry = &registry,
                 .sleeper = &sleeper_},
                transport_),
        reporter_(client_, "", std::move(log)) {}
  ~Reports() { sleeper_.stop(); }
  Reports(const Reports&) = delete;
  Reports& operator=(const Reports&) = delete;

  automation::WatchObserver& observer() noexcept { return reporter_; }

 private:
  automation::PackWatcherApiObserver calls_;
  automation::StoppableSleeper sleeper_;
  net::HttpClient transport_;
  automation::ProviderClient client_;
  automation::RunReporter reporter_;
};

int fail(const std::string& why) {
  fmt::print(stderr, "bellwether watch: {}\n", why);
  return 1;
}

}  // namespace

int run_watch(const WatchOptions& options) {
  StopSignals signals;
  const auto log = make_log(nullptr);
  const auto say = [log](std::string_view text) { log->info("{}", text); };

  auto kernel = automation::ChangeKernel::inotify();
  if (!kernel) return fail(kernel.error().message);
  std::vector<std::string> ignored;
  if (!options.watcher.run.junit_file.empty()) ignored.push_back(options.watcher.run.junit_file);
  auto directories = automation::DirectoryWatcher::open(options.paths, automation::PathFilter{options.filter}, ignored,
                                                        std::move(*kernel));
  if (!directories) return fail(directories.error().message);
  const std::size_t watched = directories->watched_directories();

  Registry registry;
  const auto system = automation::SystemMetrics::add(registry);
  if (!system) return fail(system.error().message);
  automation::PackWatchObserver metrics{registry};
  std::optional<Reports> reports;
  if (!options.report_to.empty()) reports.emplace(options.report_to, registry, say);
  WatchObservers observers{metrics, reports ? &reports->observer() : nullptr};
  automation::TestWatcher watcher{options.watcher, std::move(*directories), observers, say};

  Worker worker{[&watcher](const std::stop_token& stop) { watcher.run(stop); }};
  auto server = start_automation_server(options.port, registry, worker.running());
  if (!server) return fail(server.error().message);
  fmt::print("watching {} directories below {}\n  command  {}\n  metrics  {}/metrics\n", watched,
             fmt::join(options.paths, ", "), fmt::join(options.watcher.run.command, " "), (*server)->url());
  std::fflush(stdout);

  while (worker.running() && !signals.wait_for(std::chrono::milliseconds{100})) {
  }
  (*server)->stop();
  worker.stop();
  if (!worker.failure().empty()) return fail(worker.failure());
  fmt::print("stopped\n");
  return 0;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
