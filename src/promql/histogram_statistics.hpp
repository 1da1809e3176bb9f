// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <vector>

#include "promql/histogram.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// What of a histogram's observations were NaN, which lie in no bucket.
enum class NanObservations : std::uint8_t { none, result_is_nan, result_is_skewed };

/// Interpolated: exponentially within exponential buckets, linearly within the zero bucket and custom ones.
double quantile(double rank, const Histogram& histogram, NanObservations& observations);
/// The share of the observations in (lower, upper].
double fraction(double lower, double upper, const Histogram& histogram);
double variance(const Histogram& histogram);

/// A bucket of a classic histogram: how many observations were at most so large.
struct ClassicBucket {
  double upper = 0;
  double count = 0;
};

/// Sorts, adds up what has the same bound and makes the counts rise. False: the counts fell by more than rounding explains.
/// Empty when there is no bucket up to infinity.
bool prepare(std::vector<ClassicBucket>& buckets);
/// Of prepared ones.
double quantile(double rank, const std::vector<ClassicBucket>& buckets);
double fraction(double lower, double upper, const std::vector<ClassicBucket>& buckets);

}  // namespace promql
BELLWETHER_NAMESPACE_END
