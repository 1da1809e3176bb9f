// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

#include "paper/feed/seeded_random.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Times between arrivals of which each brings on others: a Hawkes process with an exponential kernel. Its intensity
/// is a base plus an excitement that every arrival raises by `branching / decay` and that fades over `decay` seconds;
/// a branching of 0 is a Poisson process. The mean rate is base / (1 - branching).
///
/// Drawn exactly, without rejections: the next arrival is the earlier of one of the base and one of the excitement.
/// Threads: use from one. Allocation: none.
class HawkesArrivals {
 public:
  /// `branching` is taken into [0, 0.95], `decay_seconds` above 0.
  HawkesArrivals(double branching, double decay_seconds) noexcept;

  /// Seconds to the next arrival where the mean rate is `rate` a second.
  double next(double rate, SeededRandom& random) noexcept;

 private:
  double branching_;
  double decay_;
  double excitement_ = 0;  ///< just after the last arrival, per second
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
