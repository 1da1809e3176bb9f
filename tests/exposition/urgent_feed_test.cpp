// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/metrics.hpp>
#include <bellwether/urgent_feed.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

constexpr FamilyOptions urgent{.urgent = true};

enum class Session { closed, open };

class UrgentFeedTest : public ::testing::Test {
 protected:
  /// What a reader is told when a millisecond has gone by, without comments.
  Lines told(UrgentFeed::Reader& reader, std::chrono::nanoseconds after = 1ms) {
    clock.advance(after);
    std::string text;
    EXPECT_TRUE(reader.next(text));
    return samples_of(text);
  }

  static Lines samples_of(const std::string& text) {
    Lines lines;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      if (text[begin] != '#') lines.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return lines;
  }

  ManualClock clock{1'000'000ms};  // 1000000 in lines
  Registry registry;
  UrgentFeed feed{registry, {.clock = &clock}};
};

TEST_F(UrgentFeedTest, begins_with_metadata_and_present_values_of_what_is_urgent) {
  registry.gauge("equity_usd", "Cash.").value().set(7);
  registry.gauge<"venue">("kill", "Stops \\ all.", urgent).value().at("x\"y").set(1.5);
  registry.counter("trips_total", "Trips.", urgent).value().inc(3);
  registry.state_set("session", "Session.", {"closed", "open"}, urgent).value().set(Session::open);
  UrgentFeed::Reader reader = feed.open();
  std::string text;
  ASSERT_TRUE(reader.next(text));
  EXPECT_EQ(text,
            "# Bellwether push stream 1: what is urgent, now and then with each change.\n"
            "# heartbeat 1000000\n"
            "# HELP kill Stops \\\\ all.\n# TYPE kill gauge\n"
            "kill{venue=\"x\\\"y\"} 1.5 1000000\n"
            "# HELP session Session.\n# TYPE session gauge\n"
            "session{session=\"closed\"} 0 1000000\nsession{session=\"open\"} 1 1000000\n"
            "# HELP trips_total Trips.\n# TYPE trips_total counter\n"
            "trips_total 3 1000000\n");
}

TEST_F(UrgentFeedTest, tells_each_change_once_and_nothing_else) {
  const Gauge kill = registry.gauge("kill", "Kill.", urgent).value();
  const Counter trips = registry.counter("trips_total", "Trips.", urgent).value();
  const CounterDouble lost = registry.counter_double("lost_usd_total", "Lost.", urgent).value();
  const StateSet session = registry.state_set("session", "Session.", {"closed", "open"}, urgent).value();
  UrgentFeed::Reader reader = feed.open();
  told(reader);
  EXPECT_EQ(told(reader), Lines{});
  kill.set(1);
  EXPECT_EQ(told(reader), Lines{"kill 1 1000003"});
  EXPECT_EQ(told(reader), Lines{});
  trips.inc();
  lost.inc(0.25);
  session.set(Session::open);
  EXPECT_EQ(told(reader), (Lines{"lost_usd_total 0.25 1000005", "session{session=\"closed\"} 0 1000005",
                                 "session{session=\"open\"} 1 1000005", "trips_total 1 1000005"}));
  EXPECT_EQ(told(reader), Lines{});
}

TEST_F(UrgentFeedTest, finds_series_that_begin_later_and_tells_no_value_of_before_their_first_set) {
  const auto kill = registry.gauge<"venue">("kill", "Kill.", urgent).value();
  UrgentFeed::Reader reader = feed.open();
  told(reader);
  const Gauge late = registry.late_gauge("sharpe_ratio", "Late.", urgent).value().get();
  const Gauge venue = kill.at("ibkr");
  EXPECT_EQ(told(reader), Lines{}) << "the first set may still be under way";
  late.set(-2);
  EXPECT_EQ(told(reader), (Lines{"kill{venue=\"ibkr\"} 0 1000003", "sharpe_ratio -2 1000003"}));
  venue.set(1);
  EXPECT_EQ(told(reader), Lines{"kill{venue=\"ibkr\"} 1 1000004"});
  EXPECT_TRUE(kill.remove("ibkr"));
  EXPECT_EQ(told(reader), Lines{});
}

TEST_F(UrgentFeedTest, describes_a_family_before_its_first_line_only) {
  const auto kill = registry.gauge<"venue">("kill", "Kill.", urgent).value();
  UrgentFeed::Reader reader = feed.open();
  told(reader);
  kill.at("a").announce(1);
  kill.at("b").announce(1);
  clock.advance(1ms);
  std::string text;
  ASSERT_TRUE(reader.next(text));
  EXPECT_EQ(text, "# HELP kill Kill.\n# TYPE kill gauge\nkill{venue=\"a\"} 1 1000002\nkill{venue=\"b\"} 1 1000002\n");
}

TEST_F(UrgentFeedTest, a_pulse_between_two_looks_is_missed_but_not_when_it_is_announced_or_counted) {
  const Gauge kill = registry.gauge("kill", "Kill.", urgent).value();
  const Counter trips = registry.counter("trips_total", "Trips.", urgent).value();
  const StateSet session = registry.state_set("session", "Session.", {"closed", "open"}, urgent).value();
  UrgentFeed::Reader reader = feed.open();
  told(reader);
  kill.set(1);
  kill.set(0);
  EXPECT_EQ(told(reader), Lines{});
  kill.announce(1);
  kill.announce(0);
  trips.inc();
  session.announce(Session::open);
  session.announce(Session::closed);
  EXPECT_EQ(told(reader), (Lines{"kill 1 1000003", "kill 0 1000004", "session{session=\"closed\"} 0 1000003",
                                 "session{session=\"open\"} 1 1000003", "session{session=\"closed\"} 1 1000004",
                                 "session{session=\"open\"} 0 1000004", "trips_total 1 1000003"}));
  EXPECT_EQ(told(reader), Lines{}) << "a look does not repeat what was announced";
}

TEST_F(UrgentFeedTest, an_announced_value_that_a_look_saw_already_is_not_repeated) {
  const Gauge kill = registry.gauge("kill", "Kill.", urgent).value();
  UrgentFeed::Reader reader = feed.open();
  told(reader);
  kill.announce(1);
  kill.set(2);  // sits in the cell when the announcement is heard
  EXPECT_EQ(told(reader), (Lines{"kill 1 1000002", "kill 2 1000003"}));
  EXPECT_EQ(told(reader), Lines{});
}

TEST_F(UrgentFeedTest, a_flood_is_dated_ahead_by_a_tenth_of_a_second_at_the_most_and_ends_with_the_present_value) {
  const Gauge gauge = registry.gauge("kill", "Kill.", urgent).value();
  UrgentFeed::Reader reader = feed.open();
  told(reader);
  for (int value = 1; value <= 500; ++value) gauge.announce(value);
  const Lines flood = told(reader);
  EXPECT_EQ(flood.size(), 101U);
  EXPECT_EQ(flood.back(), "kill 101 1000102");
  EXPECT_EQ(told(reader), Lines{"kill 500 1000103"});
  for (int value = 0; value < 3000; ++value) gauge.announce(value);
  EXPECT_EQ(told(reader, 1s).front(), "kill 1976 1001003") << "the oldest of too many are lost";
}

TEST_F(UrgentFeedTest, a_clock_that_is_set_back_does_not_silence_it) {
  const Gauge kill = registry.gauge("kill", "Kill.", urgent).value();
  UrgentFeed::Reader reader = feed.open();
  told(reader);
  clock.jump_to(500'000ms);
  kill.set(1);
  EXPECT_EQ(told(reader), Lines{"kill 1 500001"});
}

TEST_F(UrgentFeedTest, beats_each_second) {
  UrgentFeed::Reader reader = feed.open();
  std::string text;
  ASSERT_TRUE(reader.next(text));
  clock.advance(999ms);
  ASSERT_TRUE(reader.next(text));
  EXPECT_EQ(text, "");
  clock.advance(1ms);
  ASSERT_TRUE(reader.next(text));
  EXPECT_EQ(text, "# heartbeat 1001000\n");
}

TEST_F(UrgentFeedTest, all_readers_are_told_the_same_and_one_look_serves_them) {
  const Gauge kill = registry.gauge("kill", "Kill.", urgent).value();
  UrgentFeed::Reader first = feed.open();
  UrgentFeed::Reader second = feed.open();
  EXPECT_EQ(feed.readers(), 2U);
  told(first);
  told(second);
  kill.set(1);
  EXPECT_EQ(told(first), Lines{"kill 1 1000003"});
  kill.set(2);
  EXPECT_EQ(told(second, 0ms), Lines{"kill 1 1000003"}) << "no look within half an interval";
}

TEST_F(UrgentFeedTest, a_reader_that_missed_changes_is_told_so) {
  UrgentFeed small(registry, {.changes_kept = 4, .clock = &clock});
  const Gauge kill = registry.gauge("kill", "Kill.", urgent).value();
  UrgentFeed::Reader fast = small.open();
  UrgentFeed::Reader slow = small.open();
  std::string text;
  told(fast);
  told(slow);
  for (int value = 1; value <= 5; ++value) {
    kill.set(value);
    EXPECT_EQ(told(fast).size(), 1U);
  }
  EXPECT_FALSE(slow.next(text));
}

TEST_F(UrgentFeedTest, many_series_come_in_pieces_and_all_of_them) {
  const auto gauges = registry.gauge<"id">("gauge", "Many.", urgent).value();
  for (int id = 0; id < 5000; ++id) gauges.at(std::to_string(id)).set(id);
  UrgentFeed::Reader reader = feed.open();
  std::size_t count = 0;
  std::string text;
  for (int piece = 0; piece < 10; ++piece) {
    ASSERT_TRUE(reader.next(text));
    EXPECT_LT(text.size(), 66'000U);
    count += samples_of(text).size();
    gauges.remove(std::to_string(piece * 500));  // the list shifts under the reader
    clock.advance(1ms);
  }
  EXPECT_GE(count, 4990U);
  EXPECT_LE(count, 5000U);
}

TEST_F(UrgentFeedTest, names_beyond_the_legacy_ones_are_escaped_as_asked) {
  Registry utf8({.utf8_names = true});
  UrgentFeed other(utf8, {.clock = &clock});
  utf8.gauge<"a b">("kill.switch", "Kill.", urgent).value().at("x").set(1);
  UrgentFeed::Reader plain = other.open();
  UrgentFeed::Reader quoted = other.open(Escaping::allow_utf8);
  EXPECT_EQ(told(plain), Lines{"kill_switch{a_b=\"x\"} 1 1000001"});
  EXPECT_EQ(told(quoted), Lines{"{\"kill.switch\",\"a b\"=\"x\"} 1 1000002"});
}

TEST_F(UrgentFeedTest, nothing_urgent_nothing_to_watch) {
  registry.gauge("equity_usd", "Cash.").value();
  EXPECT_FALSE(feed.any());
  registry.gauge<"venue">("kill", "Kill.", urgent).value();
  EXPECT_TRUE(feed.any());
}

TEST_F(UrgentFeedTest, histograms_and_extremes_cannot_be_urgent) {
  EXPECT_EQ(registry.max_gauge("depth", "Depth.", urgent).error().message,
            "metric \"depth\" is a max gauge and cannot be urgent: counters, gauges and state sets can; put what must "
            "be told at "
            "once into one");
  EXPECT_FALSE(registry.min_gauge("depth", "Depth.", urgent));
  EXPECT_FALSE(registry.histogram("depth", "Depth.", Buckets::of({1}), urgent));
  EXPECT_TRUE(registry.gauge("depth", "Depth.", urgent));
}

TEST_F(UrgentFeedTest, the_last_reader_ends_the_watching_and_the_next_begins_afresh) {
  const Gauge kill = registry.gauge("kill", "Kill.", urgent).value();
  {
    UrgentFeed::Reader reader = feed.open();
    told(reader);
  }
  EXPECT_EQ(feed.readers(), 0U);
  kill.announce(1);
  kill.announce(2);
  UrgentFeed::Reader reader = feed.open();
  EXPECT_EQ(told(reader), Lines{"kill 2 1000002"});
  EXPECT_EQ(told(reader), Lines{});
}

// For TSan: setters, announcers, and series that come and go, beside a feed that looks all the time.
TEST(UrgentFeedThreads, watching_disturbs_no_recording) {
  Registry registry;
  const Gauge kill = registry.gauge("kill", "Kill.", urgent).value();
  const Counter trips = registry.counter("trips_total", "Trips.", urgent).value();
  const auto venues = registry.gauge<"venue">("venue_kill", "Kill.", urgent).value();
  constexpr int rounds = 2000;
  std::atomic<int> running{2};
  std::thread announcer([&] {
    for (int i = 1; i <= rounds; ++i) {
      kill.announce(i);
      trips.inc();
      if (i % 50 == 0) std::this_thread::yield();
    }
    --running;
  });
  std::thread mover([&] {
    for (int i = 0; i < rounds; ++i) {
      const std::string venue = std::to_string(i % 300);
      venues.at(venue).announce(i);
      venues.remove(venue);
    }
    --running;
  });
  UrgentFeed feed(registry, {.interval = std::chrono::microseconds{1}});
  UrgentFeed::Reader reader = feed.open();
  std::string text;
  std::string all;
  while (running != 0) {
    if (reader.next(text)) all += text;
  }
  announcer.join();
  mover.join();
  const auto ends_with_last = [&] {
    if (!reader.next(text)) return true;
    all += text;
    return all.find("\ntrips_total 2000 ") != std::string::npos && all.find("\nkill 2000 ") != std::string::npos;
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!ends_with_last() && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_NE(all.find("\ntrips_total 2000 "), std::string::npos);
}

// A series that begins while the feed looks announces a slot that this look has not seen yet.
TEST(UrgentFeedThreads, a_pulse_of_a_series_that_has_just_begun_is_told) {
  constexpr int pulses = 2000;
  Registry registry;
  const auto gauges = registry.gauge<"id">("pulse", "Of many.", urgent).value();
  ManualClock clock{1'000'000ms};  // the reader's: each `next` is a look
  UrgentFeed feed(registry, {.interval = std::chrono::microseconds{1}, .clock = &clock});
  UrgentFeed::Reader reader = feed.open();
  std::string text;
  ASSERT_TRUE(reader.next(text));
  std::vector<std::atomic<bool>> told(pulses);
  std::atomic<bool> running{true};
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  std::thread pulser([&] {
    for (int i = 0; i < pulses; ++i) {
      const Gauge gauge = gauges.at(std::to_string(i));
      gauge.announce(1);
      gauge.announce(0);
      // No more between two looks than are kept: the last of a hundred is told after all others.
      while (i % 100 == 99 && !told[static_cast<std::size_t>(i)] && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
      }
    }
    running = false;
  });
  const auto read = [&] {
    clock.advance(1ms);
    if (!reader.next(text)) return;
    for (std::size_t at = text.find("pulse{id=\""); at != std::string::npos; at = text.find("pulse{id=\"", at + 1)) {
      const std::size_t value = text.find("} ", at);
      if (text.compare(value, 4, "} 1 ") == 0) told[static_cast<std::size_t>(std::atoi(&text[at + 10]))] = true;
    }
  };
  while (running) read();
  pulser.join();
  const auto all_told = [&] { return std::find(told.begin(), told.end(), false) == told.end(); };
  do {
    read();
  } while (!all_told() && std::chrono::steady_clock::now() < deadline);
  EXPECT_TRUE(all_told()) << std::count(told.begin(), told.end(), false) << " pulses of " << pulses << " are not told";
}

}  // namespace
}  // namespace bellwether
