// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <memory>

#include "promql/group_accumulator.hpp"
#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// sum and avg, of numbers and of histograms; where a group has both at a step, it has no result there.
class SumAccumulator final : public GroupAccumulator {
 public:
  explicit SumAccumulator(const AccumulatorSettings& settings)
      : settings_(settings),
        is_average_(settings.op == AggregationOperator::avg),
        numbers_(settings.steps, 0),
        // -0 and any number is that number: so the mean of -0 is -0.
        sums_(settings.steps, is_average_ ? -0.0 : 0.0),
        lost_(settings.steps, 0) {
    if (is_average_) counts_.resize(settings.steps, 0);
  }

  void add(const Row& row) override {
    const bool is_whole = row.all_numbers();
    if (!is_whole) take_numbers(row);
    const double* const values = is_whole ? row.values.data() : numbers_only_.data();
    is_whole_ = is_whole_ || is_whole;
    if (!means_.empty() || (is_average_ && overflows(values, row.size()))) {
      add_to_means(row);
    } else {
      add_numbers(values, row.size());
      if (is_average_) count(row, is_whole);
    }
    if (!row.histograms.empty()) add_histograms(row);
  }

  Row finish() override {
    Row row;
    row.reset(settings_.steps);
    bool mixed = false;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool has_number = is_whole_ || numbers_[i] != 0;
      const bool has_histograms = !histograms_.empty() && histograms_[i] != nullptr;
      if (has_number && has_histograms) {
        mixed = true;
      } else if (has_number) {
        row.set(i, number_of(i));
      } else if (has_histograms && incompatible_[i] == 0) {
        const HistogramSum& sum = *histograms_[i];
        if (sum.reset_conflict()) warn(std::string(reset_conflict_text) + "aggregation");
        if (sum.bounds_reconciled()) {
          settings_.annotations->inform(std::string(bounds_reconciled_text) + "aggregation", settings_.place);
        }
        row.set(i, is_average_ ? sum.mean() : sum.sum());
      }
    }
    if (mixed) warn("encountered a mix of histograms and floats for aggregation");
    return row;
  }

 private:
  void warn(const std::string& text) const { settings_.annotations->warn(text, settings_.place); }

  double number_of(std::size_t step) const {
    if (!means_.empty()) return means_[step].value();
    if (is_average_) return sums_[step] / counts_[step] + lost_[step] / counts_[step];
    return std::isinf(sums_[step]) ? sums_[step] : sums_[step] + lost_[step];
  }

  /// The row with 0 where no number is.
  void take_numbers(const Row& row) {
    numbers_only_.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool is_number = row.is_number(i);
      numbers_only_[i] = is_number ? row.values[i] : (is_average_ ? -0.0 : 0.0);
      numbers_[i] = static_cast<std::uint8_t>(numbers_[i] | static_cast<std::uint8_t>(is_number));
    }
  }

  /// The same as CompensatedSum, without branches: a compiler makes it several steps at a time. An infinite sum stays so, or
  /// becomes NaN; what it has lost then is left out in the end.
  void add_numbers(const double* values, std::size_t size) {
    double* const sums = sums_.data();
    double* const lost = lost_.data();
    for (std::size_t i = 0; i < size; ++i) {
      const double sum = sums[i];
      const double next = sum + values[i];
      const double taken = next - sum;
      lost[i] += (sum - (next - taken)) + (values[i] - taken);
      sums[i] = next;
    }
  }

  bool overflows(const double* values, std::size_t size) const {
    std::uint64_t infinite = 0;
    for (std::size_t i = 0; i < size; ++i) infinite += std::isinf(sums_[i] + values[i]) ? 1U : 0U;
    return infinite > 0;
  }

  void count(const Row& row, bool is_whole) {
    if (is_whole) {
      for (double& count : counts_) count += 1;
    } else {
      for (std::size_t i = 0; i < row.size(); ++i) counts_[i] += row.is_number(i) ? 1 : 0;
    }
  }

  /// From the first infinite sum on, means are kept as such: see CompensatedMean.
  void add_to_means(const Row& row) {
    if (means_.empty()) {
      means_.resize(settings_.steps);
      for (std::size_t i = 0; i < means_.size(); ++i) means_[i] = {{sums_[i], lost_[i]}, counts_[i], false};
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_number(i)) means_[i].add(row.values[i]);
    }
  }

  void add_histograms(const Row& row) {
    if (histograms_.empty()) {
      histograms_.resize(settings_.steps);
      incompatible_.resize(settings_.steps, 0);
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row.is_histogram(i)) continue;
      if (histograms_[i] == nullptr) histograms_[i] = std::make_unique<HistogramSum>();
      if (histograms_[i]->add(*row.histograms[i], is_average_)) continue;
      incompatible_[i] = 1;
      warn(std::string(mixed_schemas) + "\"\"");
    }
  }

  AccumulatorSettings settings_;
  bool is_average_;
  std::vector<std::uint8_t> numbers_;  // there was one
  bool is_whole_ = false;              // there was one at each step
  std::vector<double> sums_;
  std::vector<double> lost_;
  std::vector<double> counts_;          // of averages
  std::vector<CompensatedMean> means_;  // in place of these three, after an overflow
  std::vector<double> numbers_only_;
  std::vector<std::unique_ptr<HistogramSum>> histograms_;
  std::vector<std::uint8_t> incompatible_;
};

}  // namespace

std::unique_ptr<GroupAccumulator> make_sum_accumulator(const AccumulatorSettings& settings) {
  return std::make_unique<SumAccumulator>(settings);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
