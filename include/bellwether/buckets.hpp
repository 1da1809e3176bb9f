// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

/// The buckets of a histogram. Bounds are upper bounds and inclusive (Prometheus's `le`); `+Inf` is added by itself.
/// Bounds of durations are in seconds, as Prometheus wants them.
///
///     Buckets::of({0.001, 0.01, 0.1, 1});
///     Buckets::linear(0, 10, 5);                  // 0 10 20 30 40
///     Buckets::exponential(1e-6, 2, 20);          // 1 us, 2 us, 4 us … 0.5 s
///     Buckets::native();                          // 8 buckets for each power of two, relative error under 4.5 %
///
/// A plain description; what is wrong with it is said when the histogram is registered.
class Buckets {
 public:
  static Buckets of(std::vector<double> bounds) { return Buckets(std::move(bounds)); }
  static Buckets of(std::initializer_list<double> bounds) { return Buckets(bounds); }

  /// `count` bounds from `start`, `width` apart.
  static Buckets linear(double start, double width, std::size_t count);

  /// `count` bounds from `start`, each `factor` times the one before.
  static Buckets exponential(double start, double factor, std::size_t count);

  /// Prometheus's native histogram. Buckets grow by 2^(2^-schema), schema from -4 to 8. Observations at or under
  /// `zero_threshold` (by absolute value, rounded up to the next bound) count in the zero bucket, those above `largest`
  /// in the bucket just above it. Only the protobuf format carries the buckets; the text formats show count and sum.
  /// The range bounds the memory: 8 bytes a bucket, series and thread, of which only touched pages cost. Zeroes mean: a
  /// default that suits the histogram's kind (durations: 15 ns to 4.5 h; other values: 1e-9 to 1e12).
  static Buckets native(int schema = 3, double zero_threshold = 0, double largest = 0);

  bool is_native() const noexcept { return native_; }
  int schema() const noexcept { return schema_; }
  double zero_threshold() const noexcept { return zero_threshold_; }
  double largest() const noexcept { return largest_; }
  const std::vector<double>& bounds() const noexcept { return bounds_; }

  friend bool operator==(const Buckets&, const Buckets&) = default;

 private:
  explicit Buckets(std::vector<double> bounds) : bounds_(std::move(bounds)) {}

  std::vector<double> bounds_;
  bool native_ = false;
  int schema_ = 0;
  double zero_threshold_ = 0;
  double largest_ = 0;
};

inline Buckets Buckets::linear(double start, double width, std::size_t count) {
  std::vector<double> bounds;
  for (std::size_t i = 0; i < count; ++i) bounds.push_back(start + static_cast<double>(i) * width);
  return Buckets(std::move(bounds));
}

inline Buckets Buckets::exponential(double start, double factor, std::size_t count) {
  std::vector<double> bounds;
  double bound = start;
  for (std::size_t i = 0; i < count; ++i, bound *= factor) bounds.push_back(bound);
  return Buckets(std::move(bounds));
}

inline Buckets Buckets::native(int schema, double zero_threshold, double largest) {
  Buckets buckets({});
  buckets.native_ = true;
  buckets.schema_ = schema;
  buckets.zero_threshold_ = zero_threshold;
  buckets.largest_ = largest;
  return buckets;
}

BELLWETHER_NAMESPACE_END
