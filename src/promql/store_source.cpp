// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/store_source.hpp"

#include <cmath>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

class StoreSelection final : public SeriesSelection {
 public:
  explicit StoreSelection(storage::Selection selection) noexcept : selection_(std::move(selection)) {}

  std::unique_ptr<SeriesSelection> fork() const override { return std::make_unique<StoreSelection>(selection_.fork()); }
  std::size_t size() const override { return selection_.size(); }
  std::span<const LabelView> labels(std::size_t series) const override { return selection_.labels(series); }
  std::vector<std::string> warnings() const override { return selection_.warnings(); }

  void read(std::size_t series, std::int64_t from, std::int64_t to, Samples& out) override {
    out.clear();
    columns_.times.swap(out.times);  // so that buffers are used again
    columns_.values.swap(out.values);
    columns_.clear();
    rows_.clear();
    selection_.read(series, from, to, columns_, rows_);
    columns_.times.swap(out.times);
    columns_.values.swap(out.values);
    if (rows_.empty()) return;
    std::vector<Histogram> histograms;
    histograms.reserve(rows_.size());
    for (const storage::HistogramSample& row : rows_) histograms.push_back(to_histogram(row.value));
    set_reset_hints(histograms);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      out.histogram_times.push_back(rows_[i].time);
      out.histograms.push_back(std::make_shared<const Histogram>(std::move(histograms[i])));
    }
  }

 private:
  storage::Selection selection_;
  storage::FloatColumns columns_;
  std::vector<storage::HistogramSample> rows_;
};

}  // namespace

std::unique_ptr<SeriesSelection> StoreSource::select(std::span<const storage::Matcher> matchers, std::int64_t from,
                                                     std::int64_t to) const {
  return std::make_unique<StoreSelection>(querier_.select(matchers, from, to));
}

void set_reset_hints(std::vector<Histogram>& histograms) {
  for (std::size_t i = histograms.size(); i-- > 1;) {
    if (histograms[i].hint != ResetHint::unknown || std::isnan(histograms[i].sum) || std::isnan(histograms[i - 1].sum))
      continue;
    histograms[i].hint = is_reset(histograms[i - 1], histograms[i]) ? ResetHint::reset : ResetHint::not_reset;
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
