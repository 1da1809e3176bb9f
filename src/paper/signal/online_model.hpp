// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>

#include "paper/signal/features.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What the model says of the next seconds.
struct Prediction {
  double prob_up = 0.5;   ///< 0 to 1
  double confidence = 0;  ///< 0 to 1: distance from a coin toss, small while little was learnt
};

/// A logistic regression that learns while it runs: each prediction is held until its horizon has passed, then the
/// mid says whether it went up, and the weights take one step of gradient descent. A mid that did not move teaches
/// nothing.
///
///     const Prediction p = model.evaluate(now, mid, features);
///
/// Threads: use from one. Allocation: none. Cost: well under a microsecond.
class OnlineModel {
 public:
  static constexpr SimTime horizon = 2 * nanoseconds_per_second;

  Prediction evaluate(SimTime now, double mid, const Features& features);

  std::uint64_t lessons() const noexcept { return lessons_; }
  const Features& weights() const noexcept { return weights_; }

 private:
  struct Pending {
    SimTime time = 0;
    double mid = 0;
    Features features{};
  };

  double probability(const Features& features) const;
  void learn(SimTime now, double mid);
  void step(const Features& features, double outcome);

  Features weights_{};
  std::array<Pending, 64> pending_{};  ///< a ring: more than a horizon's worth at the engine's pace
  std::size_t first_pending_ = 0;
  std::size_t end_pending_ = 0;
  std::uint64_t lessons_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
