// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "promql/arithmetic.hpp"
#include "promql/evaluator.hpp"
#include "promql/histogram_statistics.hpp"
#include "promql/label_groups.hpp"
#include "promql/number_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr std::string_view bucket_label = "le";

double field_of(FunctionId id, const Histogram& histogram) {
  switch (id) {
    case FunctionId::histogram_count:
      return histogram.count;
    case FunctionId::histogram_sum:
      return histogram.sum;
    case FunctionId::histogram_avg:
      return histogram.sum / histogram.count;
    case FunctionId::histogram_stdvar:
      return variance(histogram);
    default:
      return std::sqrt(variance(histogram));
  }
}

VectorStream fields(Evaluator& evaluator, const Call& node) {
  VectorStream out = evaluator.vector(*node.arguments.at(0));
  for (SeriesHead& head : out.heads) head.drop_name = true;
  out.fill = [fill = std::move(out.fill), id = node.function->id](std::size_t series, Row& row) {
    fill(series, row);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.is_histogram(i)) {
        row.set(i, field_of(id, *row.histograms[i]));
      } else {
        row.clear(i);
      }
    }
  };
  return out;
}

std::optional<double> parse_bound(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const bool has_sign = text[0] == '+' || text[0] == '-';
  const double sign = text[0] == '-' ? -1 : 1;
  const std::string_view digits = text.substr(has_sign ? 1 : 0);
  if (digits == "Infinity" || digits == "infinity") return sign * INFINITY;
  if (digits.empty() || digits[0] == '+' || digits[0] == '-') return std::nullopt;
  const Result<double> value = parse_number(digits);
  if (!value) return std::nullopt;
  return sign * *value;
}

/// The series that are one histogram: a native one, the buckets of a classic one, or by mistake both.
struct HistogramSeries {
  SeriesHead head;
  std::vector<std::pair<double, std::size_t>> buckets;
  std::vector<std::size_t> natives;
};

/// histogram_quantile and histogram_fraction.
struct Settings {
  bool is_quantile = true;
  std::vector<double> first;   ///< the quantile, or the lower bound
  std::vector<double> second;  ///< the upper bound
  Place argument;
  Place vector;
};

class HistogramReducer {
 public:
  HistogramReducer(Evaluator& evaluator, Settings settings, VectorStream stream)
      : query_(evaluator.query()),
        steps_(evaluator.steps().count),
        settings_(std::move(settings)),
        stream_(std::move(stream)) {}

  VectorStream run() {
    collect();
    std::vector<SeriesHead> heads;
    std::vector<Row> rows;
    for (HistogramSeries& series : series_) {
      if (query_.stopped()) return {};
      std::stable_sort(series.buckets.begin(), series.buckets.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      heads.push_back({series.head.labels, true});
      rows.push_back(reduce(series));
      query_.hold(steps_);
    }
    return stored(std::move(heads), std::move(rows));
  }

 private:
  /// Numbers the histograms. A series with the label `le` may be a bucket or, with native points, a histogram of its own.
  void collect() {
    LabelGroups places;
    for (std::size_t i = 0; i < stream_.size(); ++i) {
      const Labels labels = stream_.heads[i].labels;
      const std::string_view bound = label_value(labels, bucket_label);
      const auto [place, is_new] =
          places.place(labels, [](const LabelView& label) { return label.name != bucket_label; });
      if (is_new) series_.push_back({{without_bound(labels), true}, {}, {}});
      HistogramSeries& series = series_[place];
      const std::optional<double> upper = parse_bound(bound);
      if (upper) {
        series.buckets.emplace_back(*upper, i);
      } else {
        series.natives.push_back(i);
      }
    }
  }

  Labels without_bound(Labels labels) const {
    std::vector<LabelView> rest;
    for (const LabelView& label : labels) {
      if (label.name != bucket_label) rest.push_back(label);
    }
    return rest.size() == labels.size() ? labels : query_.arena->keep(rest);
  }

  void warn_of_label(const SeriesHead& head) {
    const std::string_view label = label_value(head.labels, bucket_label);
    query_.annotations.warn(for_metric("bucket label \"le\" is missing or has a malformed value of " + quoted(label),
                                       label_value(head.labels, metric_name_label)),
                            settings_.vector);
  }

  Row reduce(const HistogramSeries& series) {
    Row out;
    out.reset(steps_);
    Row native;
    native.reset(steps_);
    Row row;
    buckets_.resize(steps_);
    for (std::vector<ClassicBucket>& of_step : buckets_) of_step.clear();
    for (const auto& [upper, place] : series.buckets) {
      stream_.fill(place, row);
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row.is_number(i)) buckets_[i].push_back({upper, row.values[i]});
        if (row.is_histogram(i)) native.set(i, row.histograms[i]);
      }
    }
    for (const std::size_t place : series.natives) {
      stream_.fill(place, row);
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row.is_number(i)) warn_of_label(stream_.heads[place]);
        if (row.is_histogram(i)) native.set(i, row.histograms[i]);
      }
    }
    const std::string_view name = label_value(series.head.labels, metric_name_label);
    for (std::size_t i = 0; i < steps_; ++i) {
      const bool has_classic = !buckets_[i].empty();
      if (has_classic && native.is_histogram(i)) {
        query_.annotations.warn(for_metric("vector contains a mix of classic and native histograms", name),
                                settings_.vector);
      } else if (has_classic) {
        out.set(i, of_classic(buckets_[i], i, name));
      } else if (native.is_histogram(i)) {
        out.set(i, of_native(*native.histograms[i], i, name));
      }
    }
    return out;
  }

  double of_classic(std::vector<ClassicBucket>& buckets, std::size_t step, std::string_view name) {
    const bool rises = prepare(buckets);
    if (!settings_.is_quantile) return fraction(settings_.first[step], settings_.second[step], buckets);
    const double rank = settings_.first[step];
    if (!rises && !std::isnan(rank) && rank >= 0 && rank <= 1) {
      query_.annotations.inform(
          for_metric("input to histogram_quantile needed to be fixed for monotonicity (see "
                     "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)",
                     name),
          settings_.vector);
    }
    return quantile(rank, buckets);
  }

  double of_native(const Histogram& histogram, std::size_t step, std::string_view name) {
    if (!settings_.is_quantile) {
      if (std::isnan(histogram.sum)) {
        query_.annotations.inform(
            for_metric("input to histogram_fraction has NaN observations, which are excluded from all fractions", name),
            settings_.argument);
      }
      return fraction(settings_.first[step], settings_.second[step], histogram);
    }
    NanObservations observations = NanObservations::none;
    const double value = quantile(settings_.first[step], histogram, observations);
    if (observations == NanObservations::result_is_nan) {
      query_.annotations.inform(for_metric("input to histogram_quantile has NaN observations, result is NaN", name),
                                settings_.argument);
    } else if (observations == NanObservations::result_is_skewed) {
      query_.annotations.inform(
          for_metric("input to histogram_quantile has NaN observations, result is skewed higher", name),
          settings_.argument);
    }
    return value;
  }

  QueryState& query_;
  std::size_t steps_;
  Settings settings_;
  VectorStream stream_;
  std::vector<HistogramSeries> series_;
  std::vector<std::vector<ClassicBucket>> buckets_;  // by step, of the series at hand
};

}  // namespace

VectorStream evaluate_histogram_function(Evaluator& evaluator, const Call& node) {
  const FunctionId id = node.function->id;
  if (id != FunctionId::histogram_quantile && id != FunctionId::histogram_fraction) return fields(evaluator, node);
  Settings settings;
  settings.is_quantile = id == FunctionId::histogram_quantile;
  settings.first = evaluator.scalar(*node.arguments.at(0));
  if (!settings.is_quantile) settings.second = evaluator.scalar(*node.arguments.at(1));
  const Expression& argument = *node.arguments.back();
  settings.argument = node.arguments.front()->place;
  settings.vector = argument.place;
  VectorStream stream = evaluator.vector(argument);
  if (evaluator.query().failed()) return {};
  if (settings.is_quantile) {
    for (const double rank : settings.first) {
      if (rank >= 0 && rank <= 1) continue;
      evaluator.query().annotations.warn("quantile value should be between 0 and 1, got " + format_g(rank),
                                         settings.argument);
    }
  }
  return HistogramReducer(evaluator, std::move(settings), std::move(stream)).run();
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
