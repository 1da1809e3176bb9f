// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <memory>

#include "promql/evaluator.hpp"
#include "promql/number_columns.hpp"
#include "promql/range_windows.hpp"
#include "promql/row_pipeline.hpp"
#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// Within a subquery samples are left out and repeated: what a hint says of the sample before holds no more.
HistogramPtr without_hint(const HistogramPtr& histogram) {
  if (histogram->hint == ResetHint::unknown || histogram->hint == ResetHint::gauge) return histogram;
  Histogram copy = *histogram;
  copy.hint = ResetHint::unknown;
  return std::make_shared<const Histogram>(std::move(copy));
}

std::vector<SeriesHead> heads_of(const SharedSelection& shared) {
  std::vector<SeriesHead> heads;
  heads.reserve(shared.labels.size());
  for (const Labels labels : shared.labels) heads.push_back({labels, false});
  return heads;
}

/// The last sample of each step's lookback.
void latest_floats(const Samples& samples, const FloatWindows& windows, bool times_as_values, Row& row) {
  row.reset(windows.steps());
  if (samples.times.empty()) return;
  row.kinds = windows.filled;
  const double* const values = samples.values.data();
  double* const out = row.values.data();
  if (windows.slides_by_one && !times_as_values) {
    std::copy_n(values + windows.end[0] - 1, row.size(), out);
  } else {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t last = windows.end[i] == 0 ? 0 : windows.end[i] - 1;
      out[i] = times_as_values ? static_cast<double>(samples.times[last]) / 1000 : values[last];
    }
  }
  if (samples.values.size() < row.size() && !has_nan(samples.values)) return;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row.is_absent(i) && storage::is_stale(values[windows.end[i] - 1])) row.clear(i);
  }
}

/// The same of a series that has histograms.
void latest(const Samples& samples, const WindowPlacer& placer, bool times_as_values, Row& row) {
  const std::vector<std::int64_t>& ends = placer.window_ends();
  row.reset(ends.size());
  std::size_t next = 0;
  std::size_t next_histogram = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const std::int64_t end = ends[i];
    while (next < samples.times.size() && samples.times[next] <= end) ++next;
    while (next_histogram < samples.histogram_times.size() && samples.histogram_times[next_histogram] <= end) {
      ++next_histogram;
    }
    const std::int64_t after = end - placer.range();
    const std::int64_t float_time = next == 0 ? INT64_MIN : samples.times[next - 1];
    const std::int64_t histogram_time = next_histogram == 0 ? INT64_MIN : samples.histogram_times[next_histogram - 1];
    const std::int64_t time = std::max(float_time, histogram_time);
    if (time <= after || time == INT64_MIN) continue;
    const bool is_float = float_time >= histogram_time;
    if (is_float ? storage::is_stale(samples.values[next - 1]) : is_stale(*samples.histograms[next_histogram - 1])) {
      continue;
    }
    if (times_as_values) {
      row.set(i, static_cast<double>(time) / 1000);
    } else if (is_float) {
      row.set(i, samples.values[next - 1]);
    } else {
      row.set(i, samples.histograms[next_histogram - 1]);
    }
  }
}

/// The last samples of a series, at all steps.
class LatestRows final : public RowMaker {
 public:
  LatestRows(const Annotations& of_query, SeriesReader reader, WindowPlacer placer, bool times_as_values)
      : RowMaker(of_query), reader_(std::move(reader)), placer_(std::move(placer)), times_as_values_(times_as_values) {}

  void make(std::size_t series, Row& row, ReadSize& read) override {
    const Samples& samples = reader_.read(series);
    read = reader_.size();
    if (samples.histogram_times.empty()) {
      latest_floats(samples, placer_.place(samples.times), times_as_values_, row);
    } else {
      latest(samples, placer_, times_as_values_, row);
    }
  }

 private:
  SeriesReader reader_;
  WindowPlacer placer_;
  const bool times_as_values_;
};

}  // namespace

VectorStream Evaluator::selected(const VectorSelector& selector, bool times_as_values) {
  SharedSelection* const shared = query_.open(selector);
  if (shared == nullptr) return {};
  std::vector<std::int64_t> ends(steps_.count);
  for (std::size_t i = 0; i < ends.size(); ++i) ends[i] = query_.shifted(selector.shift, steps_.at(i));
  return pipelined(query_, *shared, heads_of(*shared), steps_.count,
                   [shared, times_as_values, lookback = query_.lookback, ends = std::move(ends),
                    annotations = query_.annotations.without_texts()](ReaderThread thread) {
                     return std::make_unique<LatestRows>(annotations, SeriesReader(*shared, thread),
                                                         WindowPlacer(lookback, ends), times_as_values);
                   });
}

RangeStream Evaluator::range(const Expression& expression) {
  const Expression& inner = inner_of(expression);
  if (query_.stopped()) return {};
  if (const auto* node = std::get_if<MatrixSelector>(&inner.node)) return matrix(*node);
  if (const auto* node = std::get_if<Subquery>(&inner.node)) return subquery(*node);
  return {};
}

RangeStream Evaluator::matrix(const MatrixSelector& node) {
  SharedSelection* const shared = query_.open(node.selector);
  if (shared == nullptr) return {};
  RangeStream out;
  out.heads = heads_of(*shared);
  out.range = node.range_ms;
  for (std::size_t i = 0; i < steps_.count; ++i) {
    out.window_ends.push_back(query_.shifted(node.selector.shift, steps_.at(i)));
  }
  out.selection = shared;
  out.read = [&query = query_, shared, reader = SeriesReader(*shared, ReaderThread::caller),
              held = std::size_t{0}](std::size_t series) mutable -> const Samples& {
    const Samples& samples = reader.read_without_stale(series);
    query.count_read(*shared, series, reader.size(), held);
    return samples;
  };
  return out;
}

RangeStream Evaluator::subquery(const Subquery& node) {
  RangeStream out;
  out.range = node.range_ms;
  for (std::size_t i = 0; i < steps_.count; ++i) out.window_ends.push_back(query_.shifted(node.shift, steps_.at(i)));
  const Steps inner = query_.inner_steps(node, steps_);
  if (inner.count == 0) return out;
  Evaluator evaluator(query_, inner);
  if (node.operand->type() == ValueType::scalar) {
    auto samples = std::make_shared<Samples>();
    samples->values = evaluator.scalar(*node.operand);
    for (std::size_t i = 0; i < inner.count; ++i) samples->times.push_back(inner.at(i));
    out.heads.emplace_back();
    out.read = [samples](std::size_t) -> const Samples& { return *samples; };
    return out;
  }
  VectorStream stream = evaluator.vector(*node.operand);
  out.heads = std::move(stream.heads);
  out.read = [inner, fill = std::move(stream.fill), row = Row{},
              samples = Samples{}](std::size_t series) mutable -> const Samples& {
    fill(series, row);
    samples.clear();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_number(i)) {
        samples.times.push_back(inner.at(i));
        samples.values.push_back(row.values[i]);
      } else if (row.is_histogram(i)) {
        samples.histogram_times.push_back(inner.at(i));
        samples.histograms.push_back(without_hint(row.histograms[i]));
      }
    }
    return samples;
  };
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
