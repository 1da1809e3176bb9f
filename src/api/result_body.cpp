// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/result_body.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "api/json_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

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

void append_histogram(std::string& out, std::int64_t time, const promql::Histogram& histogram) {
  out += '[';
  append_time(out, time);
  out += ',';
  append_histogram(out, histogram);
  out += ']';
}

/// The point of a vector's series.
void write_one(std::string& out, const promql::ResultPoints& points) {
  const promql::ResultPoint point = points.front();
  if (point.histogram != nullptr) {
    out += R"(,"histogram":)";
    append_histogram(out, point.time, *point.histogram);
    return;
  }
  out += R"(,"value":[)";
  append_time(out, point.time);
  out += ',';
  append_value(out, point.value);
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

bool ResultBody::write_floats(std::string& out, const promql::ResultPoints& points) {
  const std::span<const double> values = points.values();
  const std::span<const promql::TimeRun> runs = points.runs();
  while (value_ < values.size()) {
    if (out.size() >= chunk_size) return false;
    char block[block_size];
    char* end = block;
    const char* begin = block;
    if (value_ == 0) {
      out += R"(,"values":[)";
      ++begin;  // without the first point's comma
    }
    while (value_ < values.size() && end <= block + block_size - PointWriter::longest) {
      const promql::TimeRun& run = runs[run_];
      for (; in_run_ < run.count && end <= block + block_size - PointWriter::longest; ++in_run_) {
        end = points_.write(end, run.at(in_run_), values[value_++]);
      }
      if (in_run_ < run.count) break;
      in_run_ = 0;
      ++run_;
    }
    out.append(begin, static_cast<std::size_t>(end - begin));
    if (value_ == values.size()) out += ']';
  }
  return true;
}

bool ResultBody::write_histograms(std::string& out, const promql::ResultPoints& points) {
  const std::span<const promql::HistogramPoint> histograms = points.histograms();
  for (; histogram_ < histograms.size(); ++histogram_) {
    if (out.size() >= chunk_size) return false;
    out += histogram_ == 0 ? R"(,"histograms":[)" : ",";
    append_histogram(out, histograms[histogram_].time, *histograms[histogram_].histogram);
    if (histogram_ + 1 == histograms.size()) out += ']';
  }
  return true;
}

void ResultBody::write_some(std::string& out) {
  promql::ResultSeries& series = result_.series[series_];
  if (!std::exchange(headed_, true)) {
    out += series_ == 0 ? R"({"metric":)" : R"(,{"metric":)";
    append_labels(out, series.labels);
  }
  if (result_.type == ValueType::vector) {
    write_one(out, series.points);
  } else if (!write_floats(out, series.points) || !write_histograms(out, series.points)) {
    return;
  }
  out += '}';
  series.points = {};
  ++series_;
  run_ = in_run_ = value_ = histogram_ = 0;
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
