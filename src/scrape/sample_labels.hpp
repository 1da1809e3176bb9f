// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scrape/ingestion_settings.hpp"
#include "storage/label_set.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// From a series as a target shows it to that of the store: the target's labels join those of the series (where both have one,
/// honor_labels says which stays; the series' own then becomes `exported_<name>`), metric relabelling follows, then limits.
///
/// Threads: one at a time.
class SampleLabels {
 public:
  explicit SampleLabels(config::Labels target) : target_(std::move(target)) {}

  enum class Fate : std::uint8_t { kept, dropped };
  /// Errors fail the whole scrape: a series without a name, names that are none, a limit of labels (`limit_exceeded()`).
  Result<Fate> build(const exposition::SeriesView& series, const IngestionSettings& settings, storage::LabelSet& out);
  /// The last error was a limit of the configuration.
  bool limit_exceeded() const noexcept { return limit_exceeded_; }

  /// A series of ours about the target: `up{job="desk", instance="..."}`.
  storage::LabelSet of_report(std::string_view name) const;

  const config::Labels& target() const noexcept { return target_; }

 private:
  void join(const exposition::SeriesView& series, bool honor_labels);
  Result<void> check(const config::ScrapeConfig& job);

  config::Labels target_;
  LabelBuffer buffer_;
  std::vector<LabelView> moved_;
  bool limit_exceeded_ = false;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
