// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
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
      : settings_(settings), is_average_(settings.op == AggregationOperator::avg), numbers_(settings.steps, 0) {
    if (is_average_) {
      means_.resize(settings.steps);
    } else {
      sums_.resize(settings.steps);
      lost_.resize(settings.steps);
    }
  }

  void add(const Row& row) override {
    if (is_average_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (!row.is_number(i)) continue;
        means_[i].add(row.values[i]);
        numbers_[i] = 1;
      }
    } else {
      add_numbers(row);
    }
    if (!row.histograms.empty()) add_histograms(row);
  }

  Row finish() override {
    Row row;
    row.reset(settings_.steps);
    bool mixed = false;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool has_histograms = !histograms_.empty() && histograms_[i] != nullptr;
      if (numbers_[i] != 0 && has_histograms) {
        mixed = true;
      } else if (numbers_[i] != 0) {
        row.set(i, is_average_ ? means_[i].value() : sums_[i] + lost_[i]);
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

  /// The same as CompensatedSum, without branches: a compiler makes it several steps at a time.
  void add_numbers(const Row& row) {
    const std::size_t size = row.size();
    const double* const values = row.values.data();
    const PointKind* const kinds = row.kinds.data();
    double* const sums = sums_.data();
    double* const lost = lost_.data();
    std::uint8_t* const numbers = numbers_.data();
    for (std::size_t i = 0; i < size; ++i) {
      const bool is_number = kinds[i] == PointKind::number;
      const double value = is_number ? values[i] : 0;
      const double sum = sums[i];
      const double next = sum + value;
      const bool keeps_sum = std::fabs(sum) >= std::fabs(value);
      const double large = keeps_sum ? sum : value;
      const double small = keeps_sum ? value : sum;
      const double error = (large - next) + small;
      sums[i] = next;
      lost[i] = std::isinf(next) ? 0 : lost[i] + error;
      numbers[i] = static_cast<std::uint8_t>(numbers[i] | static_cast<std::uint8_t>(is_number));
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
  std::vector<double> sums_;
  std::vector<double> lost_;
  std::vector<CompensatedMean> means_;
  std::vector<std::unique_ptr<HistogramSum>> histograms_;
  std::vector<std::uint8_t> incompatible_;
};

}  // namespace

std::unique_ptr<GroupAccumulator> make_sum_accumulator(const AccumulatorSettings& settings) {
  return std::make_unique<SumAccumulator>(settings);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
