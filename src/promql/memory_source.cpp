// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/memory_source.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

class MemorySelection final : public SeriesSelection {
 public:
  void add(const MemorySource::Series& series) {
    series_.push_back(&series);
    labels_.emplace_back();
    for (const auto& [name, value] : series.labels) labels_.back().push_back({name, value});
  }
  std::unique_ptr<SeriesSelection> fork() const override { return std::make_unique<MemorySelection>(*this); }
  std::size_t size() const override { return series_.size(); }
  std::span<const LabelView> labels(std::size_t series) const override { return labels_[series]; }
  void read(std::size_t place, std::int64_t from, std::int64_t to, Samples& out) override {
    out.clear();
    const MemorySource::Series& series = *series_[place];
    for (auto i = series.floats.lower_bound(from); i != series.floats.end() && i->first <= to; ++i) {
      out.times.push_back(i->first);
      out.values.push_back(i->second);
    }
    for (auto i = series.histograms.lower_bound(from); i != series.histograms.end() && i->first <= to; ++i) {
      out.histogram_times.push_back(i->first);
      out.histograms.push_back(std::make_shared<const Histogram>(i->second));
    }
  }

 private:
  std::vector<const MemorySource::Series*> series_;
  std::vector<std::vector<LabelView>> labels_;
};

bool matches(const OwnedLabels& labels, const storage::Matcher& matcher) {
  for (const auto& [name, value] : labels) {
    if (name == matcher.name()) return matcher.matches(value);
  }
  return matcher.matches_empty();
}

}  // namespace

void MemorySource::tell_resets(const OwnedLabels& labels) {
  const auto found = series_.find(labels);
  if (found == series_.end()) return;
  const Histogram* before = nullptr;
  for (auto& [time, histogram] : found->second.histograms) {
    Histogram plain = histogram;
    if (plain.hint == ResetHint::not_reset) plain.hint = ResetHint::unknown;
    if (plain.hint == ResetHint::unknown) {
      const bool follows = before != nullptr && before->hint != ResetHint::gauge;
      histogram.hint = !follows                   ? ResetHint::unknown
                       : is_reset(*before, plain) ? ResetHint::reset
                                                  : ResetHint::not_reset;
    }
    before = &histogram;
  }
}

std::unique_ptr<SeriesSelection> MemorySource::select(std::span<const storage::Matcher> matchers, std::int64_t from,
                                                      std::int64_t to) const {
  auto out = std::make_unique<MemorySelection>();
  for (const auto& [labels, series] : series_) {
    const auto passes = [&labels = labels](const storage::Matcher& matcher) { return matches(labels, matcher); };
    if (!std::all_of(matchers.begin(), matchers.end(), passes)) continue;
    const auto first_float = series.floats.lower_bound(from);
    const auto first_histogram = series.histograms.lower_bound(from);
    const bool is_inside = (first_float != series.floats.end() && first_float->first <= to) ||
                           (first_histogram != series.histograms.end() && first_histogram->first <= to);
    if (is_inside) out->add(series);
  }
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
