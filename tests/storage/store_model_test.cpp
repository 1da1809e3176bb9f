// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// The store against a map, under random operations: appends in and out of order, seals, restarts, crashes, midnights.
#include <algorithm>
#include <map>
#include <random>

#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

class StoreModel : public StoreTest {
 protected:
  static constexpr int series_count = 6;
  static constexpr std::int64_t window = 300'000;

  std::string name(int i) const { return "series_" + std::to_string(i); }

  void find_series() {
    for (int i = 0; i < series_count; ++i) refs[i] = series({{"__name__", name(i)}, {"job", "model"}});
  }

  double value(int kind) {
    switch (kind) {
      case 0:
        return static_cast<double>(counter += random() % 5);
      case 1:
        return static_cast<double>(10000 + random() % 300) / 100;
      case 2:
        return random() % 20 == 0 ? stale_nan() : 3.0;
      case 3:
        return std::bit_cast<double>(random());
      case 4:
        return static_cast<double>(random() % 1000) / 7;
      default:
        return 42;
    }
  }

  /// What the rules say must become of a sample, as far as memory reaches; and the model's part of it.
  void append_one(int i, std::int64_t time, double v) {
    auto& rows = model[i];
    const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count();
    Outcome expected = Outcome::appended;
    if (time > now + 600'000) {
      expected = Outcome::too_far_ahead;
    } else if (!rows.empty() && time < rows.rbegin()->first - window) {
      expected = Outcome::too_old;
    } else if (const auto found = rows.find(time); found != rows.end()) {
      expected = found->second == bits_of(v) ? Outcome::duplicate : Outcome::conflict;
    } else if (!rows.empty() && time < rows.rbegin()->first) {
      expected = Outcome::out_of_order;
    }
    const Outcome outcome = append(refs[i], time, v);
    // After a restart the store knows of a series what its log and the newest blocks say: more may be taken, never less, and
    // of equal times the first sample stays.
    const bool was_taken = outcome == Outcome::appended || outcome == Outcome::out_of_order;
    const auto is_there = [](Outcome o) { return o == Outcome::duplicate || o == Outcome::conflict; };
    const bool lenient =
        restarted && (was_taken ? expected != Outcome::too_far_ahead : is_there(outcome) && is_there(expected));
    if (!lenient) {
      ASSERT_STREQ(to_string(outcome), to_string(expected)) << name(i) << " at " << time;
    }
    if (was_taken) rows.try_emplace(time, bits_of(v));
  }

  void compare(std::int64_t from, std::int64_t to) {
    for (int i = 0; i < series_count; ++i) {
      Samples expected(model[i].lower_bound(from), model[i].upper_bound(to));
      ASSERT_EQ(read(name(i), from, to), expected) << name(i) << " from " << from << " to " << to;
    }
  }

  std::mt19937_64 random{1};
  std::uint64_t counter = 0;
  bool restarted = false;
  std::map<int, SeriesRef> refs;
  std::map<int, std::map<std::int64_t, std::uint64_t>> model;
};

TEST_F(StoreModel, AnswersAsAMapDoesThroughRestartsAndMidnights) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    random.seed(seed);
    counter = 0;
    model.clear();
    restarted = false;
    store.reset();
    std::filesystem::remove_all(directory);
    clock.jump_to(std::chrono::milliseconds{noon + 11 * 3'600'000 + 30 * 60'000 + static_cast<int>(seed) * 60'000});
    open();
    find_series();
    for (int step = 0; step < 2500; ++step) {
      clock.advance(std::chrono::milliseconds{500 + random() % 3000});
      const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count();
      for (int i = 0; i < series_count; ++i) {
        if (random() % 8 == 0) continue;
        std::int64_t time = now;
        if (random() % 12 == 0) time -= static_cast<std::int64_t>(random() % 400'000);
        if (random() % 200 == 0) time += 700'000;
        append_one(i, time, value(i));
        if (HasFatalFailure()) return;
        if (random() % 40 == 0 && !model[i].empty()) {
          append_one(i, model[i].rbegin()->first, std::bit_cast<double>(model[i].rbegin()->second));
        }
      }
      const unsigned act = static_cast<unsigned>(random() % 300);
      if (act < 20) {
        ASSERT_TRUE(store->flush());
      } else if (act < 24) {
        ASSERT_TRUE(store->seal());
      }
      if (act == 24) store->maintain();
      if (act == 25 || act == 26) {
        if (act == 25) {
          open();
        } else {
          ASSERT_TRUE(store->flush());
          crash();
          open();
        }
        find_series();
        restarted = true;
      }
      if (act == 27 || act == 28) {
        const std::int64_t from = now - static_cast<std::int64_t>(random() % 5'000'000);
        compare(from, from + static_cast<std::int64_t>(random() % 3'000'000));
        if (HasFatalFailure()) return;
      }
    }
    compare(INT64_MIN / 2, INT64_MAX / 2);
    if (HasFatalFailure()) return;
    open();
    compare(INT64_MIN / 2, INT64_MAX / 2);
    if (HasFatalFailure()) return;
  }
  EXPECT_TRUE(messages.empty()) << messages.front();
}

}  // namespace
}  // namespace bellwether::storage
