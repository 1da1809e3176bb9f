// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <memory>

#include "config/prometheus/scrape_config.hpp"
#include "scrape/relabel.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// How one job's samples are taken, compiled once for all of its targets. Threads: immutable.
struct IngestionSettings {
  std::shared_ptr<const config::ScrapeConfig> job;
  Relabeller relabeller;  ///< of metric_relabel_configs

  static Result<std::shared_ptr<const IngestionSettings>> make(std::shared_ptr<const config::ScrapeConfig> job);
  /// The same text becomes the same series: a cache stays good.
  bool names_series_as(const IngestionSettings& other) const;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
