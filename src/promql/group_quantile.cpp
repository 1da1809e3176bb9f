// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>

#include "promql/arithmetic.hpp"
#include "promql/group_accumulator.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// The value at a rank of numbers that come as they like: two places of the order are looked for, not the whole of it.
class RankSelection {
 public:
  /// Moves the values about.
  double quantile(double quantile, double* values, std::size_t count) {
    if (count == 0 || std::isnan(quantile)) return NAN;
    if (quantile < 0) return -INFINITY;
    if (quantile > 1) return INFINITY;
    // In the order NaN comes first.
    double* const numbers = std::partition(values, values + count, [](double value) { return std::isnan(value); });
    const auto nans = static_cast<std::size_t>(numbers - values);
    const double rank = quantile * static_cast<double>(count - 1);
    const auto lower = static_cast<std::size_t>(std::max(0.0, std::floor(rank)));
    const std::size_t upper = std::min(count - 1, lower + 1);
    if (lower < nans) return NAN;
    const double weight = rank - std::floor(rank);
    const Pair pair = select(numbers, count - nans, lower - nans, upper - nans);
    return pair.lower * (1 - weight) + pair.upper * weight;
  }

 private:
  struct Pair {
    double lower;
    double upper;
  };

  /// Steps are much alike: the values that were near the ranks the last time tell where to look now. One pass counts what is
  /// below and gathers what is between; where the ranks are not among these, all are looked at.
  Pair select(double* values, std::size_t count, std::size_t lower, std::size_t upper) {
    if (count >= worth_guessing && from_ <= to_) {
      near_.resize(count);
      std::size_t below = 0;
      std::size_t near = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const double value = values[i];
        near_[near] = value;
        below += value < from_ ? 1U : 0U;
        near += static_cast<std::size_t>(value >= from_) & static_cast<std::size_t>(value <= to_);
      }
      if (lower >= below && upper < below + near)
        return sorted(near_.data(), near, lower - below, upper - below, count);
    }
    return sorted(values, count, lower, upper, count);
  }

  Pair sorted(double* values, std::size_t count, std::size_t lower, std::size_t upper, std::size_t of_all) {
    std::nth_element(values, values + lower, values + count);
    const Pair pair{values[lower], upper == lower ? values[lower] : *std::min_element(values + upper, values + count)};
    if (of_all >= worth_guessing) guess(values, count, lower, of_all);
    return pair;
  }

  /// Of the values below and above, those that are about a 32nd of all away.
  void guess(double* values, std::size_t count, std::size_t lower, std::size_t of_all) {
    const std::size_t reach = of_all / 32;
    const std::size_t first = lower - std::min(lower, reach);
    const std::size_t last = std::min(count - 1, lower + reach);
    std::nth_element(values, values + first, values + lower);
    from_ = values[first];
    std::nth_element(values + lower, values + last, values + count);
    to_ = values[last];
  }

  static constexpr std::size_t worth_guessing = 128;
  double from_ = 1;
  double to_ = 0;  // less than from_: nothing is known yet
  std::vector<double> near_;
};

/// Keeps all values of a step side by side.
class QuantileAccumulator final : public NumberAccumulator {
 public:
  explicit QuantileAccumulator(const AccumulatorSettings& settings)
      : NumberAccumulator(settings), values_(settings.steps * settings.series), counts_(settings.steps, 0) {}

  Row finish() override {
    flush();
    Row row;
    row.reset(settings().steps);
    RankSelection selection;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (counts_[i] == 0) continue;
      row.set(i, selection.quantile((*settings().parameter)[i], column(i), counts_[i]));
    }
    return row;
  }

 protected:
  void add_numbers(const Row& row) override {
    if (row.all_numbers()) {
      waiting_.insert(waiting_.end(), row.values.begin(), row.values.end());
      if (++rows_waiting_ == block) flush();
      return;
    }
    flush();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_number(i)) column(i)[counts_[i]++] = row.values[i];
    }
  }

 private:
  static constexpr std::size_t block = 8;  // numbers of a cache line: rows become columns a line at a time

  double* column(std::size_t step) noexcept { return values_.data() + step * settings().series; }

  void flush() {
    const std::size_t steps = settings().steps;
    for (std::size_t i = 0; i < steps && rows_waiting_ > 0; ++i) {
      double* const end = column(i) + counts_[i];
      for (std::size_t row = 0; row < rows_waiting_; ++row) end[row] = waiting_[row * steps + i];
      counts_[i] += rows_waiting_;
    }
    waiting_.clear();
    rows_waiting_ = 0;
  }

  std::vector<double> values_;  // a column for each step, with room for each series
  std::vector<std::size_t> counts_;
  std::vector<double> waiting_;
  std::size_t rows_waiting_ = 0;
};

}  // namespace

std::unique_ptr<GroupAccumulator> make_quantile_accumulator(const AccumulatorSettings& settings) {
  return std::make_unique<QuantileAccumulator>(settings);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
