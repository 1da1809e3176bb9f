// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/directory_watcher.hpp"

#include <gmock/gmock.h>
#include <sys/inotify.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "automation/temporary_directory.hpp"

namespace bellwether::automation {
namespace {

using test::TemporaryDirectory;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
namespace fs = std::filesystem;

/// The kernel's events are there when the call that made them returns: nothing here has to wait.
class DirectoryWatcherTest : public ::testing::Test {
 protected:
  DirectoryWatcher open(PathFilter::Options filter = {}, const std::vector<std::string>& ignored = {}) const {
    return DirectoryWatcher::open({directory_.path()}, PathFilter{std::move(filter)}, ignored,
                                  ChangeKernel::inotify().value())
        .value();
  }
  /// Relative to the directory.
  std::vector<std::string> changed(DirectoryWatcher& watcher) {
    std::vector<std::string> files;
    const auto changes = watcher.take();
    for (const std::string& file : changes.files) files.push_back(file.substr(directory_.path().size() + 1));
    problems_ = changes.problems;
    return files;
  }

  TemporaryDirectory directory_;
  std::vector<std::string> problems_;
};

TEST_F(DirectoryWatcherTest, what_is_there_at_the_start_is_no_change) {
  directory_.write("src/a.cpp", "1");
  auto watcher = open();
  EXPECT_EQ(watcher.watched_directories(), 2U);
  EXPECT_EQ(watcher.known_files(), 1U);
  EXPECT_THAT(changed(watcher), IsEmpty());
}

TEST_F(DirectoryWatcherTest, sees_files_made_changed_and_deleted) {
  directory_.write("src/a.cpp", "1");
  auto watcher = open();
  directory_.write("src/a.cpp", "2");
  directory_.write("b.txt", "new");
  EXPECT_THAT(changed(watcher), UnorderedElementsAre("src/a.cpp", "b.txt"));
  fs::remove(directory_ / "src/a.cpp");
  EXPECT_THAT(changed(watcher), ElementsAre("src/a.cpp"));
  EXPECT_THAT(changed(watcher), IsEmpty());
}

TEST_F(DirectoryWatcherTest, sees_what_is_in_a_directory_made_later) {
  auto watcher = open();
  directory_.write("deep/er/still/c.cpp", "1");  // before the watcher could add any of these
  EXPECT_THAT(changed(watcher), ElementsAre("deep/er/still/c.cpp"));
  directory_.write("deep/er/still/d.cpp", "1");
  EXPECT_THAT(changed(watcher), ElementsAre("deep/er/still/d.cpp"));
}

TEST_F(DirectoryWatcherTest, follows_a_directory_that_moves) {
  directory_.write("old/a.cpp", "1");
  auto watcher = open();
  fs::rename(directory_ / "old", directory_ / "new");
  EXPECT_THAT(changed(watcher), UnorderedElementsAre("old/a.cpp", "new/a.cpp"));
  directory_.write("new/a.cpp", "2");
  EXPECT_THAT(changed(watcher), ElementsAre("new/a.cpp"));
  EXPECT_EQ(watcher.watched_directories(), 2U);
}

TEST_F(DirectoryWatcherTest, a_directory_moved_away_or_deleted_is_forgotten) {
  const TemporaryDirectory elsewhere;
  directory_.write("a/b/x.cpp", "1");
  directory_.write("c/y.cpp", "1");
  auto watcher = open();
  fs::rename(directory_ / "a", elsewhere / "a");
  fs::remove_all(directory_ / "c");
  EXPECT_THAT(changed(watcher), UnorderedElementsAre("a/b/x.cpp", "c/y.cpp"));
  EXPECT_EQ(watcher.watched_directories(), 1U);
  elsewhere.write("a/b/x.cpp", "2");
  EXPECT_THAT(changed(watcher), IsEmpty());
}

TEST_F(DirectoryWatcherTest, an_editor_that_writes_beside_and_renames_changes_one_file) {
  directory_.write("a.cpp", "1");
  auto watcher = open();
  directory_.write(".#a.cpp", "2");
  fs::rename(directory_ / ".#a.cpp", directory_ / "a.cpp");
  EXPECT_THAT(changed(watcher), ElementsAre("a.cpp"));
}

TEST_F(DirectoryWatcherTest, a_file_that_was_only_opened_did_not_change) {
  directory_.write("a.cpp", "1");
  auto watcher = open();
  { std::ofstream opened{directory_ / "a.cpp", std::ios::app}; }
  { std::ifstream read{directory_ / "a.cpp"}; }
  EXPECT_THAT(changed(watcher), IsEmpty());
}

TEST_F(DirectoryWatcherTest, builds_version_control_and_ignored_files_do_not_count) {
  directory_.make(".git/objects");
  directory_.make("build/deep");
  auto watcher = open({.include = {"*.cpp", "*.xml"}}, {directory_ / "report.xml"});
  directory_.write(".git/objects/x.cpp", "1");
  directory_.write("build/deep/y.cpp", "1");
  directory_.write("build-release/y.cpp", "1");
  directory_.write("notes.txt", "1");
  directory_.write("report.xml", "1");
  EXPECT_THAT(changed(watcher), IsEmpty());
  EXPECT_EQ(watcher.watched_directories(), 1U);
}

TEST_F(DirectoryWatcherTest, links_to_directories_are_not_followed) {
  fs::create_directory_symlink(directory_.path(), directory_ / "circle");
  auto watcher = open();
  EXPECT_EQ(watcher.watched_directories(), 1U);
  fs::create_directory_symlink("/proc", directory_ / "later");
  EXPECT_THAT(changed(watcher), ElementsAre("later"));
  EXPECT_EQ(watcher.watched_directories(), 1U);
}

TEST_F(DirectoryWatcherTest, a_root_that_goes_is_told_and_watched_again_when_it_is_back) {
  directory_.write("top/a.cpp", "1");
  auto watcher = DirectoryWatcher::open({directory_ / "top/"}, PathFilter{{}}, {}, ChangeKernel::inotify().value());
  ASSERT_TRUE(watcher);
  fs::remove_all(directory_ / "top");
  EXPECT_THAT(changed(*watcher), ElementsAre("top/a.cpp"));
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("top is gone")));
  EXPECT_THAT(changed(*watcher), IsEmpty());
  EXPECT_THAT(problems_, IsEmpty());
  directory_.write("top/a.cpp", "1");
  EXPECT_THAT(changed(*watcher), ElementsAre("top/a.cpp"));
  directory_.write("top/b.cpp", "1");
  EXPECT_THAT(changed(*watcher), ElementsAre("top/b.cpp"));
}

TEST_F(DirectoryWatcherTest, what_is_no_directory_is_refused) {
  const auto watcher =
      DirectoryWatcher::open({directory_ / "none"}, PathFilter{{}}, {}, ChangeKernel::inotify().value());
  ASSERT_FALSE(watcher);
  EXPECT_THAT(watcher.error().message, HasSubstr("none': it is not a directory"));
}

/// A kernel with limits as low as one likes.
class SmallKernel final : public ChangeKernel {
 public:
  explicit SmallKernel(int most) : real_(ChangeKernel::inotify().value()), most_(most) {}
  int fd() const noexcept override { return real_->fd(); }
  int add(const std::string& directory) override {
    if (used_ == most_) return -ENOSPC;
    const int watch = real_->add(directory);
    if (watch >= 0) ++used_;
    return watch;
  }
  void remove(int watch) noexcept override {
    --used_;
    real_->remove(watch);
  }
  std::vector<KernelEvent> read() override {
    auto events = real_->read();
    if (std::exchange(overflow_, false)) events = {{.watch = -1, .mask = IN_Q_OVERFLOW}};  // all others are lost
    return events;
  }
  void overflow() { overflow_ = true; }

 private:
  std::unique_ptr<ChangeKernel> real_;
  int most_;
  int used_ = 0;
  bool overflow_ = false;
};

TEST_F(DirectoryWatcherTest, the_limit_on_watches_is_told_with_what_to_do) {
  directory_.make("a");
  directory_.make("b");
  const auto watcher =
      DirectoryWatcher::open({directory_.path()}, PathFilter{{}}, {}, std::make_unique<SmallKernel>(2));
  ASSERT_FALSE(watcher);
  EXPECT_THAT(watcher.error().message, HasSubstr("fs.inotify.max_user_watches"));
  EXPECT_THAT(watcher.error().message, HasSubstr("sysctl"));
}

TEST_F(DirectoryWatcherTest, the_limit_reached_later_is_a_problem_and_no_end) {
  auto watcher = DirectoryWatcher::open({directory_.path()}, PathFilter{{}}, {}, std::make_unique<SmallKernel>(1));
  ASSERT_TRUE(watcher);
  directory_.make("a");
  directory_.write("b.cpp", "1");
  EXPECT_THAT(changed(*watcher), ElementsAre("b.cpp"));
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("max_user_watches")));
}

TEST_F(DirectoryWatcherTest, after_an_overflow_nothing_is_lost) {
  auto kernel = std::make_unique<SmallKernel>(100);
  SmallKernel& small = *kernel;
  directory_.write("kept.cpp", "1");
  directory_.write("changed.cpp", "1");
  directory_.write("deleted.cpp", "1");
  auto watcher = DirectoryWatcher::open({directory_.path()}, PathFilter{{}}, {}, std::move(kernel));
  ASSERT_TRUE(watcher);
  directory_.write("changed.cpp", "12");
  fs::remove(directory_ / "deleted.cpp");
  directory_.write("new/made.cpp", "1");
  small.overflow();
  const auto changes = watcher->take();
  EXPECT_TRUE(changes.rescanned);
  EXPECT_THAT(changes.files, UnorderedElementsAre(directory_ / "changed.cpp", directory_ / "deleted.cpp",
                                                  directory_ / "new/made.cpp"));
  directory_.write("new/made.cpp", "2");  // the new directory is watched
  EXPECT_THAT(changed(*watcher), ElementsAre("new/made.cpp"));
}

TEST_F(DirectoryWatcherTest, a_real_overflow_is_survived) {
  std::ifstream limit{"/proc/sys/fs/inotify/max_queued_events"};
  int most = 0;
  if (!(limit >> most) || most > 20'000) GTEST_SKIP() << "the kernel's queue is too large to fill here";
  auto watcher = open();
  for (int i = 0; i * 2 < most + 100; ++i) directory_.write("f" + std::to_string(i), "x");
  const auto changes = watcher.take();
  EXPECT_TRUE(changes.rescanned);
  EXPECT_EQ(changes.files.size(), static_cast<std::size_t>((most + 101) / 2));
  EXPECT_FALSE(watcher.take().rescanned);
  directory_.write("f1", "y");
  EXPECT_THAT(changed(watcher), ElementsAre("f1"));
}

}  // namespace
}  // namespace bellwether::automation
