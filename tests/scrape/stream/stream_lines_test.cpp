// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/stream_lines.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scrape/stream_clock.hpp"

namespace bellwether::scrape {
namespace {

constexpr std::int64_t now = 1'732'186'000'000;

std::string error_of(StreamLines& lines, std::string_view part, std::int64_t at = now) {
  const Result<void> taken = lines.take(part, at);
  return taken ? "" : taken.error().message;
}

TEST(StreamLines, hands_over_samples_and_keeps_comments_to_itself) {
  StreamLines lines;
  ASSERT_TRUE(
      lines.take("# Bellwether push stream 1\n# heartbeat 1732186000000\n# HELP kill Kill.\n# TYPE kill gauge\n"
                 "kill 0 1732185999999\n\nstate{a=\"x y\"} NaN 1732186000000\n",
                 now));
  EXPECT_EQ(lines.ready(), "kill 0 1732185999999\nstate{a=\"x y\"} NaN 1732186000000\n");
  EXPECT_EQ(lines.ready_samples(), 2U);
  EXPECT_EQ(lines.lines(), 7U);
}

TEST(StreamLines, lines_may_arrive_byte_by_byte) {
  const std::string text = "# heartbeat 1732186000000\nkill 1 1732186000000\ntrips_total 3 1732186000001\n";
  StreamLines lines;
  std::string ready;
  for (const char byte : text) {
    ASSERT_TRUE(lines.take({&byte, 1}, now));
    ready += lines.ready();
  }
  EXPECT_EQ(ready, "kill 1 1732186000000\ntrips_total 3 1732186000001\n");
}

TEST(StreamLines, what_is_no_sample_with_a_time_is_an_error) {
  for (const char* line : {"kill 1\n", "kill\n", " 1 2\n", "kill 1 2x\n", "kill 1 1.5\n", "kill 1 \n",
                           "kill 1 99999999999999999999\n", "<html>\n", "# heartbeat soon\n"}) {
    StreamLines lines;
    EXPECT_NE(error_of(lines, line), "") << line;
  }
}

TEST(StreamLines, an_endless_line_is_cut_wherever_its_parts_end) {
  StreamLimits limits;
  limits.longest_line = 100;
  StreamLines lines(limits);
  EXPECT_EQ(error_of(lines, std::string(60, 'x')), "");
  EXPECT_EQ(error_of(lines, std::string(60, 'x')), "a line is longer than 100 bytes");
  StreamLines whole(limits);
  EXPECT_NE(error_of(whole, std::string(120, 'x') + "\n"), "");
}

TEST(StreamLines, too_many_lines_a_second_are_too_many_but_a_burst_at_the_begin_is_not) {
  StreamLimits limits;
  limits.burst_lines = 100;
  limits.lines_a_second = 10;
  StreamLines lines(limits);
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "# x\n";
  EXPECT_EQ(error_of(lines, hundred), "");
  EXPECT_EQ(error_of(lines, "# x\n# x\n", now + 200), "");
  EXPECT_EQ(error_of(lines, "# x\n", now + 200), "it sends more than 10 lines a second");
  StreamLines back(limits);
  EXPECT_EQ(error_of(back, hundred), "");
  EXPECT_NE(error_of(back, "# x\n", now - 5000), "") << "a clock that is set back gives nothing";
}

TEST(StreamLines, too_many_different_series_are_too_many) {
  StreamLimits limits;
  limits.series = 2;
  StreamLines lines(limits);
  EXPECT_EQ(error_of(lines, "a 1 5\nb 1 5\na 2 6\nb 2 6\n"), "");
  EXPECT_EQ(error_of(lines, "c 1 7\n"), "it has more than 2 different series");
}

TEST(StreamClock, equal_clocks_leave_times_as_they_are) {
  StreamClock clock;
  clock.beat(now, now + 1);
  EXPECT_EQ(clock.difference_ms(), 0);
  EXPECT_EQ(clock.translate(now + 7, now + 8), now + 7);
}

TEST(StreamClock, moves_times_by_the_difference_of_the_clocks) {
  for (const std::int64_t difference : {-2'000, 2'000, 3'600'000}) {
    StreamClock clock;
    clock.beat(now - difference, now);
    EXPECT_EQ(clock.difference_ms(), difference);
    EXPECT_EQ(clock.translate(now - difference + 10, now + 11), now + 10);
  }
}

TEST(StreamClock, the_least_delay_counts_for_half_a_minute_at_least) {
  StreamClock clock;
  clock.beat(now, now + 80);
  EXPECT_EQ(clock.difference_ms(), 80);
  clock.beat(now + 1000, now + 1005);
  clock.beat(now + 2000, now + 2300);
  EXPECT_EQ(clock.difference_ms(), 5);
  for (std::int64_t at = 3000; at <= 90'000; at += 1000) clock.beat(now + at, now + at + 40);
  EXPECT_EQ(clock.difference_ms(), 40) << "the way has become longer, or the clocks have drifted";
}

TEST(StreamClock, times_never_go_back_and_never_far_ahead) {
  StreamClock clock;
  clock.beat(now - 100, now);
  EXPECT_EQ(clock.translate(now, now), now + 100);
  clock.beat(now + 1000, now + 1000);
  EXPECT_EQ(clock.translate(now + 20, now + 1001), now + 100);
  EXPECT_EQ(clock.translate(now + 9'000'000, now + 1002), now + 2002);
  EXPECT_EQ(clock.translate(INT64_MAX, now + 1003), now + 2003);
  EXPECT_GE(clock.translate(INT64_MIN, now + 1004), 0);
}

TEST(StreamClock, follows_a_clock_that_is_set) {
  StreamClock clock;
  clock.beat(now, now);
  clock.translate(now, now);
  clock.beat(now - 3'600'000, now + 1000);  // the engine's, back by an hour
  EXPECT_EQ(clock.translate(now - 3'600'000 + 5, now + 1005), now + 1005);
  clock.beat(now - 3'600'000 + 10, now - 500'000);  // the monitor's, back
  EXPECT_EQ(clock.translate(now - 3'600'000 + 20, now - 499'990), now - 499'990);
  clock.beat(INT64_MIN, now);
  clock.beat(INT64_MAX, now);
}

}  // namespace
}  // namespace bellwether::scrape
