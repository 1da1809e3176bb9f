// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/run_desk.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/logger.h>
#include <unistd.h>

#include <bellwether/clock.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "cli/access_token.hpp"
#include "cli/demo/alert_show.hpp"
#include "cli/demo/demo_rules.hpp"
#include "cli/demo/inbox.hpp"
#include "cli/live_summary.hpp"
#include "cli/log.hpp"
#include "cli/monitor_line.hpp"
#include "cli/screen.hpp"
#include "cli/stop_signals.hpp"
#include "monitor/default_config.hpp"
#include "monitor/monitor.hpp"
#include "net/http_server.hpp"
#include "paper/desk_instance.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// Those of the document's soak test.
const std::vector<std::string> generated_symbols = {"BTCUSDT", "ETHUSDT", "SOLUSDT", "ATOMUSDT", "AVAXUSDT"};

struct OpenedMarket {
  paper::Market market;
  std::string description;
};

Result<OpenedMarket> open_market(const DeskOptions& options, const paper::InputFaults::Tell& tell) {
  const auto data = choose_data(options.profile, options.data);
  if (!data) return data.error();
  paper::ProfileOptions profile;
  profile.profile = data->profile;
  profile.directory = data->directory;
  profile.symbols = options.symbols;
  if (profile.profile == paper::Profile::generated && profile.symbols.empty()) profile.symbols = generated_symbols;
  profile.seed = options.seed;
  profile.adjust_splits = !options.raw_prices;
  auto market = paper::open_market(profile, tell);
  if (!market) return market.error();
  std::string description =
      data->profile == paper::Profile::generated
          ? fmt::format("the generator with seed {}: no recorded ticks here, name some with --data or BELLWETHER_DATA",
                        options.seed)
          : fmt::format("recorded {} of {}, in a loop", name(data->profile), data->directory);
  return OpenedMarket{std::move(*market), std::move(description)};
}

void greet(const paper::DeskInstance& desk, const std::vector<std::string>& symbols, const std::string& market,
           std::optional<double> speed, const std::string& token) {
  const std::string url = desk.server().url();
  fmt::print(
      "Bellwether desk: {} on {}\n"
      "  speed    {}\n"
      "  metrics  {}/metrics/prom\n"
      "  engines  {}/engines/status   risk {}/risk/summary   all of it {}/openapi.json\n"
      "  token    {}  (for all that changes something: Authorization: Bearer ...)\n",
      fmt::join(symbols, ", "), market, speed ? fmt::format("{:g}x", *speed) : "as fast as it goes", url, url, url, url,
      token);
  std::fflush(stdout);
}

void tell_latches(const paper::DeskSnapshot& snapshot) {
  for (const paper::KillView& kill : snapshot.risk.latched) fmt::print("  STOPPED  {}\n", kill.message);
  std::fflush(stdout);
}

void take_leave(const paper::Desk& desk) {
  fmt::print("stopped after {} events;", desk.events());
  for (std::size_t kind = 0; kind < paper::input_fault_kinds; ++kind) {
    const auto fault = static_cast<paper::InputFault>(kind);
    fmt::print(" {}={}", paper::name(fault), desk.input_faults(fault));
  }
  fmt::print("\n");
  std::fflush(stdout);
}

/// Beside the desk, in a folder of its directory: with the rules of the pack levibot, and telling the inbox.
Result<std::unique_ptr<monitor::Monitor>> start_monitor(std::uint16_t port, const paper::DeskInstance& desk,
                                                        const std::string& directory, const Inbox& inbox,
                                                        const paper::InputFaults::Tell& tell) {
  const auto rules = write_demo_rules(directory + "/rules");
  if (!rules) return rules.error();
  monitor::MonitorOptions options;
  options.config_text = monitor::default_config(desk.server().port(), port, {*rules});
  options.alertmanager_text = inbox.alertmanager_config();
  options.directory = directory + "/monitor";
  options.port = port;
  options.log = [tell](std::string_view text) { tell(std::string(text)); };
  auto started = monitor::Monitor::start(std::move(options));
  if (!started) return Error{"the monitor beside the desk: " + started.error().message};
  fmt::print("  monitor  {}/api/v1/query?query=up\n", (*started)->url());
  std::fflush(stdout);
  return started;
}

int fail(const std::string& why) {
  fmt::print(stderr, "bellwether: {}\n", why);
  return 1;
}

bool wants_colour() {
  const char* const refused = std::getenv("NO_COLOR");
  return refused == nullptr || *refused == '\0';
}

paper::DeskInstanceOptions instance_options(const DeskOptions& options, std::string token,
                                            std::optional<double> speed) {
  paper::DeskInstanceOptions instance;
  instance.name = options.name;
  instance.directory = options.directory.empty() ? "data/" + options.name : options.directory;
  instance.state_url = options.state_url;
  instance.journal_url = options.journal_url;
  instance.token = std::move(token);
  instance.port = options.port;
  instance.speed = speed;
  instance.seed = options.seed;
  return instance;
}

}  // namespace

int run_desk(const DeskOptions& options) {
  StopSignals signals;
  const Clock& clock = Clock::system();
  std::unique_ptr<Screen> screen;
  if (isatty(STDOUT_FILENO) != 0) screen = std::make_unique<Screen>(stdout);
  const auto log = make_log(screen.get());
  const auto tell = [log](const std::string& text) { log->warn(text); };

  auto token = access_token();
  if (!token) return fail(token.error().message);
  auto opened = open_market(options, tell);
  if (!opened) return fail(opened.error().message);
  const std::vector<std::string> symbols = opened->market.symbols;
  const std::optional<double> speed = options.speed.value_or(opened->market.natural_speed);
  const paper::DeskInstanceOptions desk_options = instance_options(options, *token, speed);
  auto started = paper::DeskInstance::start(std::move(opened->market), desk_options, tell);
  if (!started) return fail(started.error().message);
  paper::DeskInstance& instance = **started;
  greet(instance, symbols, opened->description, speed, *token);
  std::unique_ptr<Inbox> inbox;
  std::unique_ptr<monitor::Monitor> monitor;
  std::optional<MonitorLine> monitor_line;
  std::optional<AlertShow> show;
  if (options.monitor_port) {
    auto opened_inbox = Inbox::open(desk_options.directory + "/inbox", clock);
    if (!opened_inbox) return fail(opened_inbox.error().message);
    inbox = std::move(*opened_inbox);
    auto beside = start_monitor(*options.monitor_port, instance, desk_options.directory, *inbox, tell);
    if (!beside) return fail(beside.error().message);
    monitor = std::move(*beside);
    monitor_line.emplace(*monitor, clock);
    if (options.show_alert_after) {
      show.emplace(instance.desk(), *inbox, *token, clock, *options.show_alert_after,
                   [&screen](const std::string& line) {
                     if (screen) {
                       screen->say(line);
                     } else {
                       fmt::print("{}\n", line);
                       std::fflush(stdout);
                     }
                   });
    }
  }
  tell_latches(instance.desk().snapshot());

  LiveSummary summary{instance.desk(), monitor_line ? &*monitor_line : nullptr, clock, screen.get(), wants_colour()};
  const auto begin = clock.monotonic();
  auto next_tick = begin;
  constexpr std::chrono::milliseconds look_every{50};
  constexpr std::chrono::seconds tick_every{1};
  while (instance.running() && !(options.run_for && clock.monotonic() - begin >= *options.run_for)) {
    summary.update();
    if (show) show->update();
    if (clock.monotonic() >= next_tick) {
      instance.tick();
      next_tick = clock.monotonic() + tick_every;
    }
    if (signals.wait_for(look_every)) break;
  }
  summary.show();
  if (monitor) monitor->stop();
  instance.stop();
  take_leave(instance.desk());
  return instance.failed() ? 1 : 0;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
