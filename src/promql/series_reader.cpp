// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/series_reader.hpp"

#include <algorithm>

#include "promql/number_columns.hpp"
#include "promql/query_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

bool has_stale(const Samples& samples) {
  return (has_nan(samples.values) && std::any_of(samples.values.begin(), samples.values.end(), storage::is_stale)) ||
         std::any_of(samples.histograms.begin(), samples.histograms.end(),
                     [](const HistogramPtr& histogram) { return is_stale(*histogram); });
}

void copy_without_stale(const Samples& from, Samples& to) {
  to.clear();
  for (std::size_t i = 0; i < from.times.size(); ++i) {
    if (storage::is_stale(from.values[i])) continue;
    to.times.push_back(from.times[i]);
    to.values.push_back(from.values[i]);
  }
  for (std::size_t i = 0; i < from.histograms.size(); ++i) {
    if (is_stale(*from.histograms[i])) continue;
    to.histogram_times.push_back(from.histogram_times[i]);
    to.histograms.push_back(from.histograms[i]);
  }
}

}  // namespace

SeriesReader::SeriesReader(SharedSelection& shared, ReaderThread thread) : shared_(shared) {
  if (thread == ReaderThread::helper) fork_ = shared.selection->fork();
}

const Samples& SeriesReader::read(std::size_t series) {
  KeptSamples* const kept = shared_.kept.get();
  if (kept == nullptr || !kept->get(series, buffer_)) {
    SeriesSelection& selection = fork_ != nullptr ? *fork_ : *shared_.selection;
    selection.read(series, shared_.range.from, shared_.range.to, buffer_);
    if (kept != nullptr) kept->put(series, buffer_);
  }
  size_ = {buffer_.size(), KeptSamples::weight(buffer_)};
  return buffer_;
}

const Samples& SeriesReader::read_without_stale(std::size_t series) {
  read(series);
  if (!has_stale(buffer_)) return buffer_;
  copy_without_stale(buffer_, clean_);
  return clean_;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
