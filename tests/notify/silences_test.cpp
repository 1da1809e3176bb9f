// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/silences.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

namespace bellwether::notify {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t start = 1'800'000'000'000;

class SilencesTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Silences> open() {
    return Silences::open({.path = path(), .clock = clock_, .vfs = {}, .on_change = [this] { ++changes_; }}).value();
  }
  std::string path() const { return (folder_ / "alerts.sqlite").string(); }
  std::int64_t now() const { return clock_.wall().count() / 1'000'000; }

  static Silence silence(std::int64_t begin, std::int64_t end, const std::string& matchers = "venue=X") {
    Silence made;
    made.matchers = config::parse_label_matchers(matchers).value();
    made.starts_ms = begin;
    made.ends_ms = end;
    made.created_by = "ann";
    made.comment = "venue down: \"ticket\" 7";
    return made;
  }

  ManualClock clock_{std::chrono::milliseconds(start)};
  int changes_ = 0;

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("bellwether-silences-" + std::to_string(::getpid()));
};

TEST_F(SilencesTest, SilenceFromTheirStartUntilTheirEnd) {
  const auto silences = open();
  const std::string id = silences->set(silence(start + 1000, start + 5000)).value();
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(silences->silencing({{"venue", "X"}}, start), std::vector<std::string>{});
  EXPECT_EQ(silences->silencing({{"venue", "X"}}, start + 1000), std::vector<std::string>{id});
  EXPECT_EQ(silences->silencing({{"venue", "Y"}}, start + 1000), std::vector<std::string>{});
  EXPECT_EQ(silences->silencing({{"venue", "X"}, {"more", "labels"}}, start + 4999), std::vector<std::string>{id});
  EXPECT_EQ(silences->silencing({{"venue", "X"}}, start + 5000), std::vector<std::string>{});
  EXPECT_EQ(silences->next_change_after(start), start + 1000);
  EXPECT_EQ(silences->next_change_after(start + 1000), start + 5000);
  EXPECT_EQ(silences->next_change_after(start + 5000), 0);
  EXPECT_EQ(silences->count(SilenceState::pending, start), 1U);
  EXPECT_EQ(silences->count(SilenceState::active, start + 1000), 1U);
  EXPECT_EQ(changes_, 1);
}

TEST_F(SilencesTest, StandInTheFileWithEverythingTheyHold) {
  Silence made = silence(start, start + 60'000, R"(a="\"b\",c", d!="", "e f"=~"g|\\d", h!~"i")");
  made.comment = std::string("with a\0zero and ✓", 18);
  made.id = open()->set(made).value();
  made.updated_ms = start;
  const auto again = open();
  ASSERT_EQ(again->all().size(), 1U);
  EXPECT_EQ(again->all()[0], made);
  EXPECT_EQ(again->find(made.id), made);
  EXPECT_EQ(again->find("other"), std::nullopt);
}

TEST_F(SilencesTest, HoldAfterAKillAMomentLater) {
  for (int trial = 0; trial < 3; ++trial) {
    const std::string venue = "V" + std::to_string(trial);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto silences = Silences::open({.path = path(), .clock = clock_, .vfs = {}, .on_change = {}});
      if (silences && (*silences)->set(silence(start, start + 60'000, "venue=" + venue))) ::kill(::getpid(), SIGKILL);
      ::_exit(1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(open()->silencing({{"venue", venue}}, start).size(), 1U);
  }
}

TEST_F(SilencesTest, CanBeExpiredOnceAndStayKnown) {
  const auto silences = open();
  const std::string active = silences->set(silence(start, start + 60'000)).value();
  const std::string pending = silences->set(silence(start + 10'000, start + 60'000)).value();
  clock_.advance(1s);
  EXPECT_TRUE(silences->expire(active));
  EXPECT_TRUE(silences->expire(pending));
  EXPECT_TRUE(silences->expire(active));
  EXPECT_FALSE(silences->expire("no such"));
  EXPECT_EQ(changes_, 4);
  for (const std::string& id : {active, pending}) {
    EXPECT_EQ(open()->find(id)->state_at(now()), SilenceState::expired);
    EXPECT_EQ(open()->find(id)->ends_ms, now());
  }
  EXPECT_TRUE(silences->silencing({{"venue", "X"}}, now()).empty());
}

TEST_F(SilencesTest, ChangeInPlaceOrBecomeNewOnesAsInAlertmanager) {
  const auto silences = open();
  const std::string id = silences->set(silence(start, start + 60'000)).value();
  clock_.advance(1s);
  Silence changed = *silences->find(id);
  changed.ends_ms = start + 120'000;
  changed.comment = "longer";
  EXPECT_EQ(silences->set(changed).value(), id);
  EXPECT_EQ(open()->find(id)->ends_ms, start + 120'000);

  changed.matchers = config::parse_label_matchers("venue=Y").value();
  const std::string other = silences->set(changed).value();
  EXPECT_NE(other, id);
  EXPECT_EQ(open()->find(id)->state_at(now()), SilenceState::expired);
  EXPECT_EQ(open()->find(other)->state_at(now()), SilenceState::active);
  EXPECT_EQ(open()->find(other)->starts_ms, now());

  // One that expired is made anew.
  ASSERT_TRUE(silences->expire(other));
  clock_.advance(1s);
  changed.id = other;
  const std::string third = silences->set(changed).value();
  EXPECT_NE(third, other);
  EXPECT_EQ(silences->find(other)->ends_ms, now() - 1000);
  changed.id = "no such";
  EXPECT_FALSE(silences->set(changed));
}

TEST_F(SilencesTest, RefuseWhatNobodyMeans) {
  const auto silences = open();
  Silence empty = silence(start, start + 1000);
  empty.matchers.clear();
  EXPECT_FALSE(silences->set(empty));
  EXPECT_FALSE(silences->set(silence(start, start + 1000, "a=~\".*\"")));
  EXPECT_FALSE(silences->set(silence(start, start + 1000, "a!=b")));
  EXPECT_FALSE(silences->set(silence(start, start)));
  EXPECT_FALSE(silences->set(silence(start + 2000, start + 1000)));
  EXPECT_FALSE(silences->set(silence(start - 2000, start - 1000)));
  Silence broken = silence(start, start + 1000);
  broken.matchers[0].type = config::LabelMatcherType::regex;
  broken.matchers[0].value = "(";
  EXPECT_FALSE(silences->set(broken));
  EXPECT_TRUE(silences->all().empty());
  EXPECT_EQ(changes_, 0);
  EXPECT_TRUE(silences->set(silence(start, start + 1000, "a!=b,c=d")));
}

TEST_F(SilencesTest, AreForgotten120HoursAfterTheirEnd) {
  const auto silences = open();
  const std::string id = silences->set(silence(start, start + 1000)).value();
  clock_.advance(120h);
  ASSERT_TRUE(silences->collect());
  EXPECT_TRUE(silences->find(id));
  clock_.advance(2s);
  ASSERT_TRUE(silences->collect());
  EXPECT_FALSE(silences->find(id));
  EXPECT_TRUE(open()->all().empty());
}

TEST_F(SilencesTest, DoNotWaitForAFileThatIsNone) {
  EXPECT_FALSE(Silences::open({.path = path() + "/no/such", .clock = clock_, .vfs = {}, .on_change = {}}));
}

}  // namespace
}  // namespace bellwether::notify
