// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/research/research.hpp"

#include <atomic>
#include <bellwether/random.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "automation/pack_observers.hpp"
#include "automation/provider_client.hpp"
#include "paper/exports/desk_exports.hpp"
#include "paper/research/scripted_provider.hpp"
#include "paper/research/stoppable_sleeper.hpp"
#include "paper/store/instrument_cache.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::chrono::seconds ask_every{1};
constexpr std::size_t keys_of_provider = 2;

/// Counts a provider's calls for the pack, and as calls that the worker made.
class ResearchObserver final : public automation::ProviderObserver {
 public:
  ResearchObserver(Registry& registry, const automation::WatcherMetrics& worker, std::string api)
      : pack_(registry, api), worker_(worker), api_(std::move(api)) {}

  void succeeded(std::chrono::nanoseconds took) override {
    pack_.succeeded(took);
    automation::record_watcher_api_call(worker_, api_, "success");
  }
  void failed(automation::ProviderErrorType type, std::chrono::nanoseconds took) override {
    pack_.failed(type, took);
    automation::record_watcher_api_call(worker_, api_, "error");
  }
  void refused(automation::ProviderErrorType type) override { pack_.refused(type); }

 private:
  automation::PackProviderObserver pack_;
  const automation::WatcherMetrics& worker_;
  std::string api_;
};

automation::ProviderClientOptions client_options(const std::string& provider, ResearchObserver& observer,
                                                 Registry& registry, const Clock& clock, Sleeper& sleeper) {
  automation::ProviderClientOptions options;
  options.provider = provider;
  options.base_url = "http://127.0.0.1:1";  // never asked: the provider is played
  options.keys = {{.id = "key-1"}, {.id = "key-2"}};
  options.breaker.open_time = std::chrono::seconds{10};
  options.breaker.max_open_time = std::chrono::seconds{30};
  options.retry.deadline = std::chrono::seconds{2};
  options.timeout = std::chrono::seconds{1};
  options.observer = &observer;
  options.registry = &registry;
  options.clock = &clock;
  options.sleeper = &sleeper;
  return options;
}

/// What an exchange would be asked for.
Result<std::string> instrument_rules(std::string_view symbol) {
  return R"({"symbol":")" + std::string{symbol} + R"(","tick":0.01,"lot":0.00001})";
}

InstrumentCacheOptions cache_options(CacheObserver& observer, const Clock& clock) {
  InstrumentCacheOptions options;
  options.l1_ttl = std::chrono::seconds{5};
  options.l2_ttl = std::chrono::seconds{60};
  options.observer = &observer;
  options.clock = &clock;
  return options;
}

}  // namespace

struct Research::Core {
  struct Provider {
    Provider(const std::string& name, Core& core, DeskExports& exports, Registry& registry, const Clock& clock)
        : observer(registry, exports.automation_metrics(), name),
          client(client_options(name, observer, registry, clock, core.sleeper), core.transport) {}
    ResearchObserver observer;
    automation::ProviderClient client;
  };

  Core(std::vector<std::string> names, const FaultBoard& faults, StateStore& state, StateWriter& writer,
       DeskExports& exports, Registry& registry, const Clock& clock)
      : symbols(std::move(names)),
        transport([&faults] { return faults.active(Fault::provider_failure); }, sleeper, Random::system()),
        instruments(instrument_rules, &state, &writer, cache_options(exports.cache_observer(), clock)),
        deepseek("deepseek", *this, exports, registry, clock),
        perplexity("perplexity", *this, exports, registry, clock) {}

  std::vector<std::string> symbols;
  StoppableSleeper sleeper;
  ScriptedProvider transport;
  InstrumentCache instruments;
  Provider deepseek;
  Provider perplexity;
  std::jthread thread;
};

Research::Research(std::vector<std::string> symbols, const FaultBoard& faults, StateStore& state, StateWriter& writer,
                   DeskExports& exports, Registry& registry, const Clock& clock)
    : core_(std::make_unique<Core>(std::move(symbols), faults, state, writer, exports, registry, clock)) {}

Research::~Research() {
  stop();
}

void Research::ask_all() {
  for (const std::string& symbol : core_->symbols) {
    if (core_->sleeper.stopped()) return;
    // Neither an answer nor its absence changes what the desk does: what matters here is how asking goes.
    static_cast<void>(core_->instruments.get(symbol));
    const std::string question = R"({"symbol":")" + symbol + R"("})";
    static_cast<void>(core_->deepseek.client.call({.path = "/chat/completions", .body = question}));
    static_cast<void>(core_->perplexity.client.call({.path = "/chat/completions", .body = question}));
  }
}

void Research::start() {
  core_->thread = std::jthread{[this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      ask_all();
      if (!core_->sleeper.sleep(ask_every)) return;
    }
  }};
}

void Research::stop() {
  core_->sleeper.stop();
  core_->thread.request_stop();
  if (core_->thread.joinable()) core_->thread.join();
}

HealthResult Research::health() const {
  for (Core::Provider* provider : {&core_->deepseek, &core_->perplexity}) {
    bool any = false;
    for (std::size_t key = 0; key < keys_of_provider; ++key) any = any || provider->client.breaker(key).allows();
    if (!any) {
      const bool first = provider == &core_->deepseek;
      return {HealthStatus::unhealthy, std::string{first ? "deepseek" : "perplexity"} + ": every key is cut off"};
    }
  }
  return {};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
