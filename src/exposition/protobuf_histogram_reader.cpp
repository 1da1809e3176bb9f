// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/protobuf_histogram_reader.hpp"

#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition::protobuf {
namespace {

constexpr std::int32_t lowest_schema = -4;
constexpr std::int32_t highest_schema = 8;

}  // namespace

WireProblem read_timestamp(std::string_view message, std::optional<std::int64_t>& milliseconds) {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  Cursor cursor{message};
  while (cursor.next()) {
    switch (cursor.key()) {
      case key(1, WireType::varint):
        seconds = static_cast<std::int64_t>(cursor.number());
        break;
      case key(2, WireType::varint):
        nanoseconds = static_cast<std::int32_t>(cursor.number());
        break;
      default:
        break;
    }
  }
  if (cursor.problem() != nullptr) return problem_of(cursor);
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1000 - 1;
  if (seconds > limit || seconds < -limit) return {message.data(), "a timestamp within 292 million years of the epoch"};
  if (nanoseconds < 0 || nanoseconds > 999'999'999) return {message.data(), "nanoseconds from 0 to 999999999"};
  milliseconds = seconds * 1000 + nanoseconds / 1'000'000;
  return {};
}

void HistogramReader::Side::clear() {
  spans.clear();
  from_deltas.clear();
  absolute.clear();
  last = 0;
}

WireProblem HistogramReader::Side::add_span(std::string_view message) {
  BucketSpan span;
  Cursor cursor{message};
  while (cursor.next()) {
    switch (cursor.key()) {
      case key(1, WireType::varint):
        span.offset = from_zigzag32(cursor.number());
        break;
      case key(2, WireType::varint):
        span.length = static_cast<std::uint32_t>(cursor.number());
        break;
      default:
        break;
    }
  }
  spans.push_back(span);
  return problem_of(cursor);
}

WireProblem HistogramReader::Side::add_delta(const char* at, std::uint64_t code) {
  if (__builtin_add_overflow(last, from_zigzag(code), &last) || last < 0) {
    return {at, "a delta that keeps the bucket's count between 0 and 2^63"};
  }
  from_deltas.push_back(static_cast<double>(last));
  return {};
}

WireProblem HistogramReader::Side::add_deltas(std::string_view packed) {
  Cursor cursor{packed};
  while (!cursor.at_end()) {
    std::uint64_t code = 0;
    if (!cursor.read_varint(code)) return {packed.data(), cursor.problem()};
    if (auto problem = add_delta(packed.data(), code)) return problem;
  }
  return {};
}

WireProblem HistogramReader::Side::add_counts(std::string_view packed) {
  Cursor cursor{packed};
  while (!cursor.at_end()) {
    double count = 0;
    if (!cursor.read_double(count)) return {packed.data(), cursor.problem()};
    absolute.push_back(count);
  }
  return {};
}

WireProblem HistogramReader::Side::check(const char* at, bool integer) {
  if (!integer) from_deltas.swap(absolute);
  for (const double count : from_deltas) {
    if (!(count >= 0)) return {at, "bucket counts of zero or more"};
  }
  std::uint64_t length = 0;
  std::int64_t index = 0;  // of the next bucket
  std::int64_t gap = 0;    // offsets of empty spans, which are dropped
  std::size_t kept = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (i > 0 && spans[i].offset < 0) return {at, "spans in ascending order: only the first offset may be negative"};
    gap += spans[i].offset;
    index += spans[i].offset + std::int64_t{spans[i].length};
    length += spans[i].length;
    constexpr std::int64_t limit = std::numeric_limits<std::int32_t>::max();
    if (index > limit || gap > limit) return {at, "bucket indexes below 2^31"};
    if (spans[i].length == 0) continue;
    spans[kept++] = {static_cast<std::int32_t>(gap), spans[i].length};
    gap = 0;
  }
  spans.resize(kept);
  if (length != from_deltas.size()) return {at, "as many bucket counts as the spans have buckets"};
  return {};
}

void HistogramReader::clear() {
  count_ = 0;
  count_float_ = 0;
  sum_ = 0;
  schema_ = 0;
  zero_threshold_ = 0;
  zero_count_ = 0;
  zero_count_float_ = 0;
  created_ms_.reset();
  buckets_.clear();
  exemplars_.clear();
  negative_.clear();
  positive_.clear();
}

WireProblem HistogramReader::read(std::string_view message) {
  clear();
  start_ = message.data();
  Cursor cursor{message};
  while (cursor.next()) {
    if (auto problem = read_field(cursor)) return problem;
  }
  return problem_of(cursor);
}

WireProblem HistogramReader::read_field(const Cursor& cursor) {
  switch (cursor.key()) {
    case key(1, WireType::varint):
      count_ = cursor.number();
      break;
    case key(2, WireType::fixed64):
      sum_ = cursor.as_double();
      break;
    case key(3, WireType::bytes):
      return read_bucket(cursor.bytes());
    case key(4, WireType::fixed64):
      count_float_ = cursor.as_double();
      break;
    case key(5, WireType::varint):
      schema_ = from_zigzag32(cursor.number());
      break;
    case key(6, WireType::fixed64):
      zero_threshold_ = cursor.as_double();
      break;
    case key(7, WireType::varint):
      zero_count_ = cursor.number();
      break;
    case key(8, WireType::fixed64):
      zero_count_float_ = cursor.as_double();
      break;
    case key(9, WireType::bytes):
      return negative_.add_span(cursor.bytes());
    case key(10, WireType::varint):
      return negative_.add_delta(cursor.at(), cursor.number());
    case key(10, WireType::bytes):
      return negative_.add_deltas(cursor.bytes());
    case key(11, WireType::fixed64):
      negative_.absolute.push_back(cursor.as_double());
      break;
    case key(11, WireType::bytes):
      return negative_.add_counts(cursor.bytes());
    case key(12, WireType::bytes):
      return positive_.add_span(cursor.bytes());
    case key(13, WireType::varint):
      return positive_.add_delta(cursor.at(), cursor.number());
    case key(13, WireType::bytes):
      return positive_.add_deltas(cursor.bytes());
    case key(14, WireType::fixed64):
      positive_.absolute.push_back(cursor.as_double());
      break;
    case key(14, WireType::bytes):
      return positive_.add_counts(cursor.bytes());
    case key(15, WireType::bytes):
      return read_timestamp(cursor.bytes(), created_ms_);
    case key(16, WireType::bytes):
      exemplars_.push_back(cursor.bytes());
      break;
    default:
      break;
  }
  return {};
}

WireProblem HistogramReader::read_bucket(std::string_view message) {
  Bucket bucket;
  std::uint64_t count = 0;
  double count_float = 0;
  Cursor cursor{message};
  while (cursor.next()) {
    switch (cursor.key()) {
      case key(1, WireType::varint):
        count = cursor.number();
        break;
      case key(2, WireType::fixed64):
        bucket.upper_bound = cursor.as_double();
        break;
      case key(3, WireType::bytes):
        bucket.exemplar = cursor.bytes();
        break;
      case key(4, WireType::fixed64):
        count_float = cursor.as_double();
        break;
      default:
        break;
    }
  }
  bucket.cumulative_count = count_float > 0 ? count_float : static_cast<double>(count);
  buckets_.push_back(bucket);
  return problem_of(cursor);
}

bool HistogramReader::is_native() const noexcept {
  return !positive_.spans.empty() || !negative_.spans.empty() || zero_threshold_ > 0 || zero_count_ > 0 ||
         zero_count_float_ > 0;
}

WireProblem HistogramReader::take_native(NativeHistogramValue& value) {
  if (schema_ < lowest_schema || schema_ > highest_schema) return {start_, "a histogram schema from -4 to 8"};
  if (!(zero_threshold_ >= 0)) return {start_, "a zero threshold of zero or more"};
  const bool absolute = !positive_.absolute.empty() || !negative_.absolute.empty();
  const bool deltas = !positive_.from_deltas.empty() || !negative_.from_deltas.empty();
  value.integer = !(count_float_ > 0 || zero_count_float_ > 0 || (absolute && !deltas));
  if (auto problem = positive_.check(start_, value.integer)) return problem;
  if (auto problem = negative_.check(start_, value.integer)) return problem;
  value.schema = schema_;
  value.zero_threshold = zero_threshold_;
  value.zero_count = value.integer ? static_cast<double>(zero_count_) : zero_count_float_;
  value.count = value.integer ? static_cast<double>(count_) : count_float_;
  value.sum = sum_;
  value.positive_spans.swap(positive_.spans);
  value.positive_counts.swap(positive_.from_deltas);
  value.negative_spans.swap(negative_.spans);
  value.negative_counts.swap(negative_.from_deltas);
  return {};
}

}  // namespace exposition::protobuf
BELLWETHER_NAMESPACE_END
