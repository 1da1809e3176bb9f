// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/change_queue.hpp"

#include <gmock/gmock.h>

#include "automation/run_command.hpp"

namespace bellwether::automation {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;

TEST(ChangeQueue, waits_until_it_is_quiet) {
  ChangeQueue queue{300ms, 5s};
  EXPECT_FALSE(queue.is_due(100s));
  queue.add({"a"}, 10s);
  queue.add({"b", "a"}, 10s + 200ms);
  EXPECT_FALSE(queue.is_due(10s + 499ms));
  EXPECT_TRUE(queue.is_due(10s + 500ms));
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_THAT(queue.take(), ElementsAre("a", "b"));
  EXPECT_FALSE(queue.is_due(100s));
}

TEST(ChangeQueue, does_not_wait_for_ever) {
  ChangeQueue queue{300ms, 1s};
  for (int i = 0; i < 20; ++i) queue.add({"log"}, 10s + i * 100ms);
  EXPECT_EQ(queue.due(), 11s);
}

TEST(ChangeQueue, nothing_changed_is_no_change) {
  ChangeQueue queue{300ms, 1s};
  queue.add({}, 1s);
  EXPECT_FALSE(queue.due());
}

TEST(RunCommand, names_the_files_in_the_environment_and_in_place) {
  const auto options = command_for({"run", "{}", "--fast", "a{}b"}, {"x.cpp", "-y.cpp"});
  EXPECT_THAT(options.arguments, ElementsAre("run", "./-y.cpp", "x.cpp", "--fast", "a{}b"));
  EXPECT_THAT(options.environment,
              ElementsAre(Pair("BELLWETHER_CHANGED_FILES", "./-y.cpp\nx.cpp"), Pair("BELLWETHER_CHANGED_COUNT", "2")));
}

TEST(RunCommand, a_batch_too_large_for_the_kernel_is_cut_but_counted) {
  std::set<std::string> files;
  for (int i = 0; i < 10'000; ++i) files.insert("directory/with/some/depth/file" + std::to_string(i));
  const auto options = command_for({"run", "{}"}, files);
  EXPECT_LT(options.environment[0].second.size(), 100U * 1024);
  EXPECT_LT(options.arguments.size(), 10'000U);
  EXPECT_EQ(options.environment[1].second, "10000");
}

TEST(RunCommand, a_line_break_in_a_name_does_not_make_two_files) {
  EXPECT_EQ(command_for({"run"}, {"a\nb", "c"}).environment[0].second, "c");
}

}  // namespace
}  // namespace bellwether::automation
