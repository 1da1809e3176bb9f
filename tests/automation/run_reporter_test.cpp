// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/run_reporter.hpp"

#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>

namespace bellwether::automation {
namespace {

using namespace std::chrono_literals;

/// Keeps what is sent; blocks while it is told to.
class Mailbox final : public net::HttpTransport {
 public:
  net::HttpResult send(const net::HttpRequest& request) override {
    std::unique_lock lock{mutex_};
    if (!changed_.wait(lock, request.stop, [this] { return !held_; })) {
      return net::HttpError{.kind = net::HttpErrorKind::cancelled, .message = "stopped"};
    }
    bodies_.push_back(request.body);
    changed_.notify_all();
    return net::HttpResponse{.status = 200, .headers = {}, .body = "ok"};
  }
  void hold(bool held) {
    const std::scoped_lock lock{mutex_};
    held_ = held;
    changed_.notify_all();
  }
  /// Those that came, once there are so many.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, 60s, [&] { return bodies_.size() >= count; });
    return bodies_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::string> bodies_;
  bool held_ = false;
};

class ReporterTest : public ::testing::Test {
 protected:
  Mailbox mailbox_;
  ProviderClient client_{{.provider = "report", .base_url = "http://x/hook", .check = nullptr}, mailbox_};
};

TEST(RunJson, says_all_of_a_run) {
  EXPECT_EQ(run_json({.tests = {.pass = 1, .fail = 2, .error = 3, .skipped = 4},
                      .error = "said \"no\"",
                      .took = 1500ms,
                      .peak_memory_bytes = 5,
                      .files = 6}),
            R"({"pass":1,"fail":2,"error":3,"skipped":4,"files":6,"seconds":1.500000,"peak_memory_bytes":5,)"
            R"("problem":"said \"no\""})");
}

TEST_F(ReporterTest, sends_each_run_and_holds_up_none) {
  RunReporter reporter{client_, "", [](std::string_view) {}};
  mailbox_.hold(true);
  for (std::size_t i = 0; i < 100; ++i) reporter.finished({.files = i});
  mailbox_.hold(false);
  reporter.finished({.files = 1000});
  const auto bodies = mailbox_.wait_for(16);  // the last ones; the first may have been under way already
  EXPECT_GE(bodies.size(), 16U);
  EXPECT_LE(bodies.size(), 18U);
}

TEST_F(ReporterTest, its_end_does_not_wait_for_a_server_that_hangs) {
  mailbox_.hold(true);
  RunReporter reporter{client_, "", [](std::string_view) {}};
  reporter.finished({});
}

}  // namespace
}  // namespace bellwether::automation
