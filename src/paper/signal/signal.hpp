// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

#include "paper/signal/online_model.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// What to hold.
enum class Side : std::uint8_t { flat, long_side, short_side };

/// As a label value: "flat", "long", "short".
std::string_view name(Side side) noexcept;

/// Turns predictions into a side with hysteresis: it takes more to enter than to stay, so that a probability that
/// trembles around a threshold does not trade at each tremble.
///
/// Threads: use from one.
class SignalGate {
 public:
  struct Thresholds {
    double enter = 0.60;            ///< probability of the move that opens a side
    double stay = 0.52;             ///< below it the side is left
    double least_confidence = 0.1;  ///< a side is opened only above it
  };

  SignalGate() = default;
  explicit SignalGate(Thresholds thresholds) noexcept : thresholds_(thresholds) {}

  Side decide(const Prediction& prediction) noexcept;

 private:
  Thresholds thresholds_;
  Side side_ = Side::flat;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
