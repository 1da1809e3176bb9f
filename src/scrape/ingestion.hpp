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
#include "scrape/ingestion_settings.hpp"
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

/// One answer of a target, or why there is none.
struct ScrapeReply {
  std::int64_t time_ms = 0;             ///< of the samples
  std::chrono::nanoseconds started{};   ///< Clock::monotonic() when it was asked
  std::chrono::milliseconds timeout{};  ///< for scrape_timeout_seconds
  std::string_view content_type = {};
  std::string_view body = {};   ///< unpacked
  std::string_view error = {};  ///< not empty: the scrape failed
  bool too_large = false;       ///< ... for its body is beyond the limit
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
///     Ingestion ingestion(context, settings, target.labels);
///     IngestionReport report = ingestion.ingest({.time_ms = now, .content_type = type, .body = body});
///     ...
///     ingestion.end(now);                                 // the target is not scraped any more
///
/// A series is parsed and relabelled once: from then on its text leads to its reference. A series that an answer does not show any
/// more gets a staleness marker; so do all when a scrape fails and at `end`. Series with timestamps of their own get none unless
/// track_timestamps_staleness.
///
/// Threads: one at a time. Allocation: none for a steady target but the store's. Memory: about 44 bytes a series.
class Ingestion {
 public:
  Ingestion(const IngestionContext& context, std::shared_ptr<const IngestionSettings> settings, config::Labels labels);
  ~Ingestion();
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

  Result<void> read(Pass& pass, std::string_view content_type, std::string_view body);
  Result<void> take_sample(exposition::ExpositionReader& reader, bool is_histogram, Pass& pass);
  Result<void> take_new(exposition::ExpositionReader& reader, const SeriesHash& hash, bool is_histogram, Pass& pass);
  Result<const exposition::NativeHistogramValue*> take_histogram(const exposition::ExpositionReader& reader);
  void take_metadata(const exposition::ExpositionReader& reader, exposition::Entry entry);
  void take_exemplars(const exposition::ExpositionReader& reader, storage::SeriesRef series, std::int64_t time_ms);
  void add_new_series(Pass& pass);
  /// What the store said of the samples, those of a repair too.
  storage::CommitReport commit(const Pass& pass, std::string_view content_type, std::string_view body);
  void mark(storage::SeriesRef series, std::int64_t time_ms);
  void count(const storage::CommitReport& report);
  void report(const Pass& pass, const ScrapeReply& reply, IngestionReport& out);

  IngestionContext context_;
  std::shared_ptr<const IngestionSettings> settings_;
  std::shared_ptr<MetadataStore::Target> metadata_;
  SampleLabels labels_;
  SeriesCache cache_;
  ReportSeries report_;
  ReportValues last_report_;
  storage::Appender appender_;
  std::vector<NewSeries> new_series_;
  exposition::NativeHistogramValue histogram_;
  std::int64_t newest_ms_ = 0;
  bool refusal_logged_ = false;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
