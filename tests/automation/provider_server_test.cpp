// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <atomic>

#include "automation/pack_observers.hpp"
#include "automation/provider_client.hpp"
#include "automation/raw_server.hpp"
#include "metrics/scraped.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"

namespace bellwether::automation {
namespace {

using namespace std::chrono_literals;
using test::RawServer;
using test::scraped;
using ::testing::HasSubstr;

/// The client with real sockets against servers that misbehave. Time-outs are short, and nothing asserts how long it took.
class ProviderServerTest : public ::testing::Test {
 protected:
  ProviderClientOptions options(const std::string& url, unsigned attempts = 1) {
    ProviderClientOptions options{.provider = "deepseek", .base_url = url};
    options.timeout = timeout_;
    options.max_response_bytes = 1000;
    options.retry.max_attempts = attempts;
    options.retry.first_delay = 1ms;
    options.observer = &observer_;
    options.registry = &registry_;
    return options;
  }
  ProviderResult call(const std::string& url) {
    ProviderClientOptions plain = options(url);
    plain.registry = nullptr;
    ProviderClient client{std::move(plain), transport_};
    return client.call({.path = "/chat", .body = "{}"});
  }
  std::string_view failure(std::vector<std::string> script) {
    const RawServer server{std::move(script)};
    const auto result = call(server.url());
    return result ? "none" : name_of(result.error().type);
  }

  /// What comes to be waited for is short; else a busy machine has its time.
  std::chrono::milliseconds timeout_{30'000};
  Registry registry_;
  PackProviderObserver observer_{registry_, "deepseek"};
  net::HttpClient transport_;
};

TEST_F(ProviderServerTest, one_that_hangs_times_out) {
  timeout_ = 80ms;
  EXPECT_EQ(failure({RawServer::hang}), "timeout");
  EXPECT_EQ(scraped(registry_, "api_errors_total{api=\"deepseek\",error_type=\"timeout\"}"), "1");
}

TEST_F(ProviderServerTest, one_that_stops_in_the_middle_breaks_the_connection) {
  EXPECT_EQ(failure({"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"half\":"}), "connection");
  EXPECT_EQ(failure({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":"}), "connection");
  EXPECT_EQ(failure({"HTTP/1.1 20"}), "connection");
}

TEST_F(ProviderServerTest, one_that_talks_garbage_gives_a_bad_response) {
  EXPECT_EQ(failure({"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n{oops}"}), "bad_response");
  EXPECT_EQ(failure({"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, ' ')}), "bad_response");
  EXPECT_EQ(failure({"SSH-2.0-OpenSSH_9.2\r\n"}), "bad_response");
}

TEST_F(ProviderServerTest, nobody_there_is_a_connection_error) {
  std::string url;
  { url = RawServer{{RawServer::hang}}.url(); }
  const auto result = call(url);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().type, ProviderErrorType::connection);
  EXPECT_THAT(result.error().message, HasSubstr("127.0.0.1"));
}

TEST_F(ProviderServerTest, a_limit_is_waited_for_and_the_next_answer_taken) {
  const RawServer server{{"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}};
  ProviderClient client{options(server.url(), 3), transport_};
  const auto result = client.call({.path = "/chat"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->attempts, 2U);
  EXPECT_EQ(scraped(registry_, "api_rate_limits_total{api=\"deepseek\"}"), "1");
}

TEST_F(ProviderServerTest, a_server_that_fails_opens_the_breaker_and_closes_it_when_it_is_back) {
  std::atomic<bool> well{false};
  std::atomic<int> asked{0};
  auto server = net::HttpServer::start({}, {{"POST", "/chat", [&](const net::Request& request) {
                                               ++asked;
                                               if (request.header("authorization") != "Bearer secret") {
                                                 return net::Response::text(401, "who?");
                                               }
                                               return well ? net::Response::json(200, "{\"ok\":true}")
                                                           : net::Response::text(500, "broken");
                                             }}});
  ASSERT_TRUE(server);
  ManualClock clock;
  ProviderClientOptions failing = options((*server)->url());
  failing.timeout = 5s;
  failing.keys = {{.id = "key-1", .secret = "secret"}};
  failing.breaker.consecutive_failures = 2;
  failing.breaker.half_open_calls = 1;
  failing.clock = &clock;
  ProviderClient client{std::move(failing), transport_};
  EXPECT_FALSE(client.call({.path = "/chat", .body = "{}"}));
  EXPECT_FALSE(client.call({.path = "/chat", .body = "{}"}));
  const auto refused = client.call({.path = "/chat", .body = "{}"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().type, ProviderErrorType::circuit_open);
  EXPECT_EQ(asked, 2);
  well = true;
  clock.advance(refused.error().retry_after);
  EXPECT_TRUE(client.call({.path = "/chat", .body = "{}"}));
  EXPECT_EQ(scraped(registry_, "circuit_breaker_state{key_id=\"key-1\",provider=\"deepseek\"}"), "0");
  EXPECT_EQ(scraped(registry_, "circuit_breaker_trips_total{key_id=\"key-1\",provider=\"deepseek\"}"), "1");
}

TEST_F(ProviderServerTest, a_slow_answer_within_the_time_is_an_answer) {
  // Three bytes at a time, from a body that says "not yet" in between.
  class Slow final : public net::BodySource {
   public:
    bool next(std::string& chunk) override {
      if (step_ < 30 && step_ % 2 == 0) return ++step_, true;  // nothing yet
      if (step_ >= 30) return false;
      chunk = step_ == 1 ? "[" : step_ == 29 ? "]" : " ";
      return ++step_, true;
    }

   private:
    int step_ = 0;
  };
  auto server = net::HttpServer::start(
      {}, {{"GET", "/slow",
            [](const net::Request&) { return net::Response::stream("application/json", std::make_unique<Slow>()); }}});
  ASSERT_TRUE(server);
  ProviderClientOptions patient = options((*server)->url());
  patient.timeout = 5s;
  ProviderClient client{std::move(patient), transport_};
  EXPECT_TRUE(client.call({.path = "/slow", .method = "GET"}));
}

}  // namespace
}  // namespace bellwether::automation
