// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/metrics.hpp>

#include "scrape/exemplar_store.hpp"
#include "storage/appender.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What scraping says of itself. Without a registry all of them count into the void.
struct ScrapeMetrics {
  ScrapeMetrics() = default;
  explicit ScrapeMetrics(Registry& registry);

  Gauge targets;
  Gauge jobs;
  Counter scrapes_up;
  Counter scrapes_down;
  Counter skipped;  ///< the one before was still under way
  std::array<Counter, storage::outcome_count> samples;
  Counter repeated;  ///< a series twice in one answer
  Counter pushed;
  Counter stale_markers;
  Counter series_refused;  ///< at the store's limit
  Counter over_body_limit;
  Counter over_sample_limit;
  Counter over_label_limit;
  Counter over_bucket_limit;
  Counter over_target_limit;
  std::array<Counter, ExemplarStore::outcome_count> exemplars;
  Counter reloads_done;
  Counter reloads_failed;
  DurationHistogram lateness;
  DurationHistogram ingestion;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
