// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <span>

#include "promql/series_source.hpp"
#include "promql/store_source.hpp"
#include "storage/label_set.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// A sample that a rule gives.
struct RuleSample {
  storage::LabelSet labels;
  std::int64_t time_ms = 0;
  double value = 0;
  promql::HistogramPtr histogram;  ///< in place of the value, where not null
};

struct WriteReport {
  std::size_t taken = 0;
  std::size_t refused = 0;  ///< another value of that time, too old, no room
};

/// Where rules read and write. Threads: any.
class RuleStore {
 public:
  virtual ~RuleStore() = default;
  virtual const promql::SeriesSource& source() const = 0;
  /// All or none of them are seen by queries at a time.
  virtual WriteReport write(std::span<const RuleSample> samples) = 0;
};

/// The monitor's store. It must outlive this.
class SeriesRuleStore final : public RuleStore {
 public:
  explicit SeriesRuleStore(storage::SeriesStore& store) : store_(store), source_(store.querier()) {}
  const promql::SeriesSource& source() const override { return source_; }
  WriteReport write(std::span<const RuleSample> samples) override;

 private:
  storage::SeriesStore& store_;
  promql::StoreSource source_;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
