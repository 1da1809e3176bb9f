// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/run_drills.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bellwether/clock.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include "cli/drill/desk_control.hpp"
#include "cli/drill/drill_files.hpp"
#include "cli/drill/inbox.hpp"
#include "cli/drill/runner.hpp"
#include "cli/drill/stand_in.hpp"
#include "cli/stop_signals.hpp"
#include "monitor/monitor.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

namespace {

constexpr int could_not_run = 2;
constexpr std::chrono::seconds settling{6};

int fail(const std::string& why) {
  fmt::print(stderr, "bellwether drill: {}\n", why);
  return could_not_run;
}

void say(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
}

bool is_wanted(const Drill& drill, const DrillOptions& options) {
  if (!options.severity.empty() && drill.severity != options.severity) return false;
  return options.names.empty() || std::any_of(options.names.begin(), options.names.end(), [&](const std::string& name) {
           return name == drill.name || std::any_of(drill.alerts.begin(), drill.alerts.end(),
                                                    [&](const WantedAlert& alert) { return alert.name == name; });
         });
}

/// "levibot/HighErrorRate": the same name stands in more than one pack.
std::string name_of(const StandInScenario& scenario) {
  return fmt::format("{}/{}{}", scenario.pack, scenario.alert,
                     scenario.match.starts_with("priority=") ? " " + std::string{scenario.match.substr(9)} : "");
}

/// Where alerts come to, and where the stand-in is scraped.
class Place {
 public:
  Place() : inbox_(Clock::system()), stand_in_(Clock::system()) {}

  Result<void> open(std::uint16_t port) {
    auto server = net::HttpServer::start(
        {.port = port}, {inbox_.route("/alerts"), {"GET", "/metrics", [this](const net::Request&) {
                                                     auto answer = net::Response::text(200, stand_in_.metrics());
                                                     answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
                                                     return answer;
                                                   }}});
    if (!server) return server.error();
    server_ = std::move(*server);
    return {};
  }

  Result<std::vector<Drill>> stand_in_drills() {
    std::vector<Drill> drills;
    for (const StandInScenario& scenario : stand_in_scenarios()) {
      const std::string name = name_of(scenario);
      if (auto added = stand_in_.add(name, scenario.series); !added) return added.error();
      Drill drill;
      drill.name = name;
      drill.severity = scenario.severity;
      drill.alerts.push_back({std::string{scenario.alert}, std::string{scenario.match}});
      drill.begin = [this, name]() -> Result<void> {
        stand_in_.begin(name);
        return {};
      };
      drill.end = [this, name]() -> Result<void> {
        stand_in_.end(name);
        return {};
      };
      drills.push_back(std::move(drill));
    }
    for (Drill& drill : drills) drill.uses = stand_in_.metrics_of(drill.name);
    return drills;
  }

  std::uint16_t port() const { return server_->port(); }
  Inbox& inbox() { return inbox_; }
  StandIn& stand_in() { return stand_in_; }

 private:
  Inbox inbox_;
  StandIn stand_in_;
  std::unique_ptr<net::HttpServer> server_;
};

/// A folder that goes when we do.
class Folder {
 public:
  Result<void> make() {
    std::string name = (std::filesystem::temp_directory_path() / "bellwether-drill-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return Error{"no folder can be made: " + name};
    name_ = name;
    return {};
  }
  ~Folder() {
    std::error_code ignored;
    if (!name_.empty()) std::filesystem::remove_all(name_, ignored);
  }
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

std::string without_scheme(const std::string& url) {
  const std::size_t at = url.find("://");
  return at == std::string::npos ? url : url.substr(at + 3);
}

DrillFiles files_of(const DrillOptions& options, const std::string& directory, std::uint16_t port) {
  return {.directory = directory,
          .packs = options.packs,
          .port = port,
          .desk = options.stand_in ? "" : without_scheme(options.desk),
          .alertmanager = options.alertmanager,
          .shortened = !options.own_times};
}

Result<std::unique_ptr<monitor::Monitor>> start_monitor(const std::string& directory) {
  monitor::MonitorOptions options;
  options.config_file = directory + "/prometheus.yml";
  options.alertmanager_file = directory + "/alertmanager.yml";
  options.directory = directory + "/data";
  options.port = 0;
  options.log = [](std::string_view text) { say("monitor: " + std::string{text}); };
  return monitor::Monitor::start(std::move(options));
}

/// SIGINT and SIGTERM end a drill at its next step: what was switched on is switched off.
class StopOnSignal {
 public:
  std::stop_token token() const { return stop_.get_token(); }

 private:
  StopSignals signals_;
  std::stop_source stop_;
  std::jthread thread_{[this](const std::stop_token& done) {
    while (!done.stop_requested()) {
      if (signals_.wait_for(std::chrono::milliseconds{50})) stop_.request_stop();
    }
  }};
};

/// Until the monitor knows how it is when all is well: rates look back three seconds in a drill. False: stopped, or nobody came.
bool wait_for_monitor(Place& place, const monitor::Monitor* own, const DrillOptions& options,
                      const std::stop_token& stop) {
  if (!options.monitor.empty()) return true;
  const auto is_there = [&] {
    return own != nullptr ? own->status().targets_up > 0 : !options.stand_in || place.stand_in().scrapes() > 0;
  };
  const Clock& clock = Clock::system();
  const auto deadline = clock.monotonic() + std::chrono::minutes{2};
  std::optional<std::chrono::nanoseconds> there;
  while (!there || clock.monotonic() < *there + settling) {
    if (stop.stop_requested() || (!there && clock.monotonic() > deadline)) return false;
    if (!there && is_there()) there = clock.monotonic();
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return true;
}

}  // namespace

int run_drills(const DrillOptions& options) {
  const StopOnSignal signal;
  Folder folder;
  Place place;
  net::HttpClient http;
  DeskControl desk{http, options.desk, options.token};
  if (auto opened = place.open(options.port); !opened) return fail(opened.error().message);

  std::vector<Drill> all;
  if (options.stand_in) {
    auto drills = place.stand_in_drills();
    if (!drills) return fail(drills.error().message);
    all = std::move(*drills);
  } else {
    if (const auto status = desk.status(); !status) return fail(status.error().message);
    for (const DeskScenario& scenario : desk_scenarios()) all.push_back(desk.drill(scenario));
  }
  std::erase_if(all, [&](const Drill& drill) { return !is_wanted(drill, options); });
  if (all.empty()) return fail("no such scenario; `bellwether drill list` shows them");

  std::unique_ptr<monitor::Monitor> own;
  if (options.monitor.empty()) {
    std::string directory = options.prepare;
    if (directory.empty()) {
      if (auto made = folder.make(); !made) return fail(made.error().message);
      directory = folder.name();
    }
    if (auto done = write_drill_files(files_of(options, directory, place.port())); !done)
      return fail(done.error().message);
    if (options.prepare.empty()) {
      auto started = start_monitor(directory);
      if (!started) return fail("the monitor of the drill: " + started.error().message);
      own = std::move(*started);
    } else {
      say(fmt::format("prepared {}: start a monitor with it; webhooks and metrics on port {}", directory,
                      place.port()));
    }
  }
  if (!wait_for_monitor(place, own.get(), options, signal.token())) return fail("no monitor came to scrape");

  RunOptions run;
  run.fire_within = options.fire_within;
  run.resolve_within = options.resolve_within;
  run.tell = say;
  run.stop = signal.token();
  std::vector<Outcome> outcomes;
  for (const std::vector<Drill>& wave : waves_of(std::move(all))) {
    if (signal.token().stop_requested()) break;
    auto some = run_wave(wave, place.inbox(), Clock::system(), run);
    outcomes.insert(outcomes.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  if (own) own->stop();
  fmt::print("{}", options.json ? json_of(outcomes) : table_of(outcomes));
  return std::all_of(outcomes.begin(), outcomes.end(), [](const Outcome& each) { return each.passed(); }) ? 0 : 1;
}

void list_drills() {
  fmt::print("On a desk (bellwether drill run NAME):\n");
  for (const DeskScenario& scenario : desk_scenarios()) {
    fmt::print("  {:<17} {:<8}  {}\n", scenario.name, scenario.severity, scenario.what);
    for (const std::string_view alert : scenario.alerts) fmt::print("  {:<17} {:<8}    {}\n", "", "", alert);
  }
  fmt::print("\nOn a stand-in (bellwether drill run --stand-in NAME):\n");
  for (const StandInScenario& scenario : stand_in_scenarios()) {
    fmt::print("  {:<48} {}\n", name_of(scenario), scenario.severity);
  }
}

int listen_for_alerts(std::uint16_t port) {
  StopSignals signals;
  Inbox inbox{Clock::system()};
  inbox.tell([](const std::string& text, bool firing) {
    fmt::print("{} {}\n", firing ? "FIRING  " : "RESOLVED", text);
    std::fflush(stdout);
  });
  std::vector<net::Route> routes;
  for (const char* const path : {"/", "/alerts", "/{receiver}"}) routes.push_back(inbox.route(path));
  auto server = net::HttpServer::start({.port = port}, std::move(routes));
  if (!server) return fail(server.error().message);
  fmt::print("webhooks to {}/alerts, or any other name\n", (*server)->url());
  std::fflush(stdout);
  while (!signals.wait_for(std::chrono::seconds{1})) {
  }
  return 0;
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
