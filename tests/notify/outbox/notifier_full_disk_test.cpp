// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// The notifier on a file system that really is full. Mounting it takes root.
#include <sys/mount.h>

#include <algorithm>
#include <bellwether/exposition.hpp>
#include <bellwether/registry.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "notifier_world.hpp"

namespace notifier_test {
namespace {

const Labels urgent{{"severity", "P0"}};

class NotifierOnAFullDisk : public World {
 protected:
  NotifierOnAFullDisk() {
    yaml.replace(yaml.find("30s"), 3, "0s");
    yaml.replace(yaml.find("[alertname]"), 11, "['...']");
    options.registry = &registry;
    options.log = [this](std::string_view line) { log.append(line).append("\n"); };
  }
  void SetUp() override {
    disk = options.directory;
    std::filesystem::create_directories(disk);
    if (::mount("bellwether-test", disk.c_str(), "tmpfs", 0, "size=2m,mode=0700") != 0) {
      const std::string reason = std::strerror(errno);
      std::cerr << "\n*** NOT TESTED: a notifier on a disk that is really full. Mounting a tmpfs failed (" << reason
                << "); run the tests as root to test it ***\n\n";
      GTEST_SKIP() << "cannot mount a tmpfs: " << reason;
    }
    mounted = true;
  }
  void TearDown() override {
    notifier.reset();
    if (mounted) ::umount2(disk.c_str(), MNT_DETACH);
  }

  /// Until not a byte goes.
  void fill() const {
    std::ofstream ballast(disk + "/ballast", std::ios::binary);
    const std::string block(4096, 'b');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void make_room() const { std::filesystem::remove(disk + "/ballast"); }

  /// Posts an urgent alert of some kilobytes: what it says to its sender.
  bool post_big(const std::string& id) {
    rules::Alert one = alert(id, urgent);
    one.annotations["description"] = std::string(8000, 'x');
    const bool written = notifier->post(std::vector{one}).has_value();
    notifier->run_due();
    posted.push_back(one);
    return written;
  }
  /// Posts until the disk refuses, and then some more.
  void run_full() {
    fill();
    int i = 0;
    while (i < 500 && post_big("a" + std::to_string(i))) ++i;
    ASSERT_FALSE(notifier->status().written_down) << "the disk never was full";
    for (int more = 0; more < 20; ++more) EXPECT_FALSE(post_big("m" + std::to_string(more)));
  }
  Texts all(const std::string& before) const {
    Texts out;
    for (const rules::Alert& one : posted) out.push_back(before + one.labels.at("id"));
    return out;
  }
  std::string metric(const std::string& name) {
    const std::string text = render(registry);
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
  }

  Registry registry;
  std::string log;
  std::string disk;
  bool mounted = false;
  std::vector<rules::Alert> posted;
};

TEST_F(NotifierOnAFullDisk, AlertingGoesOnIsSaidAndNothingIsToldTwiceOnceThereIsRoom) {
  start();
  run_full();
  // Each was told, once and at once.
  EXPECT_EQ(told(), all("first F:"));
  EXPECT_EQ(metric("bellwether_notify_written_down"), "bellwether_notify_written_down 0");
  EXPECT_NE(metric("bellwether_notify_store_errors_total"), "bellwether_notify_store_errors_total 0");
  EXPECT_NE(log.find("the notifier goes on from memory"), std::string::npos) << log;
  EXPECT_NE(log.find("full"), std::string::npos) << log;
  // So are ends, and what must be tried again.
  const rules::Alert first = posted.front();
  static_cast<void>(notifier->post(std::vector{ended(first)}));
  notifier->run_due();
  EXPECT_EQ(told(), Texts{"all R:" + first.labels.at("id")});
  receiver().answers = {failing(DeliveryOutcome::transient)};
  EXPECT_FALSE(post_big("retried"));
  EXPECT_EQ(told(), Texts{});
  pass(5s);
  EXPECT_EQ(told(), Texts{"first F:retried"});
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << "said more than once: " << log;

  make_room();
  pass(2s);
  EXPECT_EQ(metric("bellwether_notify_written_down"), "bellwether_notify_written_down 1");
  EXPECT_NE(log.find("on disk again"), std::string::npos) << log;
  pass(1min);
  EXPECT_EQ(told(), Texts{});
  kill_and_start();
  EXPECT_EQ(notifier->alerts().size(), posted.size());
  pass(1min);
  EXPECT_EQ(told(), Texts{});
  const rules::Alert last = posted.back();
  post({ended(last)});
  EXPECT_EQ(told(), Texts{"all R:retried"});
}

TEST_F(NotifierOnAFullDisk, AKillMeanwhileRepeatsAtMostWhatThisDiskNeverTook) {
  start();
  run_full();
  Texts before = told();
  kill_and_start();
  pass(10s);
  EXPECT_LE(told().size(), 1U);  // the last that it took may have been under way
  for (const rules::Alert& one : posted) ASSERT_TRUE(notifier->post(std::vector{one}));
  pass(10s);
  const Texts again = told();
  EXPECT_LE(again.size(), 21U);
  for (const std::string& text : again) EXPECT_EQ(std::count(before.begin(), before.end(), text), 1) << text;
  EXPECT_EQ(notifier->alerts().size(), posted.size());
}

TEST_F(NotifierOnAFullDisk, AfterAKillItStartsWithoutRoomKnowsWhatWasTakenAndTells) {
  start();
  EXPECT_TRUE(post_big("taken"));
  EXPECT_EQ(told(), Texts{"first F:taken"});
  // What a kill leaves, its files of SQLite too.
  const std::string image = options.directory + "/image";
  std::filesystem::create_directory(image);
  for (const char* file : {"/alerts.sqlite", "/alerts.sqlite-wal", "/alerts.sqlite-shm"}) {
    std::filesystem::copy_file(options.directory + file, image + file);
  }
  std::filesystem::copy(options.directory + "/notifier", image + "/notifier", std::filesystem::copy_options::recursive);
  notifier.reset();
  fill();
  options.directory = image;
  start();
  options.directory = disk;
  ASSERT_NE(notifier, nullptr);
  EXPECT_EQ(notifier->alerts().size(), 1U);
  int i = 0;
  while (i < 500 && post_big("b" + std::to_string(i))) ++i;
  Texts expected = all("first F:");
  expected.erase(expected.begin());
  EXPECT_EQ(told(), expected);
  EXPECT_FALSE(notifier->status().written_down);
}

TEST_F(NotifierOnAFullDisk, AFirstStartWithoutRoomSaysWhatToDo) {
  fill();
  const auto started = Notifier::start(options, setup());
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("make room"), std::string::npos) << started.error().message;
}

TEST_F(NotifierOnAFullDisk, ASilenceThatTheDiskDidNotTakeIsRefused) {
  start();
  run_full();
  Silence silence;
  silence.matchers = {{config::LabelMatcherType::equal, "severity", "P0"}};
  silence.starts_ms = now();
  silence.ends_ms = now() + 3'600'000;
  silence.created_by = "ann";
  silence.comment = std::string(8000, 'c');
  const auto set = notifier->silences().set(silence);
  ASSERT_FALSE(set);
  EXPECT_NE(set.error().message.find("full"), std::string::npos) << set.error().message;
  make_room();
  EXPECT_TRUE(notifier->silences().set(silence));
}

}  // namespace
}  // namespace notifier_test
