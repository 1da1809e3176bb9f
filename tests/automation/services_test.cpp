// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <functional>
#include <mutex>
#include <thread>

#include "automation/audit_routes.hpp"
#include "automation/audit_service.hpp"
#include "automation/temporary_directory.hpp"
#include "automation/test_watcher.hpp"
#include "net/bearer_token.hpp"

namespace bellwether::automation {
namespace {

using namespace std::chrono_literals;
using test::TemporaryDirectory;
using ::testing::Contains;
using ::testing::HasSubstr;

/// Asks until it is true, ten seconds at most.
bool eventually(const std::function<bool()>& condition) {
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

class WatcherTest : public ::testing::Test, public WatchObserver {
 protected:
  void running(bool is_running) override {
    const std::scoped_lock lock{mutex_};
    running_ = is_running;
  }
  void waiting(std::size_t files) override {
    const std::scoped_lock lock{mutex_};
    waiting_ = files;
    most_waiting_ = std::max(most_waiting_, files);
  }
  void finished(const TestRunOutcome& outcome) override {
    const std::scoped_lock lock{mutex_};
    outcomes_.push_back(outcome);
  }
  void failed(std::string_view what) override {
    const std::scoped_lock lock{mutex_};
    failures_.emplace_back(what);
  }

  TestWatcherOptions shell(const std::string& script) const {
    TestWatcherOptions options{.run = {.command = {"sh", "-c", script}}};
    options.debounce = 10ms;
    return options;
  }
  /// Begins when it watches: what changes from here on counts.
  void watch(TestWatcherOptions options) {
    auto directories =
        DirectoryWatcher::open({directory_.path()}, PathFilter{{}}, {}, ChangeKernel::inotify().value()).value();
    watcher_.emplace(std::move(options), std::move(directories), *this, [](std::string_view) {});
    thread_ = std::jthread{[this](const std::stop_token& stop) { watcher_->run(stop); }};
  }
  void stop() {
    thread_.request_stop();
    thread_.join();
  }
  std::size_t runs() {
    const std::scoped_lock lock{mutex_};
    return outcomes_.size();
  }

  TemporaryDirectory directory_;
  std::mutex mutex_;
  bool running_ = false;
  std::size_t waiting_ = 0;
  std::size_t most_waiting_ = 0;
  std::vector<TestRunOutcome> outcomes_;
  std::vector<std::string> failures_;
  std::optional<TestWatcher> watcher_;
  std::jthread thread_;
};

TEST_F(WatcherTest, runs_for_each_batch_of_changes) {
  watch(shell("exit 0"));
  directory_.write("a.cpp", "1");
  EXPECT_TRUE(eventually([&] { return runs() == 1; }));
  directory_.write("b.cpp", "1");
  EXPECT_TRUE(eventually([&] { return runs() == 2; }));
  stop();
  EXPECT_FALSE(running_);
  EXPECT_EQ(waiting_, 0U);
  EXPECT_EQ(outcomes_[1].files, 1U);
  EXPECT_EQ(outcomes_[1].tests, (TestCounts{.pass = 1}));
}

TEST_F(WatcherTest, can_run_before_anything_changes) {
  TestWatcherOptions options = shell("exit 1");
  options.run_at_start = true;
  watch(std::move(options));
  EXPECT_TRUE(eventually([&] { return runs() == 1; }));
  stop();
  EXPECT_EQ(outcomes_[0].tests, (TestCounts{.fail = 1}));
}

TEST_F(WatcherTest, changes_during_a_run_wait_and_a_stop_ends_it) {
  watch(shell("sleep 300"));
  directory_.write("a.cpp", "1");
  EXPECT_TRUE(eventually([&] {
    const std::scoped_lock lock{mutex_};
    return most_waiting_ == 1 && waiting_ == 0;  // the run has begun
  }));
  directory_.write("b.cpp", "1");
  directory_.write("c.cpp", "1");
  EXPECT_TRUE(eventually([&] {
    const std::scoped_lock lock{mutex_};
    return waiting_ == 2;
  }));
  stop();
  EXPECT_EQ(outcomes_.size(), 0U);
}

TEST_F(WatcherTest, a_command_that_starts_itself_is_noticed) {
  watch(shell("date +%N >> " + directory_ / "log.txt"));
  directory_.write("log.txt", "1");
  EXPECT_TRUE(eventually([&] {
    const std::scoped_lock lock{mutex_};
    return !failures_.empty();
  }));
  stop();
  EXPECT_THAT(failures_, Contains(HasSubstr("leave that out with --exclude")));
}

class ServiceTest : public ::testing::Test, public AuditObserver {
 protected:
  void finished(const AuditOutcome& outcome) override {
    const std::scoped_lock lock{mutex_};
    triggers_.push_back(outcome.trigger);
  }
  void serve(AuditServiceOptions options) {
    service_ = AuditService::create(std::move(options), *this, [](std::string_view) {}).value();
    thread_ = std::jthread{[this](const std::stop_token& stop) { service_->run(stop); }};
  }
  bool comes(AuditTrigger trigger) {
    return eventually([&] {
      const std::scoped_lock lock{mutex_};
      return std::find(triggers_.begin(), triggers_.end(), trigger) != triggers_.end();
    });
  }

  TemporaryDirectory directory_;
  std::mutex mutex_;
  std::vector<AuditTrigger> triggers_;
  std::unique_ptr<AuditService> service_;
  std::jthread thread_;
};

TEST_F(ServiceTest, audits_at_the_start_and_when_asked) {
  serve({.audit = {.markers = {.places = {directory_.path()}}}, .every = std::nullopt});
  EXPECT_TRUE(comes(AuditTrigger::startup));
  service_->request();
  EXPECT_TRUE(comes(AuditTrigger::manual));
  EXPECT_TRUE(eventually([&] { return service_->status().runs == 2; }));
}

TEST_F(ServiceTest, audits_on_a_schedule) {
  serve({.audit = {}, .every = 5ms});
  EXPECT_TRUE(comes(AuditTrigger::schedule));
}

TEST_F(ServiceTest, audits_when_the_report_changes_and_not_its_neighbours) {
  const std::string report = directory_.write("coverage.info", "SF:a\nDA:1,0\nend_of_record\n");
  serve({.audit = {.coverage_file = report}, .every = std::nullopt, .on_change = true, .debounce = 5ms});
  EXPECT_TRUE(comes(AuditTrigger::startup));
  directory_.write("neighbour.info", "1");
  directory_.write("coverage.info", "SF:a\nDA:1,1\nend_of_record\n");
  EXPECT_TRUE(comes(AuditTrigger::change));
  EXPECT_TRUE(eventually([&] { return service_->status().coverage && service_->status().coverage->percent() == 100; }));
}

TEST_F(ServiceTest, a_directory_that_is_not_there_cannot_be_watched) {
  const auto service = AuditService::create({.audit = {.coverage_file = "/no/such/coverage.info"}, .on_change = true},
                                            *this, [](std::string_view) {});
  ASSERT_FALSE(service);
  EXPECT_THAT(service.error().message, HasSubstr("/no/such"));
}

TEST_F(ServiceTest, its_routes_ask_for_the_token) {
  service_ = AuditService::create({}, *this, [](std::string_view) {}).value();
  const auto routes = audit_routes(*service_, "the-right-token");
  net::Request request;
  request.method = "POST";
  EXPECT_EQ(routes[0].handler(request).status, 401);
  request.headers = {{"Authorization", "Bearer the-wrong-token"}};
  EXPECT_EQ(routes[0].handler(request).status, 401);
  EXPECT_FALSE(service_->status().waiting);
  request.headers = {{"Authorization", "Bearer the-right-token"}};
  EXPECT_EQ(routes[0].handler(request).status, 202);
  EXPECT_TRUE(service_->status().waiting);
  EXPECT_FALSE(service_->request());  // one waits already
  EXPECT_EQ(routes[1].handler({}).status, 200);
}

TEST(BearerToken, an_empty_one_is_nobodys) {
  net::Request request;
  request.headers = {{"Authorization", "Bearer "}};
  EXPECT_FALSE(net::has_bearer_token(request, ""));
}

}  // namespace
}  // namespace bellwether::automation
