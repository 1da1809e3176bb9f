// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk_instance.hpp"

#include <atomic>
#include <bellwether/circuit_breaker.hpp>
#include <bellwether/health_registry.hpp>
#include <bellwether/kill_switch.hpp>
#include <bellwether/process_metrics.hpp>
#include <bellwether/sleeper.hpp>
#include <exception>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "exporter/metrics_route.hpp"
#include "net/http_server.hpp"
#include "net/live_stream.hpp"
#include "paper/desk_checks.hpp"
#include "paper/desk_observers.hpp"
#include "paper/exports/desk_exports.hpp"
#include "paper/exports/live_events.hpp"
#include "paper/http/desk_api.hpp"
#include "paper/record_keeper.hpp"
#include "paper/research/research.hpp"
#include "paper/store/embedded_store.hpp"
#include "paper/store/postgres_journal.hpp"
#include "paper/store/redis_store.hpp"
#include "paper/store/sqlite_journal.hpp"
#include "paper/store/store_health.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr const char* venue_name = "paper";
constexpr std::chrono::seconds look_every{2};

std::string_view source_of(Profile profile) noexcept {
  switch (profile) {
    case Profile::ticks:
    case Profile::generated:
      return "websocket";
    case Profile::minutes_equity:
    case Profile::minutes_coinbase:
      return "minute_bars";
    case Profile::daily_equity:
    case Profile::daily_crypto:
      return "daily_bars";
  }
  return "file";
}

TradingPlaces places_of(const Market& market, const DeskSettings& settings) {
  TradingPlaces places;
  places.symbols = market.symbols;
  for (const std::string& symbol : market.symbols) places.bots.push_back("bot-" + symbol);
  for (const StrategySettings& strategy : settings.trading.strategies) places.strategies.push_back(strategy.name);
  places.venue = settings.venue;
  places.source = source_of(market.profile);
  places.regime = settings.trading.regime;
  return places;
}

DeskSettings settings_of(const Market& market, const DeskInstanceOptions& options) {
  DeskSettings settings = settings_for(market);
  settings.speed = options.speed;
  settings.venue = venue_name;
  settings.trading.seed = options.seed;
  return settings;
}

CircuitBreakerOptions breaker_of(std::string name, Registry& registry) {
  CircuitBreakerOptions options;
  options.name = std::move(name);
  options.key_id = "default";
  options.consecutive_failures = 3;
  options.open_time = std::chrono::seconds{2};
  options.max_open_time = std::chrono::seconds{30};
  options.registry = &registry;
  return options;
}

std::shared_ptr<StateStore> open_state(const DeskInstanceOptions& options, const StoreContext& context) {
  if (options.state_url.empty()) {
    return std::make_shared<EmbeddedStore>(EmbeddedStoreOptions{options.directory + "/state.db"}, context);
  }
  RedisStoreOptions redis;
  redis.url = options.state_url;
  return std::make_shared<RedisStore>(redis, context);
}

std::shared_ptr<Journal> open_journal(const DeskInstanceOptions& options, const StoreContext& context) {
  if (options.journal_url.empty()) {
    SqliteJournalOptions sqlite;
    sqlite.path = options.directory + "/journal.db";
    return std::make_shared<SqliteJournal>(sqlite, context);
  }
  PostgresJournalOptions postgres;
  postgres.url = options.journal_url;
  return std::make_shared<PostgresJournal>(postgres, context);
}

/// Runs the desk on a thread of its own; an exception there ends the desk, not the process.
class DeskThread {
 public:
  ~DeskThread() { stop(); }

  void start(Desk& desk, const DeskInstance::Tell& tell) {
    running_ = true;
    thread_ = std::jthread{[this, &desk, tell](const std::stop_token& stop) {
      try {
        desk.run(stop);
      } catch (const std::exception& exception) {
        failed_ = true;
        if (tell) tell(std::string{"the desk has failed: "} + exception.what());
      }
      running_ = false;
    }};
  }
  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  bool running() const noexcept { return running_; }
  bool failed() const noexcept { return failed_; }

 private:
  std::atomic<bool> running_{false};
  std::atomic<bool> failed_{false};
  std::jthread thread_;
};

}  // namespace

/// In the order in which each needs those before it.
struct DeskInstance::Parts {
  Parts(Market&& market, DeskInstanceOptions&& given, Tell&& told)
      : options(std::move(given)),
        tell(std::move(told)),
        settings(settings_of(market, options)),
        places(places_of(market, settings)),
        process(add_process_metrics(registry).value()),
        exports(registry, places, clock, options.speed),
        state_breaker(breaker_of(options.state_url.empty() ? "state_store" : "redis", registry)),
        journal_breaker(breaker_of(options.journal_url.empty() ? "journal" : "postgres", registry)),
        state(open_state(options, {&exports.store_observer(), &state_breaker, &clock})),
        journal(open_journal(options, {&exports.store_observer(), &journal_breaker, &clock})),
        state_writer(*state),
        journal_writer(*journal, journal_options()),
        records(journal_writer, state_writer, options.name, places, clock),
        live_events(live, places, clock),
        observers(all_observers()),
        kill(kill_options()),
        desk(std::move(market), settings, kill, clock, Sleeper::system(), observers, tell),
        research(places.symbols, desk.faults(), *state, state_writer, exports, registry, clock) {
    told_desk = &desk;
    add_checks();
  }

  JournalWriterOptions journal_options() {
    JournalWriterOptions writer;
    writer.instance = options.name;
    writer.on_loss = [this](const std::string& why) { say("the journal loses records: " + why); };
    return writer;
  }

  KillSwitchOptions kill_options() {
    KillSwitchOptions kill_switch;
    kill_switch.state_file = options.directory + "/kill.state";
    kill_switch.audit_file = options.directory + "/kill.audit";
    kill_switch.account = options.name;
    kill_switch.authorizer = token_authorizer(options.token);
    kill_switch.on_trip = [this](const KillLatch& latch, const std::string& message) {
      if (Desk* const told = told_desk) told->on_trip(latch, message);
    };
    kill_switch.registry = &registry;
    return kill_switch;
  }

  std::vector<DeskObserver*> all_observers() {
    std::vector<DeskObserver*> all = exports.observers();
    all.push_back(&records);
    all.push_back(&live_events);
    return all;
  }

  void say(const std::string& text) const {
    if (tell) tell(text);
  }

  void add_checks() {
    const auto add = [this](std::string name, bool critical, HealthRegistry::Check check) {
      HealthCheckOptions check_options;
      check_options.name = std::move(name);
      check_options.probes = {HealthProbe::ready};
      check_options.interval = look_every;
      check_options.critical = critical;
      if (const auto added = health.add(std::move(check_options), std::move(check)); !added) {
        throw Exception(added.error());
      }
    };
    add("engines", true, [this, before = desk.snapshot()]() mutable {
      const DeskSnapshot now = desk.snapshot();
      HealthResult result = check_engines(now, before);
      before = now;
      return result;
    });
    add("venue", false, [this] { return check_venue(desk.snapshot()); });
    add("market_data", false, [this] { return check_market_data(desk.snapshot()); });
    add("kill_switch", false, [this] { return check_kill_switches(desk.snapshot()); });
    add("providers", false, [this] { return research.health(); });
    // These may hang: they hold what they use.
    add("state_store", false, [store = state] { return health_of(*store); });
    add("journal", false, [store = journal] { return health_of(*store); });
  }

  Result<void> serve() {
    std::vector<net::Route> routes = desk_routes(desk, health, options.token);
    for (net::Route& route : exporter::metrics_routes(registry, {"/metrics", "/metrics/prom"})) {
      routes.push_back(std::move(route));
    }
    routes.push_back(live.route("/ws/general"));
    net::HttpServerOptions server_options;
    server_options.port = options.port;
    server_options.observer = [this](const net::RequestRecord& request) { exports.on_request(request); };
    auto started = net::HttpServer::start(server_options, std::move(routes));
    if (!started) return started.error();
    server = std::move(*started);
    return {};
  }

  DeskInstanceOptions options;
  Tell tell;
  const Clock& clock = Clock::system();
  DeskSettings settings;
  TradingPlaces places;
  Registry registry;
  Collector process;
  DeskExports exports;
  CircuitBreaker state_breaker;
  CircuitBreaker journal_breaker;
  std::shared_ptr<StateStore> state;
  std::shared_ptr<Journal> journal;
  StateWriter state_writer;
  JournalWriter journal_writer;
  net::LiveStream live;
  RecordKeeper records;
  LiveEvents live_events;
  DeskObservers observers;
  std::atomic<Desk*> told_desk{nullptr};
  KillSwitch kill;
  Desk desk;
  Research research;
  HealthRegistry health{{.registry = &registry}};
  std::unique_ptr<net::HttpServer> server;
  DeskThread thread;
};

DeskInstance::DeskInstance(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

DeskInstance::~DeskInstance() {
  stop();
}

Result<std::unique_ptr<DeskInstance>> DeskInstance::start(Market market, DeskInstanceOptions options, Tell tell) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) return Error{"cannot make the directory " + options.directory + ": " + error.message()};
  try {
    auto parts = std::make_unique<Parts>(std::move(market), std::move(options), std::move(tell));
    if (const auto served = parts->serve(); !served) return served.error();
    parts->research.start();
    parts->thread.start(parts->desk, parts->tell);
    return std::unique_ptr<DeskInstance>(new DeskInstance(std::move(parts)));
  } catch (const Exception& exception) {
    return Error{exception.what()};
  }
}

Desk& DeskInstance::desk() noexcept {
  return parts_->desk;
}

const Registry& DeskInstance::registry() const noexcept {
  return parts_->registry;
}

const net::HttpServer& DeskInstance::server() const noexcept {
  return *parts_->server;
}

bool DeskInstance::running() const noexcept {
  return parts_->thread.running();
}

bool DeskInstance::failed() const noexcept {
  return parts_->thread.failed();
}

void DeskInstance::tick() {
  parts_->exports.observe_host();
  parts_->exports.set_clients(parts_->live.clients());
  parts_->exports.set_waiting(parts_->journal_writer.status().waiting / AutomationObserver::events_in_chunk);
  parts_->exports.set_running(running());
}

void DeskInstance::stop() {
  if (parts_->server) parts_->server->stop();
  parts_->research.stop();
  parts_->thread.stop();
  parts_->journal_writer.stop();
  parts_->state_writer.stop();
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
