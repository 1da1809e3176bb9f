// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/group_accumulator.hpp"

#include <cmath>
#include <limits>

#include "promql/arithmetic.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

class CountAccumulator final : public GroupAccumulator {
 public:
  CountAccumulator(std::size_t steps, bool is_count) : counts_(steps, 0), is_count_(is_count) {}
  void add(const Row& row) override {
    for (std::size_t i = 0; i < row.size(); ++i) counts_[i] += row.is_absent(i) ? 0U : 1U;
  }
  Row finish() override {
    Row row;
    row.reset(counts_.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (counts_[i] > 0) row.set(i, is_count_ ? static_cast<double>(counts_[i]) : 1);
    }
    return row;
  }

 private:
  std::vector<std::uint32_t> counts_;
  bool is_count_;
};

/// Those that take numbers only and tell of histograms.
class NumberAccumulator : public GroupAccumulator {
 public:
  explicit NumberAccumulator(const AccumulatorSettings& settings) : settings_(settings) {}
  void add(const Row& row) final {
    if (!row.histograms.empty() && !told_) tell(row);
    add_numbers(row);
  }

 protected:
  virtual void add_numbers(const Row& row) = 0;
  const AccumulatorSettings& settings() const noexcept { return settings_; }

 private:
  void tell(const Row& row) {
    for (std::size_t i = 0; i < row.size() && !told_; ++i) told_ = row.is_histogram(i);
    if (!told_) return;
    settings_.annotations->inform("ignored histogram in " + std::string(name_of(settings_.op)) + " aggregation",
                                  settings_.place);
  }
  AccumulatorSettings settings_;
  bool told_ = false;
};

class ExtremeAccumulator final : public NumberAccumulator {
 public:
  explicit ExtremeAccumulator(const AccumulatorSettings& settings) : NumberAccumulator(settings) {
    row_.reset(settings.steps);
  }
  Row finish() override { return std::move(row_); }

 protected:
  void add_numbers(const Row& row) override {
    const bool is_max = settings().op == AggregationOperator::max;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row.is_number(i)) continue;
      const double value = row.values[i];
      const double held = row_.values[i];
      if (!row_.is_number(i) || std::isnan(held) || (is_max ? held < value : held > value)) row_.set(i, value);
    }
  }

 private:
  Row row_;
};

/// Welford's way. NaN and infinities make it NaN.
class DeviationAccumulator final : public NumberAccumulator {
 public:
  explicit DeviationAccumulator(const AccumulatorSettings& settings)
      : NumberAccumulator(settings),
        counts_(settings.steps, 0),
        means_(settings.steps, 0),
        squares_(settings.steps, 0) {}
  Row finish() override {
    Row row;
    row.reset(settings().steps);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (counts_[i] == 0) continue;
      const double variance = squares_[i] / counts_[i];
      row.set(i, settings().op == AggregationOperator::stddev ? std::sqrt(variance) : variance);
    }
    return row;
  }

 protected:
  void add_numbers(const Row& row) override {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row.is_number(i)) continue;
      const double value = row.values[i];
      counts_[i] += 1;
      if (counts_[i] == 1) {
        means_[i] = value;
        squares_[i] = std::isfinite(value) ? 0 : std::numeric_limits<double>::quiet_NaN();
        continue;
      }
      const double delta = value - means_[i];
      means_[i] += delta / counts_[i];
      squares_[i] += delta * (value - means_[i]);
    }
  }

 private:
  std::vector<double> counts_;
  std::vector<double> means_;
  std::vector<double> squares_;
};

class QuantileAccumulator final : public NumberAccumulator {
 public:
  explicit QuantileAccumulator(const AccumulatorSettings& settings)
      : NumberAccumulator(settings), values_(settings.steps) {}
  Row finish() override {
    Row row;
    row.reset(settings().steps);
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::vector<double>& values = values_[i];
      if (values.empty()) continue;
      std::sort(values.begin(), values.end(), nan_first);
      row.set(i, quantile_of_sorted((*settings().parameter)[i], values.data(), values.size()));
    }
    return row;
  }

 protected:
  void add_numbers(const Row& row) override {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_number(i)) values_[i].push_back(row.values[i]);
    }
  }

 private:
  std::vector<std::vector<double>> values_;
};

}  // namespace

const char* name_of(AggregationOperator op) noexcept {
  constexpr const char* names[] = {"sum",    "avg",    "min",  "max",     "count",    "group",
                                   "stddev", "stdvar", "topk", "bottomk", "quantile", "count_values"};
  return names[static_cast<unsigned>(op)];
}

std::unique_ptr<GroupAccumulator> make_accumulator(const AccumulatorSettings& settings) {
  switch (settings.op) {
    case AggregationOperator::min:
    case AggregationOperator::max:
      return std::make_unique<ExtremeAccumulator>(settings);
    case AggregationOperator::count:
      return std::make_unique<CountAccumulator>(settings.steps, true);
    case AggregationOperator::group:
      return std::make_unique<CountAccumulator>(settings.steps, false);
    case AggregationOperator::stddev:
    case AggregationOperator::stdvar:
      return std::make_unique<DeviationAccumulator>(settings);
    case AggregationOperator::quantile:
      return std::make_unique<QuantileAccumulator>(settings);
    default:
      return make_sum_accumulator(settings);
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
