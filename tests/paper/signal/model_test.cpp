// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "paper/market_fixtures.hpp"
#include "paper/signal/features.hpp"
#include "paper/signal/online_model.hpp"
#include "paper/signal/signal.hpp"

namespace bellwether::paper {
namespace {

constexpr SimTime second = nanoseconds_per_second;

TEST(Features, ReadTheBookAndTheTrades) {
  FeatureState state;
  EXPECT_FALSE(state.has_quote());
  MarketEvent book = quote(second, 1, 99, 101);
  book.bid_quantity = 3;
  state.observe(book);
  EXPECT_EQ(state.mid(), 100);
  EXPECT_EQ(state.sample(second)[feature_imbalance], 0.5);

  for (int i = 0; i < 20; ++i) state.observe(trade((2 + i) * second, i + 1));
  EXPECT_GT(state.sample(21 * second)[feature_trade_sign], 0.9) << "buyers only";
}

TEST(Features, MeasureReturnsInBasisPointsAndCutThem) {
  FeatureState state;
  state.observe(quote(0, 1, 100, 100));
  EXPECT_EQ(state.sample(second)[feature_return_1s], 0) << "no past yet";
  state.observe(quote(0, 2, 100.02, 100.02));
  const Features features = state.sample(2 * second);
  EXPECT_NEAR(features[feature_return_1s], 2, 1e-6);
  EXPECT_EQ(features[feature_return_5s], 0);
  state.observe(quote(0, 3, 200, 200));
  EXPECT_EQ(state.sample(3 * second)[feature_return_1s], 5);
}

TEST(Features, AnEmptyBookHasNoImbalance) {
  FeatureState state;
  MarketEvent book = quote(1, 1, 99, 101);
  book.bid_quantity = book.ask_quantity = 0;
  state.observe(book);
  EXPECT_EQ(state.sample(second)[feature_imbalance], 0);
}

TEST(OnlineModel, KnowsNothingAtFirst) {
  OnlineModel model;
  const Prediction prediction = model.evaluate(second, 100, {1, 0.9, 0, 0, 0});
  EXPECT_EQ(prediction.prob_up, 0.5);
  EXPECT_EQ(prediction.confidence, 0);
}

TEST(OnlineModel, LearnsThatTheBookLeadsThePrice) {
  OnlineModel model;
  std::mt19937_64 random{1};
  double mid = 100;
  SimTime now = 0;
  for (int i = 0; i < 3'000; ++i) {
    const double imbalance = (random() & 1U) != 0 ? 0.8 : -0.8;
    model.evaluate(now, mid, {1, imbalance, 0, 0, 0});
    mid *= 1 + 0.0001 * imbalance;
    now += OnlineModel::horizon;
  }
  const Prediction up = model.evaluate(now, mid, {1, 0.8, 0, 0, 0});
  EXPECT_GT(up.prob_up, 0.8);
  EXPECT_LE(up.prob_up, 1);
  EXPECT_GT(up.confidence, 0.5);
  EXPECT_LE(up.confidence, 1);
  EXPECT_LT(model.evaluate(now + 1, mid, {1, -0.8, 0, 0, 0}).prob_up, 0.2);
}

TEST(OnlineModel, AMidThatStandsTeachesNothing) {
  OnlineModel model;
  for (int i = 0; i < 100; ++i) model.evaluate(i * second, 100, {1, 0.5, 0, 0, 0});
  EXPECT_EQ(model.lessons(), 0U);
}

TEST(SignalGate, NeedsMoreToEnterThanToStay) {
  SignalGate gate{{.enter = 0.6, .stay = 0.52, .least_confidence = 0.1}};
  EXPECT_EQ(gate.decide({0.58, 0.5}), Side::flat);
  EXPECT_EQ(gate.decide({0.61, 0.5}), Side::long_side);
  EXPECT_EQ(gate.decide({0.53, 0.0}), Side::long_side) << "staying takes no confidence";
  EXPECT_EQ(gate.decide({0.51, 0.5}), Side::flat);
  EXPECT_EQ(gate.decide({0.39, 0.5}), Side::short_side);
  EXPECT_EQ(gate.decide({0.47, 0.5}), Side::short_side);
  EXPECT_EQ(gate.decide({0.9, 0.5}), Side::long_side) << "turns round at once";
}

TEST(SignalGate, DoesNotEnterWithoutConfidence) {
  SignalGate gate;
  EXPECT_EQ(gate.decide({0.99, 0.05}), Side::flat);
}

}  // namespace
}  // namespace bellwether::paper
