// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/commit_observer.hpp"

#include <gtest/gtest.h>

#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

struct Recorder final : CommitObserver {
  struct Seen {
    std::uint64_t number;
    std::vector<double> values;
    std::size_t histograms;
    bool late;
  };
  std::vector<Seen> seen;

  void committed(const ObservedCommit& commit) noexcept override {
    Seen one{commit.number, {}, commit.histograms.size(), commit.late};
    for (const LoggedFloat& sample : commit.floats) one.values.push_back(sample.value);
    seen.push_back(std::move(one));
  }
};

class CommitObserverTest : public StoreTest {};

TEST_F(CommitObserverTest, SeesWhatTheStoreTookAndNothingElse) {
  open();
  Recorder recorder;
  store->add_observer(recorder);
  const SeriesRef ref = series({{"__name__", "up"}});
  EXPECT_EQ(append(ref, noon, 1), Outcome::appended);
  EXPECT_EQ(append(ref, noon, 1), Outcome::duplicate);
  EXPECT_EQ(append(ref, noon, 2), Outcome::conflict);
  EXPECT_EQ(append(ref, noon - 1000, 3), Outcome::out_of_order);
  ASSERT_EQ(recorder.seen.size(), 2U);
  EXPECT_EQ(recorder.seen[0].values, std::vector<double>{1});
  EXPECT_FALSE(recorder.seen[0].late);
  EXPECT_EQ(recorder.seen[1].values, std::vector<double>{3});
  EXPECT_TRUE(recorder.seen[1].late);
  EXPECT_GT(recorder.seen[1].number, recorder.seen[0].number);

  EXPECT_EQ(store->querier().select(named("up"), 0, noon).commit(), recorder.seen[1].number);
  store->remove_observer(recorder);
  EXPECT_EQ(append(ref, noon + 1000, 4), Outcome::appended);
  EXPECT_EQ(recorder.seen.size(), 2U);
  EXPECT_GT(store->querier().select({}, 0, noon).commit(), recorder.seen[1].number);
  const std::vector<std::vector<LabelView>> labels = store->labels(std::vector<SeriesRef>{ref, SeriesRef{4711}});
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[0], (std::vector<LabelView>{{"__name__", "up"}}));
  EXPECT_TRUE(labels[1].empty());
}

TEST_F(CommitObserverTest, HistogramsOfCustomBoundsAreKeptWithThem) {
  open();
  Recorder recorder;
  store->add_observer(recorder);
  HistogramValue value;
  value.schema = HistogramValue::custom_schema;
  value.count = 5;
  value.sum = 7.5;
  value.positive_spans = {{0, 2}, {1, 1}};
  value.positive_counts = {1, 3, 1};
  value.custom_bounds = {0.1, 1, 2.5};
  const SeriesRef ref = series({{"__name__", "latency"}});
  Appender appender = store->appender();
  appender.append(ref, noon, value);
  value.custom_bounds[2] = 3;  // another layout
  appender.append(ref, noon + 1, value);
  HistogramValue wrong = value;
  wrong.schema = 3;  // no custom bounds with it
  appender.append(ref, noon + 2, wrong);
  const CommitReport report = appender.commit();
  EXPECT_EQ(report.taken(), 2U);
  EXPECT_EQ(report.of(Outcome::malformed), 1U);
  ASSERT_EQ(recorder.seen.size(), 1U);
  EXPECT_EQ(recorder.seen[0].histograms, 2U);
  store->remove_observer(recorder);

  for (const bool sealed : {false, true}) {
    if (sealed) open();
    Selection selection = store->querier().select(named("latency"), noon, noon + 10);
    ASSERT_EQ(selection.size(), 1U);
    std::vector<HistogramSample> samples;
    selection.read(0, samples);
    ASSERT_EQ(samples.size(), 2U);
    EXPECT_EQ(samples[0].value.custom_bounds, (std::vector<double>{0.1, 1, 2.5}));
    EXPECT_TRUE(same_histogram(samples[1].value, value));
  }
}

}  // namespace
}  // namespace bellwether::storage
