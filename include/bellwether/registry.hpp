// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/collector.hpp>
#include <bellwether/family.hpp>
#include <bellwether/late.hpp>
#include <bellwether/result.hpp>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

class RegistryState;

struct Registration {
  Kind kind;
  std::string_view name;
  std::string_view help;
  std::span<const std::string_view> label_names = {};
  const Buckets* buckets = nullptr;
  std::span<const std::string_view> states = {};
  bool late = false;  ///< has no series before its first use
};

template <typename Metric, FixedString... LabelNames>
struct MetricOrFamily {
  using type = Family<Metric, LabelNames...>;
};
template <typename Metric>
struct MetricOrFamily<Metric> {
  using type = Metric;
};

}  // namespace detail

struct RegistryOptions {
  /// Prometheus 3 allows any UTF-8 in names. Most names with unusual characters are slips, so it must be asked for.
  bool utf8_names = false;
  /// Dates `_created` samples.
  const Clock* clock = &Clock::system();
};

struct FamilyOptions {
  /// OpenMetrics's unit: the last part of the name (`seconds` in `order_latency_seconds`). Empty: none is stated.
  std::string_view unit = {};
  /// More combinations of label values than this share one overflow series.
  std::size_t series_limit = 10'000;
  /// A series that nobody owns and whose value stayed the same for this many scrapes is removed. 0: never. Do not
  /// keep handles of such a family: look them up each time, or own the series.
  unsigned expire_after_scrapes = 0;
  /// Keep the last exemplar of each series (counter) or bucket (histogram).
  bool exemplars = false;
  /// Export the time at which each series began (`_created` in OpenMetrics, created_timestamp in protobuf).
  bool created = false;
  /// Told at once, not at the next scrape: kill switches, breakers, the status of an engine. Each change is on the wire of
  /// the push stream within about a millisecond (exporter.hpp, docs/push-stream.md), while recording costs what it always
  /// costs, since the exporter's thread looks. What is set and taken back sooner than it looks again may be missed: count
  /// it, or see `Gauge::announce`. For counters, gauges and state sets.
  bool urgent = false;
};

/// All metrics of a process, or of a part of it. Registering gives a handle to record with; scraping
/// (<bellwether/exposition.hpp>) reads what all threads recorded.
///
///     Registry registry;
///     auto orders = registry.counter<"venue", "side">("orders_total", "Orders sent.").value();
///     auto equity = registry.gauge("equity_usd", "Cash and positions at the last mark.").value();
///     orders.at("binance", "buy").inc();
///     std::cout << render(registry);
///
/// Without label names in angle brackets, a function gives the metric itself; with them, a `Family`.
///
/// Errors: at registration and in words, never later. A name that Prometheus would not take; a name that is registered
/// with another type, help, label names, unit or buckets; a histogram whose `_sum`, `_count` or `_bucket` another metric
/// bears; bounds that do not ascend; an urgent histogram, max or min gauge. Registering the same metric again gives the same series.
///
/// Threads: any, all functions. Registration takes a mutex but never waits for a scrape, nor makes one wait. Memory: about
/// 47 bytes for a counter series with three labels, and 8 for each further thread that counted.
/// Handles and families must not be looked up after the registry's end; recording through a kept handle is harmless.
class BELLWETHER_API Registry {
 public:
  explicit Registry(RegistryOptions options = {});
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  template <typename Metric, FixedString... LabelNames>
  using Registered = Result<typename detail::MetricOrFamily<Metric, LabelNames...>::type>;

  template <FixedString... LabelNames>
  Registered<Counter, LabelNames...> counter(std::string_view name, std::string_view help,
                                             const FamilyOptions& options = {}) {
    return add<Counter, LabelNames...>(name, help, options);
  }
  template <FixedString... LabelNames>
  Registered<CounterDouble, LabelNames...> counter_double(std::string_view name, std::string_view help,
                                                          const FamilyOptions& options = {}) {
    return add<CounterDouble, LabelNames...>(name, help, options);
  }
  template <FixedString... LabelNames>
  Registered<Gauge, LabelNames...> gauge(std::string_view name, std::string_view help,
                                         const FamilyOptions& options = {}) {
    return add<Gauge, LabelNames...>(name, help, options);
  }
  template <FixedString... LabelNames>
  Registered<MaxGauge, LabelNames...> max_gauge(std::string_view name, std::string_view help,
                                                const FamilyOptions& options = {}) {
    return add<MaxGauge, LabelNames...>(name, help, options);
  }
  template <FixedString... LabelNames>
  Registered<MinGauge, LabelNames...> min_gauge(std::string_view name, std::string_view help,
                                                const FamilyOptions& options = {}) {
    return add<MinGauge, LabelNames...>(name, help, options);
  }
  template <FixedString... LabelNames>
  Registered<Histogram, LabelNames...> histogram(std::string_view name, std::string_view help, const Buckets& buckets,
                                                 const FamilyOptions& options = {}) {
    return add<Histogram, LabelNames...>(name, help, options, &buckets);
  }
  template <FixedString... LabelNames>
  Registered<DurationHistogram, LabelNames...> duration_histogram(std::string_view name, std::string_view help,
                                                                  const Buckets& buckets,
                                                                  const FamilyOptions& options = {}) {
    return add<DurationHistogram, LabelNames...>(name, help, options, &buckets);
  }
  template <FixedString... LabelNames>
  Registered<StateSet, LabelNames...> state_set(std::string_view name, std::string_view help,
                                                std::initializer_list<std::string_view> states,
                                                const FamilyOptions& options = {}) {
    return add<StateSet, LabelNames...>(name, help, options, nullptr, {states.begin(), states.size()});
  }

  /// Exported from its first use on; see `Late`.
  Result<Late<Gauge>> late_gauge(std::string_view name, std::string_view help, const FamilyOptions& options = {}) {
    return late<Gauge>({.kind = detail::Kind::gauge, .name = name, .help = help, .late = true}, options);
  }
  Result<Late<StateSet>> late_state_set(std::string_view name, std::string_view help,
                                        std::initializer_list<std::string_view> states,
                                        const FamilyOptions& options = {}) {
    return late<StateSet>({.kind = detail::Kind::state_set,
                           .name = name,
                           .help = help,
                           .states = {states.begin(), states.size()},
                           .late = true},
                          options);
  }

  /// Facts that do not change, as labels of a sample `<name>_info` with the value 1.
  ///
  ///     registry.info("engine_build", "The running build.", {{"version", "1.4.2"}, {"commit", "5f3ec40"}});
  Result<void> info(std::string_view name, std::string_view help,
                    std::initializer_list<std::pair<std::string_view, std::string_view>> facts);

  /// Metrics whose values `function` gives at each scrape. See `Collector`.
  Result<Collector> collect(std::vector<CollectedMetric> metrics, CollectorFunction function);

  /// One gauge read at scrape: `registry.gauge_callback("queue_depth", "Orders waiting.", [&] { return queue.size(); })`.
  Result<Collector> gauge_callback(std::string name, std::string help, std::function<double()> read);
  /// One counter read at scrape. `read` must not go down but at a restart.
  Result<Collector> counter_callback(std::string name, std::string help, std::function<double()> read);

  /// For the readers in Bellwether's own folders.
  detail::RegistryState& state() const noexcept { return *state_; }

 private:
  template <typename Metric, FixedString... LabelNames>
  Registered<Metric, LabelNames...> add(std::string_view name, std::string_view help, const FamilyOptions& options,
                                        const Buckets* buckets = nullptr,
                                        std::span<const std::string_view> states = {}) {
    static constexpr std::array<std::string_view, sizeof...(LabelNames)> names{LabelNames.view()...};
    auto family = register_family({detail::kind_of<Metric>, name, help, names, buckets, states}, options);
    if (!family) return family.error();
    if constexpr (sizeof...(LabelNames) == 0) {
      return Metric(detail::find_or_add(**family, nullptr));
    } else {
      return Family<Metric, LabelNames...>(**family);
    }
  }

  template <typename Metric>
  Result<Late<Metric>> late(const detail::Registration& registration, const FamilyOptions& options) {
    auto family = register_family(registration, options);
    if (!family) return family.error();
    return Late<Metric>(**family);
  }

  Result<detail::FamilyState*> register_family(const detail::Registration& registration, const FamilyOptions& options);

  std::shared_ptr<detail::RegistryState> state_;
};

BELLWETHER_NAMESPACE_END
