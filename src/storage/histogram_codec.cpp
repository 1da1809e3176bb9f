// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/histogram_codec.hpp"

#include <algorithm>

#include "storage/decimal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

enum Flags : unsigned { same_layout = 1, integer = 2, gauge = 4, whole_counts = 8, same_sum = 16 };

constexpr std::uint64_t max_buckets = 100'000;

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return bits_of(x) == bits_of(y); });
}

bool layouts_equal(const HistogramValue& a, const HistogramValue& b) {
  return a.schema == b.schema && bits_of(a.zero_threshold) == bits_of(b.zero_threshold) &&
         a.positive_spans == b.positive_spans && a.negative_spans == b.negative_spans &&
         a.positive_counts.size() == b.positive_counts.size() && a.negative_counts.size() == b.negative_counts.size() &&
         same_bits(a.custom_bounds, b.custom_bounds);
}

/// Calls `visit(count, count before)` for all counts in their order.
template <typename Value, typename Visit>
void each_count(Value& value, const HistogramValue* before, Visit&& visit) {
  visit(value.zero_count, before == nullptr ? 0 : before->zero_count);
  visit(value.count, before == nullptr ? 0 : before->count);
  for (std::size_t i = 0; i < value.positive_counts.size(); ++i) {
    visit(value.positive_counts[i], before == nullptr ? 0 : before->positive_counts[i]);
  }
  for (std::size_t i = 0; i < value.negative_counts.size(); ++i) {
    visit(value.negative_counts[i], before == nullptr ? 0 : before->negative_counts[i]);
  }
}

bool counts_are_whole(const HistogramValue& value) {
  bool whole = true;
  std::int64_t unused = 0;
  each_count(value, nullptr, [&](double count, double) { whole = whole && to_decimal(count, 0, unused); });
  return whole;
}

void put_spans(const std::vector<exposition::BucketSpan>& spans, ByteWriter& out) {
  out.varint(spans.size());
  for (const exposition::BucketSpan& span : spans) {
    out.signed_varint(span.offset);
    out.varint(span.length);
  }
}

bool get_spans(ByteReader& in, std::vector<exposition::BucketSpan>& spans, std::vector<double>& counts) {
  const std::uint64_t size = in.varint();
  if (size > in.left() / 2) return false;
  spans.clear();
  std::uint64_t buckets = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    const std::int64_t offset = in.signed_varint();
    const std::uint64_t length = in.varint();
    if (offset < INT32_MIN || offset > INT32_MAX || length > max_buckets) return false;
    buckets += length;
    spans.push_back({static_cast<std::int32_t>(offset), static_cast<std::uint32_t>(length)});
  }
  if (buckets > in.left()) return false;  // each takes a byte at least
  counts.assign(static_cast<std::size_t>(buckets), 0);
  return true;
}

}  // namespace

void encode_histogram(const HistogramValue& before, const HistogramValue& value, ByteWriter& out) {
  const bool same = layouts_equal(before, value);
  const bool whole = counts_are_whole(value) && (!same || counts_are_whole(before));
  const bool sum = bits_of(before.sum) == bits_of(value.sum);
  const auto flag = [](bool is_set, unsigned bit) { return is_set ? bit : 0U; };
  out.u8(flag(same, same_layout) | flag(value.integer, integer) | flag(value.gauge, gauge) | flag(whole, whole_counts) |
         flag(sum, same_sum));
  if (!same) {
    out.signed_varint(value.schema);
    out.fixed64(bits_of(value.zero_threshold));
    put_spans(value.positive_spans, out);
    put_spans(value.negative_spans, out);
    if (value.schema == HistogramValue::custom_schema) {
      out.varint(value.custom_bounds.size());
      for (const double bound : value.custom_bounds) out.fixed64(bits_of(bound));
    }
  }
  each_count(value, same ? &before : nullptr, [&](double count, double last) {
    if (whole) {
      out.signed_varint(static_cast<std::int64_t>(count) - static_cast<std::int64_t>(last));
    } else {
      out.fixed64(bits_of(count));
    }
  });
  if (!sum) out.fixed64(bits_of(value.sum));
}

bool decode_histogram(ByteReader& in, HistogramValue& value) {
  const unsigned flags = in.u8();
  if (!in.good() || flags > 31) return false;
  value.integer = (flags & integer) != 0;
  value.gauge = (flags & gauge) != 0;
  if ((flags & same_layout) == 0) {
    const std::int64_t schema = in.signed_varint();
    if (schema < -128 || schema > 127) return false;
    value.schema = static_cast<std::int32_t>(schema);
    value.zero_threshold = in.number();
    if (!get_spans(in, value.positive_spans, value.positive_counts)) return false;
    if (!get_spans(in, value.negative_spans, value.negative_counts)) return false;
    value.custom_bounds.clear();
    if (value.schema == HistogramValue::custom_schema) {
      const std::uint64_t bounds = in.varint();
      if (bounds > in.left() / sizeof(double)) return false;
      for (std::uint64_t i = 0; i < bounds; ++i) value.custom_bounds.push_back(in.number());
    }
    value.zero_count = 0;
    value.count = 0;
  }
  bool good = true;
  each_count(value, nullptr, [&](double& count, double) {
    if ((flags & whole_counts) == 0) {
      count = in.number();
      return;
    }
    std::int64_t last = 0;
    good = good && to_decimal(count, 0, last);
    count = static_cast<double>(wrapping_add(last, in.signed_varint()));
  });
  if ((flags & same_sum) == 0) value.sum = in.number();
  return good && in.good();
}

bool same_histogram(const HistogramValue& a, const HistogramValue& b) {
  if (!layouts_equal(a, b) || bits_of(a.sum) != bits_of(b.sum) || a.integer != b.integer || a.gauge != b.gauge) {
    return false;
  }
  bool same = true;
  each_count(a, &b, [&](double x, double y) { same = same && bits_of(x) == bits_of(y); });
  return same;
}

bool is_well_formed(const HistogramValue& value) {
  const auto buckets = [](const std::vector<exposition::BucketSpan>& spans) {
    std::uint64_t sum = 0;
    for (const exposition::BucketSpan& span : spans) sum += span.length;
    return sum;
  };
  const auto fits = [&](const std::vector<exposition::BucketSpan>& spans, const std::vector<double>& counts) {
    return spans.size() <= max_buckets && buckets(spans) == counts.size() && counts.size() <= max_buckets;
  };
  const bool custom = value.schema == HistogramValue::custom_schema;
  if (custom ? value.custom_bounds.size() > max_buckets : !value.custom_bounds.empty()) return false;
  return value.schema >= -128 && value.schema <= 127 && fits(value.positive_spans, value.positive_counts) &&
         fits(value.negative_spans, value.negative_counts);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
