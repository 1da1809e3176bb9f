// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace bellwether::bench {

/// Values as a trading system gives them, drawn from a seed: three counters of different rates, two prices in cents, a profit
/// and loss, four cumulative buckets.
class TradingSeries {
 public:
  explicit TradingSeries(std::uint64_t seed) : random_(seed) {}

  static constexpr int kinds = 10;

  double next(int kind, double before) {
    const auto poisson = [&](double mean) {
      return static_cast<double>(std::poisson_distribution<int>(mean)(random_));
    };
    const auto cents = [&](double deviation) {
      return std::round((before + std::normal_distribution<double>(0, deviation)(random_)) * 100) / 100;
    };
    switch (kind) {
      case 0:
        return before + poisson(0.05);
      case 1:
        return before + poisson(2);
      case 2:
        return before + poisson(40);
      case 3:
        return cents(0.02);
      case 4:
        return random_() % 4 == 0 ? cents(0.5) : before;
      case 5:
        return random_() % 3 == 0 ? cents(10) : before;
      default:
        return before + poisson(kind - 5.5);
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace bellwether::bench
