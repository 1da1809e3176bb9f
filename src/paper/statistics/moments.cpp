// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/statistics/moments.hpp"

#include <algorithm>
#include <cmath>

#include "paper/statistics/spread.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

bool Spread::is_constant() const noexcept {
  const double noise = 1e-12 * largest;
  return squares <= static_cast<double>(count) * noise * noise;
}

std::optional<Spread> spread_of(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  Spread spread{.count = values.size()};
  double sum = 0;
  for (const double value : values) {
    sum += value;
    spread.largest = std::max(spread.largest, std::abs(value));
  }
  spread.mean = sum / static_cast<double>(spread.count);
  for (const double value : values) spread.squares += (value - spread.mean) * (value - spread.mean);
  if (!std::isfinite(spread.squares)) return std::nullopt;  // so it is for any value that is not finite
  return spread;
}

double joint_spread(std::span<const double> x, const Spread& of_x, std::span<const double> y, const Spread& of_y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - of_x.mean) * (y[i] - of_y.mean);
  return sum;
}

std::optional<double> mean(std::span<const double> values) {
  const auto spread = spread_of(values);
  if (!spread) return std::nullopt;
  return spread->mean;
}

std::optional<double> sample_deviation(std::span<const double> values) {
  const auto spread = spread_of(values);
  if (!spread || spread->count < 2) return std::nullopt;
  if (spread->is_constant()) return 0.0;
  return std::sqrt(spread->squares / static_cast<double>(spread->count - 1));
}

std::optional<Shape> shape_of(std::span<const double> values) {
  const auto spread = spread_of(values);
  if (!spread || spread->count < 2 || spread->is_constant()) return std::nullopt;
  const double count = static_cast<double>(spread->count);
  const double deviation = std::sqrt(spread->squares / count);
  double cubes = 0;
  double fourths = 0;
  for (const double value : values) {
    const double standard = (value - spread->mean) / deviation;
    cubes += standard * standard * standard;
    fourths += standard * standard * standard * standard;
  }
  return Shape{cubes / count, fourths / count};
}

std::optional<double> correlation(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size() || x.size() < 2) return std::nullopt;
  const auto of_x = spread_of(x);
  const auto of_y = spread_of(y);
  if (!of_x || !of_y || of_x->is_constant() || of_y->is_constant()) return std::nullopt;
  const double value = joint_spread(x, *of_x, y, *of_y) / (std::sqrt(of_x->squares) * std::sqrt(of_y->squares));
  if (!std::isfinite(value)) return std::nullopt;
  return std::clamp(value, -1.0, 1.0);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
