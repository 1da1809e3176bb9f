// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <memory>
#include <vector>

#include "promql/annotations.hpp"
#include "promql/vector_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// One group of an aggregation at all steps: rows come in, a row comes out.
class GroupAccumulator {
 public:
  virtual ~GroupAccumulator() = default;
  virtual void add(const Row& row) = 0;
  virtual Row finish() = 0;
};

struct AccumulatorSettings {
  AggregationOperator op = AggregationOperator::sum;
  std::size_t steps = 0;
  std::size_t series = 0;                          ///< in the group
  const std::vector<double>* parameter = nullptr;  ///< of quantile, by step
  Annotations* annotations = nullptr;
  Place place;  ///< of what is aggregated
};

/// Those that take numbers only and tell of histograms.
class NumberAccumulator : public GroupAccumulator {
 public:
  explicit NumberAccumulator(const AccumulatorSettings& settings) : settings_(settings) {}
  void add(const Row& row) final;

 protected:
  virtual void add_numbers(const Row& row) = 0;
  const AccumulatorSettings& settings() const noexcept { return settings_; }

 private:
  void tell(const Row& row);
  AccumulatorSettings settings_;
  bool told_ = false;
};

/// Of all operators but topk, bottomk and count_values.
std::unique_ptr<GroupAccumulator> make_accumulator(const AccumulatorSettings& settings);
std::unique_ptr<GroupAccumulator> make_sum_accumulator(const AccumulatorSettings& settings);
std::unique_ptr<GroupAccumulator> make_quantile_accumulator(const AccumulatorSettings& settings);

/// As the query writes the operator.
const char* name_of(AggregationOperator op) noexcept;

}  // namespace promql
BELLWETHER_NAMESPACE_END
