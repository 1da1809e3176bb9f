// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "config/prometheus/prometheus_config.hpp"
#include "scrape/exemplar_store.hpp"
#include "scrape/fetcher.hpp"
#include "scrape/metadata_store.hpp"
#include "scrape/scrape_result.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN

class Registry;

namespace scrape {

struct ScrapeOptions {
  const Clock* clock = &Clock::system();
  /// Where `bellwether_scrape_...` go; null: nowhere. Must outlive the manager.
  Registry* registry = nullptr;
  /// What an operator should know: targets that cannot be, discovery that fails, series refused. Any thread; short; no call back.
  std::function<void(std::string_view)> log;

  /// Unpack, parse and store what is large, new or failed. 0: no thread at all, not even the schedule's: the owner calls `run_due`
  /// (tests).
  std::size_t ingestion_threads = 1;
  /// Differs from monitor to monitor, so that two do not ask the same targets at the same time.
  std::uint64_t seed = 0;
  /// scrape_timeout_seconds, scrape_sample_limit and scrape_body_size_bytes, too.
  bool extra_metrics = false;
  /// Of jobs without body_size_limit: an endless body must end somewhere.
  std::uint64_t body_size_limit = 256ULL << 20U;

  /// Asks targets; null: over HTTP. Must outlive the manager.
  Fetcher* fetcher = nullptr;
  /// For http_sd_configs; null: an HttpClient.
  net::HttpTransport* transport = nullptr;

  /// After each scrape, when its samples are in the store. From any of our threads, one target never twice at a time; short. May
  /// call `ingest_pushed`, nothing else of the manager.
  std::function<void(const ScrapeResult&)> on_scrape;
  /// The target is not scraped any more; on_scrape does not come for it again.
  std::function<void(TargetId)> on_removed;
};

/// Scrapes what a configuration names, into a store.
///
///     ScrapeManager scrape(store, {.registry = &registry, .log = log});
///     if (Result<void> applied = scrape.apply(config); !applied) return applied.error();
///     ...                                            // and again for each reload
///     scrape.stop();                                 // staleness markers for all; the destructor does it, too
///
/// A target is asked at the same place of each interval, which its labels and `seed` choose. Its samples bear the scheduled time
/// where they came within 1 to 2 ms of it. A scrape that still runs when the next is due lets that one fall out.
/// See ingestion.hpp for what becomes of an answer.
///
/// Threads: all functions from any. One thread for the schedule, the network (all targets) and small answers of targets that are
/// as they were: to hand these over costs more than to take them in. `ingestion_threads` for all other answers, since a large one
/// would hold up the schedule; and those of DiscoveryRunner. Blocking: `apply` and `stop` wait for ingestion that is under way, not for the network.
class ScrapeManager {
 public:
  ScrapeManager(storage::SeriesStore& store, ScrapeOptions options);
  ~ScrapeManager();
  ScrapeManager(const ScrapeManager&) = delete;
  ScrapeManager& operator=(const ScrapeManager&) = delete;

  /// All or nothing: after an error everything goes on as before. Targets that stay (job, labels and URL) keep their cache, their id
  /// and, where the interval stays, their place in it; the removed get staleness markers.
  Result<void> apply(const config::PrometheusConfig& config);

  TargetStates targets() const;

  /// Samples that a target pushed, as an exposition: labels and relabelling are those of its scrapes; a sample without a timestamp
  /// gets now. They count towards no limit of the job but those of labels. Errors: no such target, or what does not parse; then
  /// nothing of `body` is stored.
  Result<void> ingest_pushed(TargetId target, std::string_view content_type, std::string_view body);

  MetadataStore& metadata() noexcept;
  ExemplarStore& exemplars() noexcept;

  /// Ends all scraping, with staleness markers. `apply` refuses from then on. A second call does nothing.
  void stop();

  /// Without threads: does what is due by the clock, and takes in the answers that have come. Returns when the next scrape is due, in
  /// the time of Clock::monotonic(); nothing without a target.
  std::optional<std::chrono::nanoseconds> run_due();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
