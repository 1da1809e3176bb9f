// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/signal/online_model.hpp"

#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double learning_rate = 0.03;
constexpr double weight_decay = 1e-4;
constexpr double lessons_to_be_sure = 100;

}  // namespace

double OnlineModel::probability(const Features& features) const {
  double sum = 0;
  for (std::size_t i = 0; i < feature_count; ++i) sum += weights_[i] * features[i];
  return 1 / (1 + std::exp(-sum));
}

void OnlineModel::step(const Features& features, double outcome) {
  const double error = outcome - probability(features);
  for (std::size_t i = 0; i < feature_count; ++i) {
    weights_[i] += learning_rate * (error * features[i] - weight_decay * weights_[i]);
  }
  ++lessons_;
}

void OnlineModel::learn(SimTime now, double mid) {
  while (first_pending_ != end_pending_) {
    const Pending& oldest = pending_[first_pending_ % pending_.size()];
    if (now - oldest.time < horizon) return;
    if (mid > oldest.mid) step(oldest.features, 1);
    if (mid < oldest.mid) step(oldest.features, 0);
    ++first_pending_;
  }
}

Prediction OnlineModel::evaluate(SimTime now, double mid, const Features& features) {
  learn(now, mid);
  if (end_pending_ - first_pending_ < pending_.size())
    pending_[end_pending_++ % pending_.size()] = {now, mid, features};
  Prediction prediction;
  prediction.prob_up = probability(features);
  const double learnt = static_cast<double>(lessons_);
  prediction.confidence = std::abs(2 * prediction.prob_up - 1) * learnt / (learnt + lessons_to_be_sure);
  return prediction;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
