// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/scrape_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

ScrapeMetrics::ScrapeMetrics(Registry& registry) {
  targets = registry.gauge("bellwether_scrape_targets", "Targets that are scraped.").value();
  jobs = registry.gauge("bellwether_scrape_jobs", "Jobs of the configuration.").value();
  const auto scrapes =
      registry.counter<"outcome">("bellwether_scrape_scrapes_total", "Scrapes, by whether the target was up.").value();
  scrapes_up = scrapes.at("up");
  scrapes_down = scrapes.at("down");
  skipped = registry
                .counter("bellwether_scrape_skipped_total",
                         "Scrapes that fell out because the one before was still under way.")
                .value();
  const auto outcomes = registry
                            .counter<"outcome">("bellwether_scrape_samples_total",
                                                "Samples of targets, by what became of them in the store.")
                            .value();
  for (std::size_t i = 0; i < storage::outcome_count; ++i) {
    samples[i] = outcomes.at(storage::to_string(static_cast<storage::Outcome>(i)));
  }
  repeated = outcomes.at("repeated");
  pushed = registry.counter("bellwether_scrape_pushed_samples_total", "Samples that targets pushed.").value();
  stale_markers =
      registry.counter("bellwether_scrape_stale_markers_total", "Staleness markers written for series that ended.")
          .value();
  series_refused = registry
                       .counter("bellwether_scrape_series_refused_total",
                                "Samples of new series that the store refused at its limit of series.")
                       .value();
  const auto limits = registry
                          .counter<"limit">("bellwether_scrape_limit_exceeded_total",
                                            "Scrapes refused at a limit of the configuration, by its key.")
                          .value();
  over_body_limit = limits.at("body_size_limit");
  over_sample_limit = limits.at("sample_limit");
  over_label_limit = limits.at("label_limit");
  over_bucket_limit = limits.at("native_histogram_bucket_limit");
  over_target_limit = limits.at("target_limit");
  const auto kept =
      registry.counter<"outcome">("bellwether_scrape_exemplars_total", "Exemplars, by what became of them.").value();
  exemplars = {kept.at("added"), kept.at("duplicate"), kept.at("out_of_order"), kept.at("too_long")};
  const auto reloads =
      registry.counter<"outcome">("bellwether_scrape_reloads_total", "Configurations applied or refused.").value();
  reloads_done = reloads.at("applied");
  reloads_failed = reloads.at("refused");
  const auto buckets = Buckets::exponential(0.00001, 4, 12);
  lateness = registry
                 .duration_histogram("bellwether_scrape_lateness_seconds",
                                     "How long after its scheduled time a scrape began.", buckets)
                 .value();
  ingestion = registry
                  .duration_histogram("bellwether_scrape_ingestion_duration_seconds",
                                      "Time to unpack, parse and store one answer.", buckets)
                  .value();
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
