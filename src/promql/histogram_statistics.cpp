// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/histogram_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "promql/arithmetic.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// The zero bucket reaches to the side only where observations are.
void narrow_zero_bucket(HistogramBucket& bucket, const Histogram& histogram) {
  const bool has_positive = !histogram.positive.indexes.empty();
  const bool has_negative = !histogram.negative.indexes.empty();
  if (has_positive && !has_negative) bucket.lower = 0;
  if (has_negative && !has_positive) bucket.upper = 0;
}

double interpolate(const HistogramBucket& bucket, double share, bool linearly) {
  if (linearly || (bucket.lower <= 0 && bucket.upper >= 0)) return bucket.lower + (bucket.upper - bucket.lower) * share;
  const double log_lower = std::log2(std::fabs(bucket.lower));
  const double log_upper = std::log2(std::fabs(bucket.upper));
  if (bucket.lower > 0) return std::exp2(log_lower + (log_upper - log_lower) * share);
  return -std::exp2(log_upper + (log_lower - log_upper) * (1 - share));
}

/// How much of a bucket lies below `value`, which lies in it.
double share_below(const HistogramBucket& bucket, double value, bool linearly) {
  if (linearly) {
    if (std::isinf(bucket.lower)) return 1;
    return (value - bucket.lower) / (bucket.upper - bucket.lower);
  }
  const double log_lower = std::log2(std::fabs(bucket.lower));
  const double log_upper = std::log2(std::fabs(bucket.upper));
  const double log_value = std::log2(std::fabs(value));
  if (value > 0) return (log_value - log_lower) / (log_upper - log_lower);
  return 1 - (log_value - log_upper) / (log_lower - log_upper);
}

/// Walks buckets upwards and notes the rank of two values.
class RankFinder {
 public:
  RankFinder(double lower, double upper) noexcept : values_{lower, upper} {}

  void pass(const HistogramBucket& bucket, bool linearly) {
    for (int i = 0; i < 2; ++i) {
      if (found_[i]) continue;
      if (bucket.lower >= values_[i]) {
        ranks_[i] = rank_;
        found_[i] = true;
      } else if (bucket.upper > values_[i]) {
        ranks_[i] = rank_ + bucket.count * share_below(bucket, values_[i], linearly);
        found_[i] = true;
      }
    }
    rank_ += bucket.count;
  }
  /// Of `seen` observations at most.
  double between(double seen) const {
    double ranks[2];
    for (int i = 0; i < 2; ++i) ranks[i] = !found_[i] || ranks_[i] > seen ? seen : ranks_[i];
    return ranks[1] - ranks[0];
  }

 private:
  double values_[2];
  double ranks_[2] = {};
  bool found_[2] = {};
  double rank_ = 0;
};

bool almost_equal(double a, double b) {
  constexpr double tolerance = 1e-12;
  if (a == b || (std::isnan(a) && std::isnan(b))) return true;
  if (std::isnan(a) || std::isnan(b)) return false;
  const double sum = std::fabs(a) + std::fabs(b);
  const double difference = std::fabs(a - b);
  if (a == 0 || b == 0 || sum < std::numeric_limits<double>::min()) {
    return difference < tolerance * std::numeric_limits<double>::min();
  }
  return difference / std::min(sum, std::numeric_limits<double>::max()) < tolerance;
}

}  // namespace

double quantile(double rank, const Histogram& histogram, NanObservations& observations) {
  observations = NanObservations::none;
  if (rank < 0) return -infinity;
  if (rank > 1) return infinity;
  if (histogram.count == 0 || std::isnan(rank)) return nan;
  const bool has_nan = std::isnan(histogram.sum);
  // From the nearer end: less is added up, so less is lost.
  const bool upwards = has_nan || rank < 0.5;
  double wanted = (upwards ? rank : 1 - rank) * histogram.count;
  std::vector<HistogramBucket> all = buckets(histogram);
  if (!upwards) std::reverse(all.begin(), all.end());
  HistogramBucket bucket{};
  double count = 0;
  for (const HistogramBucket& next : all) {
    bucket = next;
    count += next.count;
    if (count >= wanted) break;
  }
  if (histogram.is_custom()) {
    if (bucket.lower == -infinity) {
      if (bucket.upper <= 0) return bucket.upper;
      bucket.lower = 0;
    } else if (bucket.upper == infinity) {
      return bucket.lower;
    }
  } else if (bucket.lower < 0 && bucket.upper > 0) {
    narrow_zero_bucket(bucket, histogram);
  }
  count = std::min(count, histogram.count);
  if (count < wanted) {
    if (has_nan) {
      observations = NanObservations::result_is_nan;
      return nan;
    }
    return upwards ? bucket.upper : bucket.lower;
  }
  if (has_nan) observations = NanObservations::result_is_skewed;
  wanted = upwards ? wanted - (count - bucket.count) : count - wanted;
  return interpolate(bucket, wanted / bucket.count, histogram.is_custom());
}

double fraction(double lower, double upper, const Histogram& histogram) {
  if (histogram.count == 0 || std::isnan(lower) || std::isnan(upper)) return nan;
  if (lower >= upper) return 0;
  RankFinder ranks(lower, upper);
  double seen = 0;
  for (HistogramBucket bucket : buckets(histogram)) {
    bool linearly = histogram.is_custom();
    if (linearly) {
      if (bucket.lower == -infinity && bucket.upper > 0) bucket.lower = 0;
    } else if (bucket.lower <= 0 && bucket.upper >= 0) {
      linearly = true;
      narrow_zero_bucket(bucket, histogram);
    }
    seen += bucket.count;
    ranks.pass(bucket, linearly);
  }
  // Observations of NaN are in no bucket: they count, but lie in no range.
  return ranks.between(std::isnan(histogram.sum) ? seen : histogram.count) / histogram.count;
}

double variance(const Histogram& histogram) {
  const double mean = histogram.sum / histogram.count;
  CompensatedSum sum;
  for (const HistogramBucket& bucket : buckets(histogram)) {
    double middle = 0;
    if (histogram.is_custom()) {
      middle = (bucket.upper + bucket.lower) / 2;
    } else if (bucket.lower > 0 || bucket.upper < 0) {
      middle = std::sqrt(bucket.upper * bucket.lower);
      if (bucket.upper < 0) middle = -middle;
    }
    const double delta = middle - mean;
    sum.add(bucket.count * delta * delta);
  }
  return sum.value() / histogram.count;
}

bool prepare(std::vector<ClassicBucket>& buckets) {
  const auto before_in_order = [](const ClassicBucket& a, const ClassicBucket& b) { return a.upper < b.upper; };
  // Mostly they are in order, and a stable sort allocates.
  if (!std::is_sorted(buckets.begin(), buckets.end(), before_in_order)) {
    std::stable_sort(buckets.begin(), buckets.end(), before_in_order);
  }
  if (buckets.empty() || buckets.back().upper != infinity) {
    buckets.clear();
    return true;
  }
  std::size_t kept = 0;
  for (std::size_t i = 1; i < buckets.size(); ++i) {
    if (buckets[i].upper == buckets[kept].upper) {
      buckets[kept].count += buckets[i].count;
    } else {
      buckets[++kept] = buckets[i];
    }
  }
  buckets.resize(kept + 1);
  bool rises = true;
  double before = buckets.front().count;
  for (std::size_t i = 1; i < buckets.size(); ++i) {
    double& count = buckets[i].count;
    if (count == before) continue;
    if (almost_equal(before, count)) {
      count = before;
    } else if (count < before) {
      count = before;
      rises = false;
    } else {
      before = count;
    }
  }
  return rises;
}

double quantile(double rank, const std::vector<ClassicBucket>& buckets) {
  if (std::isnan(rank)) return nan;
  if (rank < 0) return -infinity;
  if (rank > 1) return infinity;
  if (buckets.size() < 2 || buckets.back().count == 0 || std::isnan(buckets.back().count)) return nan;
  double wanted = rank * buckets.back().count;
  std::size_t place = 0;
  while (place + 1 < buckets.size() && !(buckets[place].count >= wanted)) ++place;
  if (place + 1 == buckets.size()) return buckets[buckets.size() - 2].upper;
  if (place == 0 && buckets[0].upper <= 0) return buckets[0].upper;
  double start = 0;
  double count = buckets[place].count;
  if (place > 0) {
    start = buckets[place - 1].upper;
    count -= buckets[place - 1].count;
    wanted -= buckets[place - 1].count;
  }
  return start + (buckets[place].upper - start) * (wanted / count);
}

double fraction(double lower, double upper, const std::vector<ClassicBucket>& buckets) {
  if (buckets.size() < 2) return nan;
  const double total = buckets.back().count;
  if (total == 0 || std::isnan(total) || std::isnan(lower) || std::isnan(upper)) return nan;
  if (lower >= upper) return 0;
  RankFinder ranks(lower, upper);
  double start = buckets.front().upper > 0 ? 0 : -infinity;
  double below = 0;
  for (const ClassicBucket& bucket : buckets) {
    ranks.pass({start, bucket.upper, bucket.count - below, false, true}, true);
    start = bucket.upper;
    below = bucket.count;
  }
  return ranks.between(total) / total;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
