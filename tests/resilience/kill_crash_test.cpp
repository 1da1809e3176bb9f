// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// A process that trips and resets as fast as it can is killed with SIGKILL at random moments, on the real file system.
#include <gtest/gtest.h>
#include <bellwether/kill_switch.hpp>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace bellwether {
namespace {

class KillCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string path = std::filesystem::temp_directory_path() / "bellwether_kill_XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    directory = path;
  }
  void TearDown() override { std::filesystem::remove_all(directory); }

  KillSwitchOptions options() const {
    return {
        .state_file = directory / "state", .audit_file = directory / "audit", .authorizer = token_authorizer("secret")};
  }

  std::filesystem::path directory;
};

/// Runs `work` in a child, which writes a byte for each step done, and kills it once `steps` were seen.
template <typename Work>
void kill_after(int steps, const Work& work) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(ends[0]);
    work([&] { return ::write(ends[1], "x", 1) == 1; });
    ::_exit(0);
  }
  ::close(ends[1]);
  char byte = 0;
  for (int i = 0; i < steps; ++i) ASSERT_EQ(::read(ends[0], &byte, 1), 1) << "the child must live until it is killed";
  ::kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  ::close(ends[0]);
}

TEST_F(KillCrash, ATripThatReturnedIsThereAfterKillMinus9) {
  kill_after(1, [&](const auto& step) {
    KillSwitch kill(options());
    if (kill.trip({.type = "pnl", .scope = KillScope::strategy("grid"), .value = -1, .limit = -0.5, .reason = "loss"}))
      step();
    for (;;) ::pause();
  });
  KillSwitch kill(options());
  EXPECT_TRUE(kill.gate("grid", "binance").stopped());
  EXPECT_FALSE(kill.gate("trend", "binance").stopped());
  EXPECT_EQ(kill.latches()[0].trip.reason, "loss");
  EXPECT_EQ(kill.audit().value().size(), 2U) << "the trip, and latched_at_start";
}

TEST_F(KillCrash, NoMomentOfAKillLeavesAnUnreadableState) {
  const KillScope firm = KillScope::firm();
  for (int round = 0; round < 8; ++round) {
    kill_after(1 + round, [&](const auto& step) {
      KillSwitch kill(options());
      while (step()) {
        (void)kill.trip({.type = "pnl"});
        (void)kill.reset({.type = "pnl", .actor = "ada", .token = "secret", .reason = "again"});
      }
    });
    KillSwitch kill(options());
    EXPECT_FALSE(kill.is_latched("state_file", firm)) << "round " << round;
    EXPECT_TRUE(kill.trip({.type = "pnl"}));
    EXPECT_TRUE(KillSwitch(options()).gate("grid", "binance").stopped());
    EXPECT_TRUE(kill.reset({.type = "pnl", .actor = "ada", .token = "secret", .reason = "next round"}));
  }
}

}  // namespace
}  // namespace bellwether
