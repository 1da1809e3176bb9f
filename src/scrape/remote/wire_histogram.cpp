// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/wire_histogram.hpp"

#include <bit>
#include <cmath>

#include "exposition/protobuf_fields.hpp"

// Field numbers: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/ and the schema it names.

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

using exposition::BucketSpan;
using exposition::Message;
using exposition::protobuf::Cursor;
using exposition::protobuf::key;
using exposition::protobuf::WireProblem;
using exposition::protobuf::WireType;

constexpr std::size_t max_buckets = 100'000;  // as the storage has it
constexpr double whole_limit = 0x1p53;

enum class ResetHint : std::uint8_t { unspecified = 0, gauge = 3 };

bool is_whole(double count) {
  return count >= 0 && count <= whole_limit && std::trunc(count) == count;
}

void put_spans(Message& message, unsigned field, const std::vector<BucketSpan>& spans) {
  for (const BucketSpan& span : spans) {
    message.message(field, Message().varint(1, exposition::zigzag(span.offset)).varint(2, span.length));
  }
}

void put_counts(Message& message, unsigned field, const std::vector<double>& counts, bool whole) {
  if (counts.empty()) return;
  Message packed;
  std::int64_t last = 0;
  for (const double count : counts) {
    if (whole) {
      const auto now = static_cast<std::int64_t>(count);
      packed.raw(exposition::zigzag(now - last));
      last = now;
    } else {
      char buffer[sizeof count];
      exposition::write_fixed(buffer, count);
      packed.append({buffer, sizeof buffer});
    }
  }
  message.message(whole ? field : field + 1, packed);
}

}  // namespace

bool has_whole_counts(const HistogramValue& value) {
  bool whole = value.integer && is_whole(value.count) && is_whole(value.zero_count);
  for (const double count : value.positive_counts) whole = whole && is_whole(count);
  for (const double count : value.negative_counts) whole = whole && is_whole(count);
  return whole;
}

void append_histogram(const HistogramValue& value, std::int64_t time_ms, std::string& out) {
  const bool whole = has_whole_counts(value);
  Message message;
  if (whole) {
    message.varint(1, static_cast<std::uint64_t>(value.count));
  } else {
    message.fixed(2, value.count);
  }
  message.fixed(3, value.sum).varint(4, exposition::zigzag(value.schema)).fixed(5, value.zero_threshold);
  if (whole) {
    message.varint(6, static_cast<std::uint64_t>(value.zero_count));
  } else {
    message.fixed(7, value.zero_count);
  }
  put_spans(message, 8, value.negative_spans);
  put_counts(message, 9, value.negative_counts, whole);
  put_spans(message, 11, value.positive_spans);
  put_counts(message, 12, value.positive_counts, whole);
  if (value.gauge) message.varint(14, static_cast<std::uint64_t>(ResetHint::gauge));
  message.varint(15, static_cast<std::uint64_t>(time_ms));
  if (!value.custom_bounds.empty()) {
    Message packed;
    for (const double bound : value.custom_bounds) {
      char buffer[sizeof bound];
      exposition::write_fixed(buffer, bound);
      packed.append({buffer, sizeof buffer});
    }
    message.message(16, packed);
  }
  out += message.bytes();
}

void HistogramMessageReader::Side::clear() {
  spans.clear();
  from_deltas.clear();
  absolute.clear();
  last = 0;
}

WireProblem HistogramMessageReader::Side::add_span(std::string_view message) {
  BucketSpan span;
  std::uint64_t length = 0;
  Cursor cursor(message);
  while (cursor.next()) {
    if (cursor.key() == key(1, WireType::varint)) {
      span.offset = exposition::protobuf::from_zigzag32(cursor.number());
    } else if (cursor.key() == key(2, WireType::varint)) {
      length = cursor.number();
    }
  }
  if (cursor.problem() != nullptr) return problem_of(cursor);
  if (length > max_buckets) return {message.data(), "a span of at most 100000 buckets"};
  span.length = static_cast<std::uint32_t>(length);
  spans.push_back(span);
  return {};
}

WireProblem HistogramMessageReader::Side::add_delta(const char* at, std::uint64_t code) {
  if (__builtin_add_overflow(last, exposition::protobuf::from_zigzag(code), &last) || last < 0) {
    return {at, "counts of buckets that are not negative"};
  }
  from_deltas.push_back(static_cast<double>(last));
  return {};
}

WireProblem HistogramMessageReader::Side::add_deltas(std::string_view packed) {
  Cursor cursor(packed);
  while (!cursor.at_end()) {
    std::uint64_t code = 0;
    if (!cursor.read_varint(code)) return {packed.data(), cursor.problem()};
    if (const WireProblem problem = add_delta(packed.data(), code)) return problem;
  }
  return {};
}

WireProblem HistogramMessageReader::add_doubles(std::string_view packed, std::vector<double>& out) {
  Cursor cursor(packed);
  while (!cursor.at_end()) {
    double value = 0;
    if (!cursor.read_double(value)) return {packed.data(), cursor.problem()};
    out.push_back(value);
  }
  return {};
}

/// Joins spans that touch, drops empty ones, and holds them against the counts, which then stand in `absolute`.
WireProblem HistogramMessageReader::Side::finish(const char* at, bool integer) {
  if (integer) {
    if (!absolute.empty()) return {at, "deltas in a histogram of whole counts"};
    absolute.swap(from_deltas);
  } else if (!from_deltas.empty()) {
    return {at, "absolute counts in a histogram of fractional counts"};
  }
  std::size_t buckets = 0;
  std::int64_t gap = 0;
  std::size_t kept = 0;
  for (const BucketSpan& span : spans) {
    gap += span.offset;
    if (kept > 0 && span.offset < 0) return {at, "spans that do not overlap"};
    if (gap < INT32_MIN || gap > INT32_MAX) return {at, "offsets of spans within 32 bits"};
    if (span.length == 0) continue;
    buckets += span.length;
    if (buckets > max_buckets) return {at, "at most 100000 buckets"};
    if (kept > 0 && gap == 0) {
      spans[kept - 1].length += span.length;
    } else {
      spans[kept++] = {static_cast<std::int32_t>(gap), span.length};
    }
    gap = 0;
  }
  spans.resize(kept);
  if (buckets != absolute.size()) return {at, "as many counts as the spans have buckets"};
  return {};
}

WireProblem HistogramMessageReader::read(std::string_view message, WrittenHistogram& histogram) {
  negative_.clear();
  positive_.clear();
  bounds_.clear();
  HistogramValue& value = histogram.value;
  value.schema = 0;
  value.zero_threshold = value.zero_count = value.count = value.sum = 0;
  value.integer = true;
  value.gauge = false;
  histogram.time_ms = 0;
  bool float_zero_count = false;
  Cursor cursor(message);
  while (cursor.next()) {
    WireProblem problem;
    switch (cursor.key()) {
      case key(1, WireType::varint):
        value.count = static_cast<double>(cursor.number());
        value.integer = true;
        break;
      case key(2, WireType::fixed64):
        value.count = cursor.as_double();
        value.integer = false;
        break;
      case key(3, WireType::fixed64):
        value.sum = cursor.as_double();
        break;
      case key(4, WireType::varint):
        value.schema = exposition::protobuf::from_zigzag32(cursor.number());
        break;
      case key(5, WireType::fixed64):
        value.zero_threshold = cursor.as_double();
        break;
      case key(6, WireType::varint):
        value.zero_count = static_cast<double>(cursor.number());
        float_zero_count = false;
        break;
      case key(7, WireType::fixed64):
        value.zero_count = cursor.as_double();
        float_zero_count = true;
        break;
      case key(8, WireType::bytes):
        problem = negative_.add_span(cursor.bytes());
        break;
      case key(9, WireType::bytes):
        problem = negative_.add_deltas(cursor.bytes());
        break;
      case key(9, WireType::varint):
        problem = negative_.add_delta(cursor.at(), cursor.number());
        break;
      case key(10, WireType::bytes):
        problem = add_doubles(cursor.bytes(), negative_.absolute);
        break;
      case key(10, WireType::fixed64):
        negative_.absolute.push_back(cursor.as_double());
        break;
      case key(11, WireType::bytes):
        problem = positive_.add_span(cursor.bytes());
        break;
      case key(12, WireType::bytes):
        problem = positive_.add_deltas(cursor.bytes());
        break;
      case key(12, WireType::varint):
        problem = positive_.add_delta(cursor.at(), cursor.number());
        break;
      case key(13, WireType::bytes):
        problem = add_doubles(cursor.bytes(), positive_.absolute);
        break;
      case key(13, WireType::fixed64):
        positive_.absolute.push_back(cursor.as_double());
        break;
      case key(14, WireType::varint):
        value.gauge = cursor.number() == static_cast<std::uint64_t>(ResetHint::gauge);
        break;
      case key(15, WireType::varint):
        histogram.time_ms = static_cast<std::int64_t>(cursor.number());
        break;
      case key(16, WireType::bytes):
        problem = add_doubles(cursor.bytes(), bounds_);
        break;
      case key(16, WireType::fixed64):
        bounds_.push_back(cursor.as_double());
        break;
      default:
        break;
    }
    if (problem) return problem;
  }
  if (cursor.problem() != nullptr) return problem_of(cursor);
  const char* const at = message.data();
  if (value.integer && float_zero_count) return {at, "a zero bucket of the same kind as the count"};
  const bool custom = value.schema == HistogramValue::custom_schema;
  constexpr std::int32_t lowest_schema = -4;
  constexpr std::int32_t highest_schema = 8;
  if (!custom && (value.schema < lowest_schema || value.schema > highest_schema)) {
    return {at, "a histogram schema from -4 to 8, or -53"};
  }
  if (custom ? bounds_.size() > max_buckets : !bounds_.empty()) return {at, "custom bounds with schema -53 alone"};
  for (std::size_t i = 1; i < bounds_.size(); ++i) {
    if (!(bounds_[i - 1] < bounds_[i])) return {at, "custom bounds that ascend"};
  }
  if (const WireProblem problem = negative_.finish(at, value.integer)) return problem;
  if (const WireProblem problem = positive_.finish(at, value.integer)) return problem;
  value.positive_spans.swap(positive_.spans);
  value.positive_counts.swap(positive_.absolute);
  value.negative_spans.swap(negative_.spans);
  value.negative_counts.swap(negative_.absolute);
  value.custom_bounds.swap(bounds_);
  return {};
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
