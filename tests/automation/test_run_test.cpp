// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/test_run.hpp"

#include <gmock/gmock.h>
#include <poll.h>

#include <csignal>
#include <thread>

#include "automation/process.hpp"
#include "automation/temporary_directory.hpp"

namespace bellwether::automation {
namespace {

using namespace std::chrono_literals;
using test::TemporaryDirectory;
using ::testing::HasSubstr;

/// To its end, at most a minute.
TestRunOutcome run(const TestRunOptions& options, const std::set<std::string>& files = {}) {
  TestRun run{options, files, Clock::system()};
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < give_up) {
    if (auto outcome = run.poll()) return *outcome;
    pollfd file{.fd = run.fd(), .events = POLLIN, .revents = 0};
    ::poll(&file, 1, 5);
  }
  ADD_FAILURE() << "the run does not end";
  return {};
}

TestRunOptions shell(const std::string& script) {
  return {.command = {"sh", "-c", script}};
}

constexpr TestCounts passed{.pass = 1};
constexpr TestCounts failed{.fail = 1};
constexpr TestCounts in_error{.error = 1};

TEST(TestRun, the_exit_status_is_one_test) {
  EXPECT_EQ(run(shell("exit 0")).tests, passed);
  EXPECT_EQ(run(shell("exit 3")).tests, failed);
  EXPECT_FALSE(run(shell("exit 3")).error);  // a test that fails is none of the watcher's errors
  EXPECT_GT(run(shell("exit 0")).peak_memory_bytes, 0U);
}

TEST(TestRun, a_signal_is_an_error) {
  const auto outcome = run(shell("kill -SEGV $$"));
  EXPECT_EQ(outcome.tests, in_error);
  EXPECT_THAT(outcome.error.value_or(""), HasSubstr("signal 11"));
}

TEST(TestRun, a_command_that_is_not_there_is_an_error) {
  const auto outcome = run({.command = {"/no/such/program"}});
  EXPECT_EQ(outcome.tests, in_error);
  EXPECT_THAT(outcome.error.value_or(""), HasSubstr("cannot run '/no/such/program': No such file"));
}

TEST(TestRun, a_run_beyond_its_time_is_ended_with_all_it_started) {
  const TemporaryDirectory directory;
  TestRunOptions options = shell("sleep 300 & echo $! > " + directory / "child" + "; wait");
  pid_t child = 0;
  // A busy machine may not come to start the shell in its time.
  for (options.timeout = 100ms; child == 0 && options.timeout < 60s; options.timeout *= 10) {
    const auto outcome = run(options);
    EXPECT_EQ(outcome.tests, in_error);
    EXPECT_THAT(outcome.error.value_or(""), HasSubstr("longer than "));
    if (options.timeout == 100ms) {
      EXPECT_THAT(*outcome.error, HasSubstr("longer than 0.1 s"));
    }
    std::ifstream{directory / "child"} >> child;
  }
  ASSERT_GT(child, 0);
  const auto is_gone = [&] {
    char state = 'Z';
    std::string ignored;
    std::ifstream{"/proc/" + std::to_string(child) + "/stat"} >> ignored >> ignored >> state;
    return state == 'Z';  // or there is none
  };
  for (int i = 0; i < 1000 && !is_gone(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(is_gone());
}

TEST(TestRun, one_that_does_not_listen_is_killed) {
  TestRunOptions options = shell("trap '' TERM; while :; do sleep 0.01; done");
  options.timeout = 50ms;
  options.kill_grace = 50ms;
  EXPECT_EQ(run(options).tests, in_error);
}

TEST(TestRun, the_command_knows_the_files_and_no_signal_is_blocked) {
  const TemporaryDirectory directory;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  run(shell("echo \"$BELLWETHER_CHANGED_COUNT:$BELLWETHER_CHANGED_FILES\" > " + directory / "out" +
            "; grep SigBlk /proc/self/status >> " + directory / "out"),
      {"a.cpp", "b.cpp"});
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(read_file(directory / "out", 1000).text, "2:a.cpp\nb.cpp\nSigBlk:\t0000000000000000\n");
}

class JunitRun : public ::testing::Test {
 protected:
  TestRunOutcome run_writing(const std::string& report, int exit_code) {
    return run_script("cat > " + file_ + " <<'EOF'\n" + report + "\nEOF\nexit " + std::to_string(exit_code));
  }
  TestRunOutcome run_script(const std::string& script) {
    TestRunOptions options = shell(script);
    options.junit_file = file_;
    return run(options);
  }
  TemporaryDirectory directory_;
  std::string file_ = directory_ / "report.xml";
};

TEST_F(JunitRun, the_cases_of_the_report_count) {
  const auto outcome = run_writing(
      "<testsuite><testcase/><testcase/><testcase><failure/></testcase><testcase><skipped/></testcase></testsuite>", 8);
  EXPECT_EQ(outcome.tests, (TestCounts{.pass = 2, .fail = 1, .error = 0, .skipped = 1}));
  EXPECT_FALSE(outcome.error);
}

TEST_F(JunitRun, a_failure_that_no_case_shows_is_an_error) {
  const auto outcome = run_writing("<testsuite><testcase/></testsuite>", 1);
  EXPECT_EQ(outcome.tests, (TestCounts{.pass = 1, .error = 1}));
  EXPECT_THAT(outcome.error.value_or(""), HasSubstr("status 1, although its report"));
}

TEST_F(JunitRun, a_report_of_an_earlier_run_does_not_count) {
  directory_.write("report.xml", "<testsuite><testcase/></testsuite>");
  const auto outcome = run_script("exit 2");
  EXPECT_EQ(outcome.tests, in_error);
  EXPECT_THAT(outcome.error.value_or(""), HasSubstr("status 2 and wrote no report"));
}

TEST_F(JunitRun, a_report_that_is_missing_broken_or_no_file_is_an_error) {
  EXPECT_THAT(run_script("exit 0").error.value_or(""), HasSubstr("wrote no report"));
  EXPECT_THAT(run_writing("<testsuite>", 0).error.value_or(""), HasSubstr("report.xml:2: no element found"));
  EXPECT_THAT(run_script("rm " + file_ + "; mkfifo " + file_).error.value_or(""), HasSubstr("not a regular file"));
}

TEST(Process, destroyed_it_is_killed) {
  pid_t pid = 0;
  {
    auto process = Process::start({.arguments = {"sleep", "300"}}).value();
    pid = process.pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

}  // namespace
}  // namespace bellwether::automation
