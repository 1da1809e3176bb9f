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
    if (row.all_numbers()) {
      ++whole_rows_;
      return;
    }
    for (std::size_t i = 0; i < row.size(); ++i) counts_[i] += row.is_absent(i) ? 0U : 1U;
  }
  Row finish() override {
    Row row;
    row.reset(counts_.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t count = counts_[i] + whole_rows_;
      if (count > 0) row.set(i, is_count_ ? static_cast<double>(count) : 1);
    }
    return row;
  }

 private:
  std::vector<std::uint32_t> counts_;
  std::size_t whole_rows_ = 0;
  bool is_count_;
};

class ExtremeAccumulator final : public NumberAccumulator {
 public:
  explicit ExtremeAccumulator(const AccumulatorSettings& settings)
      : NumberAccumulator(settings), is_max_(settings.op == AggregationOperator::max) {
    row_.reset(settings.steps);
    std::fill(row_.values.begin(), row_.values.end(), std::numeric_limits<double>::quiet_NaN());
  }
  Row finish() override { return std::move(row_); }

 protected:
  void add_numbers(const Row& row) override {
    const std::size_t size = row.size();
    if (row.all_numbers()) {
      std::fill_n(row_.kinds.begin(), size, PointKind::number);
      if (is_max_) {
        take_all(row, [](double held, double value) { return held < value; });
      } else {
        take_all(row, [](double held, double value) { return held > value; });
      }
      return;
    }
    for (std::size_t i = 0; i < size; ++i) {
      if (!row.is_number(i)) continue;
      const double value = row.values[i];
      const double held = row_.values[i];
      if (std::isnan(held) || (is_max_ ? held < value : held > value)) row_.values[i] = value;
      row_.kinds[i] = PointKind::number;
    }
  }

 private:
  /// What is not there yet is NaN, and that gives way to all.
  template <typename Worse>
  void take_all(const Row& row, Worse worse) {
    const double* const values = row.values.data();
    double* const held = row_.values.data();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool takes = static_cast<int>(held[i] != held[i]) | static_cast<int>(worse(held[i], values[i]));
      held[i] = takes ? values[i] : held[i];
    }
  }

  bool is_max_;
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
    if (row.all_numbers()) return add_all(row);
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
  /// The same, several steps at a time: from a mean of 0 the first value gives what is said above.
  void add_all(const Row& row) {
    const double* const values = row.values.data();
    double* const counts = counts_.data();
    double* const means = means_.data();
    double* const squares = squares_.data();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double count = counts[i] + 1;
      const double delta = values[i] - means[i];
      const double mean = means[i] + delta / count;
      squares[i] += delta * (values[i] - mean);
      means[i] = mean;
      counts[i] = count;
    }
  }

  std::vector<double> counts_;
  std::vector<double> means_;
  std::vector<double> squares_;
};

}  // namespace

void NumberAccumulator::add(const Row& row) {
  if (!row.histograms.empty() && !told_) tell(row);
  add_numbers(row);
}

void NumberAccumulator::tell(const Row& row) {
  told_ = row.count(PointKind::histogram) > 0;
  if (!told_) return;
  settings_.annotations->inform("ignored histogram in " + std::string(name_of(settings_.op)) + " aggregation",
                                settings_.place);
}

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
      return make_quantile_accumulator(settings);
    default:
      return make_sum_accumulator(settings);
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
