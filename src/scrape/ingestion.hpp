// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scrape/exemplar_store.hpp"
#include "scrape/metadata_store.hpp"
#include "scrape/report_series.hpp"
#include "scrape/sample_labels.hpp"
#include "scrape/scrape_metrics.hpp"
#include "scrape/series_cache.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What all ingestion shares. All must outlive it.
struct IngestionContext {
  storage::SeriesStore* store;
  const Clock* clock;
  MetadataStore* metadata;
  ExemplarStore* exemplars;
  ScrapeMetrics* metrics;
  std::function<void(std::string_view)> log;
  bool extra_metrics = false;
};

/// How one job's samples are taken, compiled once for all of its targets.
struct IngestionSettings {
  std::shared_ptr<const config::ScrapeConfig> job;
  Relabeller relabeller;  ///< of metric_relabel_configs

  static Result<std::shared_ptr<const IngestionSettings>> make(std::shared_ptr<const config::ScrapeConfig> job);
  /// The same samples become the same series: a cache stays good.
  bool same_series(const IngestionSettings& other) const;
};

/// One answer of a target, or why there is none.
struct ScrapeReply {
  std::int64_t time_ms = 0;             ///< of the samples
  std::chrono::nanoseconds started{};   ///< Clock::monotonic() when it was asked
  std::chrono::milliseconds timeout{};  ///< for scrape_timeout_seconds
  std::string_view content_type;
  std::string_view body;   ///< unpacked
  std::string_view error;  ///< not empty: the scrape failed
  bool too_large = false;  ///< ... for its body is beyond the limit
};

struct IngestionReport {
  std::string error;        ///< empty: the target is up
  std::size_t scraped = 0;  ///< samples, before and after relabelling
  std::size_t kept = 0;
  std::size_t added = 0;  ///< series that the scrape before did not have
  std::chrono::nanoseconds duration{};
};

/// Turns one target's answers into samples: labels by honor_labels and the `exported_` rule, metric relabelling, limits, native
/// histograms brought within theirs, staleness, metadata, exemplars, and the series `up` and `scrape_...`. All samples of a
/// scrape are committed at once; of a scrape that fails in the midst, none but these.
///
/// A series is parsed and relabelled once: from then on its text leads to its reference. A series that an answer does not show any
/// more gets a staleness marker; so do all when a scrape fails and at `end`. Series with timestamps of their own get none unless
/// track_timestamps_staleness.
///
/// Threads: one at a time. Allocation: none for a steady target but the store's. Memory: about 32 bytes a series.
class Ingestion {
 public:
  Ingestion(const IngestionContext& context, std::shared_ptr<const IngestionSettings> settings, config::Labels labels);
  Ingestion(const Ingestion&) = delete;
  Ingestion& operator=(const Ingestion&) = delete;

  IngestionReport ingest(const ScrapeReply& reply);

  /// Samples between two scrapes, see ScrapeManager::ingest_pushed.
  Result<void> push(std::string_view content_type, std::string_view body, std::int64_t now_ms);

  /// From the next answer on. What has no series any more gets its marker then.
  void change(std::shared_ptr<const IngestionSettings> settings);

  /// Markers for all series, `up` and its kin as well.
  void end(std::int64_t time_ms);

 private:
  struct Pass;
  struct NewSeries;

  Result<void> read(const ScrapeReply& reply, Pass& pass);
  Result<void> take_sample(exposition::ExpositionReader& reader, bool is_histogram, Pass& pass);
  Result<void> take_new(exposition::ExpositionReader& reader, SeriesHash hash, bool is_histogram, Pass& pass);
  Result<void> take_histogram(exposition::ExpositionReader& reader);
  void take_exemplars(exposition::ExpositionReader& reader, storage::SeriesRef series, std::int64_t time_ms,
                      const storage::LabelSet* labels);
  bool add_new_series(Pass& pass);
  void mark_vanished(std::int64_t time_ms);
  void mark_all(std::int64_t time_ms);
  void count(const storage::CommitReport& report);
  Result<void> check_limits(const Pass& pass) const;

  IngestionContext context_;
  std::shared_ptr<const IngestionSettings> settings_;
  std::shared_ptr<MetadataStore::Target> metadata_;
  SampleLabels labels_;
  SeriesCache cache_;
  ReportSeries report_;
  storage::Appender appender_;
  std::vector<NewSeries> new_series_;
  exposition::NativeHistogramValue histogram_;
  std::int64_t newest_ms_ = 0;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
