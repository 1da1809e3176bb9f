// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/result_body.hpp"

#include <algorithm>
#include <utility>

#include "api/json_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

using promql::ResultPoint;
using promql::ValueType;

constexpr std::size_t chunk_size = 64UL * 1024;
constexpr std::size_t block_size = 4096;

void append_histogram(std::string& out, const promql::Histogram& histogram) {
  Object object(out);
  append_value(object.key("count"), histogram.count);
  append_value(object.key("sum"), histogram.sum);
  const auto buckets = promql::buckets(histogram);
  if (!buckets.empty()) {
    object.key("buckets") += '[';
    for (const promql::HistogramBucket& bucket : buckets) {
      // Which bounds belong to it: 0 the upper one, 1 the lower one, 2 none, 3 both.
      const int bounds = bucket.lower_inclusive ? (bucket.upper_inclusive ? 3 : 1) : (bucket.upper_inclusive ? 0 : 2);
      out += (&bucket == buckets.data() ? "[" : ",[") + std::to_string(bounds);
      for (const double value : {bucket.lower, bucket.upper, bucket.count}) {
        out += ',';
        append_value(out, value);
      }
      out += ']';
    }
    out += ']';
  }
  object.end();
}

void append_point(std::string& out, const ResultPoint& point) {
  out += '[';
  append_time(out, point.time);
  out += ',';
  if (point.histogram != nullptr) {
    append_histogram(out, *point.histogram);
  } else {
    append_value(out, point.value);
  }
  out += ']';
}

const char* type_name(ValueType type) {
  switch (type) {
    case ValueType::scalar:
      return "scalar";
    case ValueType::string:
      return "string";
    case ValueType::matrix:
      return "matrix";
    case ValueType::vector:
      break;
  }
  return "vector";
}

void append_statistics(std::string& out, const promql::QueryStatistics& statistics) {
  const double seconds = std::chrono::duration<double>(statistics.duration).count();
  Object object(out);
  Object timings(object.key("timings"));
  timings.number("evalTotalTime", seconds)
      .number("resultSortTime", 0)
      .number("queryPreparationTime", 0)
      .number("innerEvalTime", seconds)
      .number("execQueueTime", 0)
      .number("execTotalTime", seconds)
      .end();
  Object samples(object.key("samples"));
  samples.number("totalQueryableSamples", statistics.samples_read).number("peakSamples", statistics.peak_samples).end();
  object.end();
}

}  // namespace

ResultBody::ResultBody(promql::QueryResult result, bool statistics)
    : result_(std::move(result)), statistics_(statistics) {}

void ResultBody::begin(std::string& out) {
  std::size_t points = 0;
  for (const promql::ResultSeries& series : result_.series) points += series.points.size() + 8;
  out.reserve(std::min(points * 32, chunk_size + block_size) + 256);
  out += R"({"status":"success","data":{"resultType":")";
  out += type_name(result_.type);
  out += R"(","result":[)";
  if (result_.type != ValueType::scalar && result_.type != ValueType::string) return;
  append_time(out, result_.time);
  out += ',';
  if (result_.type == ValueType::scalar) {
    append_value(out, result_.scalar);
  } else {
    append_text(out, result_.text);
  }
}

void ResultBody::write_floats(std::string& out, const std::vector<ResultPoint>& points) {
  while (point_ < points.size() && out.size() < chunk_size) {
    char block[block_size];
    char* end = block;
    const char* begin = block;
    for (; point_ < points.size() && end <= block + block_size - PointWriter::longest; ++point_) {
      const ResultPoint& point = points[point_];
      if (point.histogram != nullptr) {
        has_histograms_ = true;
        continue;
      }
      if (!std::exchange(open_, true)) {
        out += R"(,"values":[)";
        ++begin;  // without the first point's comma
      }
      end = points_.write(end, point.time, point.value);
    }
    if (end != block) out.append(begin, static_cast<std::size_t>(end - begin));
  }
}

void ResultBody::write_histograms(std::string& out, const std::vector<ResultPoint>& points) {
  for (; point_ < points.size() && out.size() < chunk_size; ++point_) {
    const ResultPoint& point = points[point_];
    if (point.histogram == nullptr) continue;
    out += std::exchange(open_, true) ? "," : R"(,"histograms":[)";
    append_point(out, point);
  }
}

void ResultBody::write_some(std::string& out) {
  promql::ResultSeries& series = result_.series[series_];
  if (!std::exchange(headed_, true)) {
    out += series_ == 0 ? R"({"metric":)" : R"(,{"metric":)";
    append_labels(out, series.labels);
  }
  if (result_.type == ValueType::vector) {
    for (const ResultPoint& point : series.points) {
      out += point.histogram == nullptr ? R"(,"value":)" : R"(,"histogram":)";
      append_point(out, point);
    }
  } else {
    histograms_ ? write_histograms(out, series.points) : write_floats(out, series.points);
    if (point_ < series.points.size()) return;
    if (std::exchange(open_, false)) out += ']';
    point_ = 0;
    histograms_ = std::exchange(has_histograms_, false);
    if (histograms_) return;  // once more, for the histograms
  }
  out += '}';
  std::vector<ResultPoint>().swap(series.points);
  ++series_;
  headed_ = false;
}

void ResultBody::end(std::string& out) {
  out += ']';
  if (statistics_) {
    out += R"(,"stats":)";
    append_statistics(out, result_.statistics);
  }
  out += '}';
  if (!result_.warnings.empty()) {
    out += R"(,"warnings":)";
    append_texts(out, result_.warnings);
  }
  if (!result_.infos.empty()) {
    out += R"(,"infos":)";
    append_texts(out, result_.infos);
  }
  out += '}';
  done_ = true;
}

bool ResultBody::next(std::string& chunk) {
  if (done_) return false;
  if (!std::exchange(begun_, true)) begin(chunk);
  const bool has_series = result_.type == ValueType::vector || result_.type == ValueType::matrix;
  while (has_series && series_ < result_.series.size() && chunk.size() < chunk_size) write_some(chunk);
  if (!has_series || series_ == result_.series.size()) end(chunk);
  return !done_;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
