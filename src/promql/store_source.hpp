// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

#include "promql/series_source.hpp"
#include "storage/querier.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// The monitor's store as a source of series.
///
///     StoreSource source(store->querier());
///     engine.query_instant(source, "up", now_ms);
///
/// Threads: any. A query holds a snapshot of the store while it runs.
class StoreSource final : public SeriesSource {
 public:
  explicit StoreSource(storage::Querier querier) noexcept : querier_(querier) {}
  std::unique_ptr<SeriesSelection> select(std::span<const storage::Matcher> matchers, std::int64_t from,
                                          std::int64_t to) const override;

 private:
  storage::Querier querier_;
};

/// Tells resets of histograms that come without a hint: each against the one before.
void set_reset_hints(std::vector<Histogram>& histograms);

}  // namespace promql
BELLWETHER_NAMESPACE_END
