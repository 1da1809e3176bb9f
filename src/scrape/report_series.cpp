// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/report_series.hpp"

#include <algorithm>
#include <string_view>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::array<std::string_view, 8> names{
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "scrape_timeout_seconds",
    "scrape_sample_limit",
    "scrape_body_size_bytes",
};
constexpr storage::SeriesRef unknown{};

}  // namespace

void ReportSeries::find(const SampleLabels& labels, storage::SeriesStore& store) {
  for (std::size_t i = 0; i < used_; ++i) {
    if (!(refs_[i] == unknown)) continue;
    if (const auto ref = store.find_or_add(labels.of_report(names[i]))) refs_[i] = *ref;
  }
}

void ReportSeries::append(const SampleLabels& labels, storage::SeriesStore& store, storage::Appender& appender,
                          std::int64_t time_ms, const ReportValues& values) {
  const std::array<double, count> all{values.up,    values.duration_seconds, values.scraped,      values.kept,
                                      values.added, values.timeout_seconds,  values.sample_limit, values.body_bytes};
  find(labels, store);
  for (std::size_t i = 0; i < used_; ++i) {
    if (!(refs_[i] == unknown)) appender.append(refs_[i], time_ms, all[i]);
  }
}

void ReportSeries::append_markers(storage::Appender& appender, std::int64_t time_ms) const {
  for (const storage::SeriesRef ref : refs_) {
    if (!(ref == unknown)) appender.append(ref, time_ms, storage::stale_nan());
  }
}

bool ReportSeries::forget(std::span<const storage::SeriesRef> refs) noexcept {
  bool found = false;
  for (storage::SeriesRef& own : refs_) {
    if (own == unknown || std::find(refs.begin(), refs.end(), own) == refs.end()) continue;
    own = unknown;
    found = true;
  }
  return found;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
