// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bellwether/clock.hpp>

namespace bellwether {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, AdvancesBothClocksAndJumpsOnlyTheWall) {
  ManualClock clock{100s};
  clock.advance(5s);
  EXPECT_EQ(clock.wall(), 105s);
  EXPECT_EQ(clock.monotonic(), 5s);
  clock.jump_to(50s);
  EXPECT_EQ(clock.wall(), 50s);
  EXPECT_EQ(clock.monotonic(), 5s);
}

TEST(SystemClock, MonotonicNeverGoesBack) {
  const Clock& clock = Clock::system();
  auto before = clock.monotonic();
  for (int i = 0; i < 1000; ++i) {
    const auto now = clock.monotonic();
    ASSERT_GE(now, before);
    before = now;
  }
}

}  // namespace
}  // namespace bellwether
