// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/portfolio/position.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr double rounding = 1e-12;

}  // namespace

Position::Change Position::apply(double quantity, double price, double fee) noexcept {
  fees_ += fee;
  realized_ -= fee;
  const double before = quantity_;
  const double size = std::abs(quantity);
  const double held = std::abs(before);
  if (before * quantity >= 0) {  // opens or adds
    average_price_ = (held * average_price_ + size * price) / (held + size);
    quantity_ += quantity;
    scale_ = std::max(scale_, held + size);
    trip_pnl_ -= fee;
    return {};
  }

  const double taken_off = std::min(size, held);
  scale_ = std::max(scale_, size);
  const double realized = taken_off * (price - average_price_) * (before > 0 ? 1 : -1);
  realized_ += realized;
  quantity_ += quantity;
  if (std::abs(quantity_) <= rounding * scale_) quantity_ = 0;
  if (before * quantity_ > 0) {
    trip_pnl_ += realized - fee;
    return {.realized = realized};
  }

  // Flat, or turned round: what was held is closed with its part of the fee, the rest opens with the other part.
  const double part = quantity_ == 0 ? 1 : taken_off / size;
  const double closed = trip_pnl_ + realized - fee * part;
  trip_pnl_ = quantity_ == 0 ? 0 : -fee * (1 - part);
  if (quantity_ == 0) scale_ = 0;
  average_price_ = quantity_ == 0 ? 0 : price;
  return {realized, closed};
}

void Position::split(double factor) noexcept {
  quantity_ *= factor;
  scale_ *= factor;
  average_price_ /= factor;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
