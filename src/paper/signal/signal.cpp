// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/signal/signal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

std::string_view name(Side side) noexcept {
  switch (side) {
    case Side::flat:
      return "flat";
    case Side::long_side:
      return "long";
    case Side::short_side:
      return "short";
  }
  return "flat";
}

Side SignalGate::decide(const Prediction& prediction) noexcept {
  const double up = prediction.prob_up;
  const double down = 1 - up;
  const bool sure = prediction.confidence >= thresholds_.least_confidence;
  const bool keeps_side =
      (side_ == Side::long_side && up >= thresholds_.stay) || (side_ == Side::short_side && down >= thresholds_.stay);
  if (keeps_side) return side_;
  if (sure && up >= thresholds_.enter) {
    side_ = Side::long_side;
  } else if (sure && down >= thresholds_.enter) {
    side_ = Side::short_side;
  } else {
    side_ = Side::flat;
  }
  return side_;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
