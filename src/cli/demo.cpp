// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/demo.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/logger.h>
#include <unistd.h>

#include <atomic>
#include <bellwether/clock.hpp>
#include <bellwether/process_metrics.hpp>
#include <bellwether/registry.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "cli/access_token.hpp"
#include "cli/live_summary.hpp"
#include "cli/log.hpp"
#include "cli/screen.hpp"
#include "cli/stop_signals.hpp"
#include "exporter/metrics_route.hpp"
#include "net/http_server.hpp"
#include "paper/desk.hpp"
#include "paper/exports/desk_metrics.hpp"
#include "paper/exports/levibot_observer.hpp"
#include "paper/feed/market.hpp"
#include "paper/http/desk_routes.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// Those of the document's soak test.
const std::vector<std::string> generated_symbols = {"BTCUSDT", "ETHUSDT", "SOLUSDT", "ATOMUSDT", "AVAXUSDT"};

struct OpenedMarket {
  paper::Market market;
  std::string description;
};

Result<OpenedMarket> open_market(const DemoOptions& options, const paper::InputFaults::Tell& tell) {
  const auto directory = find_data(options.data);
  if (!directory) return directory.error();
  if (!directory->empty()) {
    auto market = paper::open_recorded_market(*directory, options.symbols, tell);
    if (!market) return market.error();
    return OpenedMarket{std::move(*market), "recorded ticks of " + *directory + ", in a loop"};
  }
  auto market =
      paper::open_generated_market(options.symbols.empty() ? generated_symbols : options.symbols, options.seed, tell);
  return OpenedMarket{std::move(market), fmt::format("the generator with seed {}: no recorded ticks here, name some "
                                                     "with --data or BELLWETHER_DATA",
                                                     options.seed)};
}

std::vector<net::Route> all_routes(const Registry& registry, paper::Desk& desk, const std::atomic<bool>& running,
                                   const std::string& token) {
  using net::Request;
  using net::Response;
  std::vector<net::Route> routes = paper::desk_routes(desk, token);
  routes.push_back(exporter::metrics_route(registry, "/metrics/prom"));
  routes.push_back(exporter::metrics_route(registry, "/metrics"));
  routes.push_back({"GET", "/health", [](const Request&) { return Response::text(200, "ok\n"); }});
  routes.push_back({"GET", "/ready", [&running](const Request&) {
                      return running ? Response::text(200, "ready\n") : Response::text(503, "the desk does not run\n");
                    }});
  return routes;
}

void greet(const net::HttpServer& server, const OpenedMarket& opened, const DemoOptions& options,
           const std::string& token) {
  fmt::print(
      "Bellwether demo: {} on {}\n"
      "  speed    {}\n"
      "  metrics  {}/metrics/prom\n"
      "  engines  {}/engines/status   risk {}/risk/summary\n"
      "  token    {}  (for faults and resets: Authorization: Bearer ...)\n",
      fmt::join(opened.market.symbols, ", "), opened.description,
      options.speed ? fmt::format("{:g}x", *options.speed) : "as fast as it goes", server.url(), server.url(),
      server.url(), token);
  std::fflush(stdout);
}

void take_leave(const paper::Desk& desk) {
  fmt::print("stopped after {} events;", desk.events());
  for (std::size_t kind = 0; kind < paper::input_fault_kinds; ++kind) {
    const auto fault = static_cast<paper::InputFault>(kind);
    fmt::print(" {}={}", paper::name(fault), desk.faults(fault));
  }
  fmt::print("\n");
  std::fflush(stdout);
}

/// Runs the desk on a thread of its own; an exception there ends the demo, not the process.
class DeskThread {
 public:
  DeskThread(paper::Desk& desk, spdlog::logger& log)
      : running_(true), thread_([this, &desk, &log](const std::stop_token& stop) {
          try {
            desk.run(stop);
          } catch (const std::exception& exception) {
            failed_ = true;
            log.error("the desk has failed: {}", exception.what());
          }
          running_ = false;
        }) {}

  const std::atomic<bool>& running() const noexcept { return running_; }
  bool failed() const noexcept { return failed_; }
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> running_;
  std::atomic<bool> failed_{false};
  std::jthread thread_;
};

int fail(const std::string& why) {
  fmt::print(stderr, "bellwether demo: {}\n", why);
  return 1;
}

bool wants_colour() {
  const char* const refused = std::getenv("NO_COLOR");
  return refused == nullptr || *refused == '\0';
}

}  // namespace

int run_demo(const DemoOptions& options) {
  StopSignals signals;
  const Clock& clock = Clock::system();
  std::unique_ptr<Screen> screen;
  if (isatty(STDOUT_FILENO) != 0) screen = std::make_unique<Screen>(stdout);
  const auto log = make_log(screen.get());
  const auto tell = [log](const std::string& text) { log->warn(text); };

  const auto token = access_token();
  if (!token) return fail(token.error().message);
  auto opened = open_market(options, tell);
  if (!opened) return fail(opened.error().message);

  Registry registry;
  const auto process = add_process_metrics(registry);
  if (!process) return fail(process.error().message);
  const std::vector<std::string> symbols = opened->market.symbols;
  paper::LevibotObserver levibot{registry, symbols};
  paper::DeskMetrics desk_metrics{registry, symbols, options.speed};
  paper::DeskObservers observers{{&levibot, &desk_metrics}};
  paper::Desk desk{std::move(opened->market), {.speed = options.speed}, clock, observers, tell};
  opened->market.symbols = symbols;

  LiveSummary summary{desk, clock, screen.get(), wants_colour()};
  DeskThread thread{desk, *log};
  auto server = net::HttpServer::start({.port = options.port}, all_routes(registry, desk, thread.running(), *token));
  if (!server) return fail(server.error().message);
  greet(**server, *opened, options, *token);

  const auto begin = clock.monotonic();
  constexpr std::chrono::milliseconds look_every{50};
  while (thread.running() && !(options.run_for && clock.monotonic() - begin >= *options.run_for)) {
    summary.update();
    if (signals.wait_for(look_every)) break;
  }
  summary.show();
  (*server)->stop();
  thread.stop();
  take_leave(desk);
  return thread.failed() ? 1 : 0;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
