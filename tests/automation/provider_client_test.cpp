// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/provider_client.hpp"

#include <gmock/gmock.h>

#include <deque>
#include <stdexcept>

#include "automation/pack_observers.hpp"
#include "metrics/scraped.hpp"

namespace bellwether::automation {
namespace {

using namespace std::chrono_literals;
using net::HttpError;
using net::HttpErrorKind;
using net::HttpRequest;
using net::HttpResponse;
using net::HttpResult;
using test::scraped;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Answers from a list, the last one for ever; each answer takes a second of the clock.
class FakeTransport final : public net::HttpTransport {
 public:
  explicit FakeTransport(ManualClock& clock) : clock_(clock) {}

  HttpResult send(const HttpRequest& request) override {
    asked.push_back(request);
    const auto* const token = std::get_if<net::BearerToken>(&request.auth);
    tokens.push_back(token != nullptr ? token->token : "");
    clock_.advance(1s);
    HttpResult answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    return answer;
  }

  std::deque<HttpResult> answers;
  std::vector<HttpRequest> asked;
  std::vector<std::string> tokens;

 private:
  ManualClock& clock_;
};

HttpResponse answer(int status, std::string body = "{}", std::vector<net::Field> headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}
HttpError broken(HttpErrorKind kind) {
  return {.kind = kind, .message = "http://x: broken"};
}

class ProviderTest : public ::testing::Test {
 protected:
  ProviderClientOptions options(std::size_t keys = 1) {
    ProviderClientOptions options{.provider = "deepseek", .base_url = "http://x"};
    options.keys.clear();
    for (std::size_t i = 1; i <= keys; ++i) {
      options.keys.push_back({.id = "key-" + std::to_string(i), .secret = "secret-" + std::to_string(i)});
    }
    options.breaker.consecutive_failures = 3;
    options.breaker.open_time = 60s;
    options.breaker.open_time_jitter = 0;
    options.breaker.half_open_calls = 1;
    options.retry.max_attempts = 3;
    options.retry.backoff = RetryOptions::Backoff::exponential;
    options.retry.first_delay = 100ms;
    options.observer = &observer_;
    options.registry = &registry_;
    options.clock = &clock_;
    options.sleeper = &sleeper_;
    return options;
  }
  std::string errors(const std::string& type) {
    return scraped(registry_, "api_errors_total{api=\"deepseek\",error_type=\"" + type + "\"}");
  }
  std::string calls(const std::string& status) {
    return scraped(registry_, "deepseek_api_calls_total{status=\"" + status + "\"}");
  }
  std::string state(const std::string& key) {
    return scraped(registry_, "circuit_breaker_state{key_id=\"" + key + "\",provider=\"deepseek\"}");
  }

  ManualClock clock_{1'700'000'000s};
  ManualSleeper sleeper_{clock_};
  Registry registry_;
  PackProviderObserver observer_{registry_, "deepseek"};
  FakeTransport transport_{clock_};
};

TEST_F(ProviderTest, a_call_that_works) {
  transport_.answers = {answer(200, R"({"ok":true})")};
  ProviderClient client{options(), transport_};
  const auto result = client.call({.path = "/chat", .body = "{}"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->body, R"({"ok":true})");
  EXPECT_EQ(result->key_id, "key-1");
  EXPECT_EQ(result->took, 1s);
  EXPECT_EQ(transport_.asked[0].url, "http://x/chat");
  EXPECT_EQ(transport_.tokens[0], "secret-1");
  EXPECT_EQ(calls("success"), "1");
  EXPECT_EQ(calls("error"), "0");
  EXPECT_EQ(scraped(registry_, "deepseek_api_response_time_seconds"), "1");
  EXPECT_EQ(scraped(registry_, "api_request_duration_seconds_count{api=\"deepseek\"}"), "1");
}

TEST_F(ProviderTest, perplexity_has_its_own_counter_and_others_the_common_ones) {
  PackProviderObserver perplexity{registry_, "perplexity"};
  PackProviderObserver other{registry_, "other"};
  perplexity.succeeded(1s);
  other.failed(ProviderErrorType::timeout, 2s);
  EXPECT_EQ(scraped(registry_, "perplexity_api_calls_total{status=\"success\"}"), "1");
  EXPECT_EQ(scraped(registry_, "api_errors_total{api=\"other\",error_type=\"timeout\"}"), "1");
  EXPECT_EQ(calls("success"), "0");
}

TEST_F(ProviderTest, what_fails_is_tried_again) {
  transport_.answers = {answer(500), broken(HttpErrorKind::timeout), answer(200)};
  ProviderClient client{options(), transport_};
  const auto result = client.call({.path = "/"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->attempts, 3U);
  EXPECT_EQ(errors("http_5xx"), "1");
  EXPECT_EQ(errors("timeout"), "1");
  EXPECT_EQ(calls("error"), "2");
  EXPECT_EQ(calls("success"), "1");
  EXPECT_EQ(scraped(registry_, "peak_retry_attempts_total{operation=\"deepseek\"}"), "2");
}

TEST_F(ProviderTest, each_failure_has_its_type) {
  const std::vector<std::pair<HttpResult, std::string>> failures = {
      {broken(HttpErrorKind::resolve), "connection"},
      {broken(HttpErrorKind::connect), "connection"},
      {broken(HttpErrorKind::closed), "connection"},
      {broken(HttpErrorKind::tls), "connection"},
      {broken(HttpErrorKind::timeout), "timeout"},
      {broken(HttpErrorKind::too_large), "bad_response"},
      {broken(HttpErrorKind::bad_response), "bad_response"},
      {answer(200, "<html>"), "bad_response"},
      {answer(302), "bad_response"},
      {answer(503), "http_5xx"},
      {answer(408), "timeout"},
      {answer(429), "rate_limit"},
      {answer(404), "http_4xx"},
      {broken(HttpErrorKind::bad_request), "bad_request"}};
  for (const auto& [failure, type] : failures) {
    transport_.answers = {failure};
    ProviderClientOptions one = options();
    one.retry.max_attempts = 1;
    one.registry = nullptr;
    ProviderClient client{std::move(one), transport_};
    const auto result = client.call({.path = "/"});
    ASSERT_FALSE(result) << type;
    EXPECT_EQ(name_of(result.error().type), type);
    EXPECT_THAT(result.error().message, HasSubstr("deepseek"));
    EXPECT_THAT(result.error().message, Not(HasSubstr("secret")));
  }
  EXPECT_EQ(errors("connection"), "4");
  EXPECT_EQ(errors("bad_response"), "4");
  EXPECT_EQ(scraped(registry_, "api_rate_limits_total{api=\"deepseek\"}"), "1");
}

TEST_F(ProviderTest, a_wrong_request_is_not_repeated_and_no_fault_of_the_provider) {
  transport_.answers = {answer(422)};
  ProviderClient client{options(), transport_};
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(client.call({.path = "/"}));
  EXPECT_EQ(transport_.asked.size(), 5U);
  EXPECT_EQ(state("key-1"), "0");
}

TEST_F(ProviderTest, a_key_that_is_refused_gives_way_to_the_next) {
  transport_.answers = {answer(401), answer(200)};
  ProviderClient client{options(2), transport_};
  const auto result = client.call({.path = "/"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->key_id, "key-2");
}

TEST_F(ProviderTest, keys_take_turns) {
  transport_.answers = {answer(200)};
  ProviderClient client{options(3), transport_};
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(client.call({.path = "/"}));
  EXPECT_THAT(transport_.tokens, ElementsAre("secret-1", "secret-2", "secret-3", "secret-1"));
}

TEST_F(ProviderTest, a_key_whose_breaker_is_open_is_passed_over) {
  transport_.answers = {answer(200)};
  ProviderClient client{options(2), transport_};
  client.breaker(0).trip();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.call({.path = "/"}));
  EXPECT_THAT(transport_.tokens, ElementsAre("secret-2", "secret-2", "secret-2"));
  EXPECT_EQ(state("key-1"), "2");
  EXPECT_EQ(state("key-2"), "0");
}

TEST_F(ProviderTest, with_all_breakers_open_it_says_when_to_try_again_and_recovers) {
  transport_.answers = {answer(500)};
  ProviderClient client{options(2), transport_};
  for (int i = 0; i < 3; ++i) ASSERT_FALSE(client.call({.path = "/"}));
  EXPECT_EQ(state("key-1"), "2");
  EXPECT_EQ(state("key-2"), "2");
  const std::size_t asked = transport_.asked.size();
  const auto refused = client.call({.path = "/"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(transport_.asked.size(), asked);
  EXPECT_EQ(refused.error().type, ProviderErrorType::circuit_open);
  EXPECT_THAT(refused.error().message, HasSubstr("key-1 open, key-2 open"));
  EXPECT_THAT(refused.error().message, HasSubstr("try again in "));
  EXPECT_GT(refused.error().retry_after, 0s);
  EXPECT_LE(refused.error().retry_after, 60s);
  EXPECT_NE(errors("circuit_open"), "absent");

  clock_.advance(refused.error().retry_after);
  transport_.answers = {answer(200)};
  ASSERT_TRUE(client.call({.path = "/"}));  // the trial call of the first one that is due
  clock_.advance(60s);
  ASSERT_TRUE(client.call({.path = "/"}));
  ASSERT_TRUE(client.call({.path = "/"}));
  EXPECT_EQ(state("key-1"), "0");
  EXPECT_EQ(state("key-2"), "0");
}

TEST_F(ProviderTest, forced_open_nobody_knows_when) {
  ProviderClient client{options(), transport_};
  client.breaker(0).force_open();
  const auto refused = client.call({.path = "/"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("forced open"));
}

TEST_F(ProviderTest, retry_after_is_waited_for_where_there_is_no_other_key) {
  transport_.answers = {answer(429, "{}", {{"Retry-After", "7"}}), answer(200)};
  ProviderClient client{options(), transport_};
  const auto begin = clock_.monotonic();
  ASSERT_TRUE(client.call({.path = "/"}));
  EXPECT_EQ(clock_.monotonic() - begin, 9s);  // two requests and the pause
  EXPECT_EQ(scraped(registry_, "api_rate_limits_total{api=\"deepseek\"}"), "1");
}

TEST_F(ProviderTest, a_limited_key_rests_while_another_works) {
  transport_.answers = {answer(429, "{}", {{"Retry-After", "30"}}), answer(200)};
  ProviderClient client{options(2), transport_};
  const auto begin = clock_.monotonic();
  ASSERT_TRUE(client.call({.path = "/"}));
  ASSERT_TRUE(client.call({.path = "/"}));
  EXPECT_LT(clock_.monotonic() - begin, 5s);
  EXPECT_THAT(transport_.tokens, ElementsAre("secret-1", "secret-2", "secret-2"));
  clock_.advance(30s);
  ASSERT_TRUE(client.call({.path = "/"}));
  ASSERT_TRUE(client.call({.path = "/"}));
  EXPECT_THAT(transport_.tokens, ::testing::Contains("secret-1").Times(2));
}

TEST_F(ProviderTest, a_retry_after_beyond_patience_ends_the_call) {
  transport_.answers = {answer(429, "{}", {{"Retry-After", "86400"}})};
  ProviderClient client{options(), transport_};
  const auto result = client.call({.path = "/"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().type, ProviderErrorType::rate_limit);
  EXPECT_EQ(result.error().retry_after, 86400s);
  EXPECT_EQ(transport_.asked.size(), 1U);
  const auto next = client.call({.path = "/"});  // not even asked
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().type, ProviderErrorType::rate_limit);
  EXPECT_THAT(next.error().message, HasSubstr("key-1 told to wait"));
  EXPECT_EQ(transport_.asked.size(), 1U);
}

TEST_F(ProviderTest, a_stop_is_no_error_of_the_provider) {
  transport_.answers = {broken(HttpErrorKind::cancelled)};
  ProviderClient client{options(), transport_};
  const auto result = client.call({.path = "/"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().type, ProviderErrorType::cancelled);
  EXPECT_EQ(calls("error"), "0");
}

TEST_F(ProviderTest, a_transport_that_throws_counts_and_leaks_no_permit) {
  class Throwing final : public net::HttpTransport {
    HttpResult send(const HttpRequest&) override { throw std::runtime_error("out of sockets"); }
  } throwing;
  ProviderClient client{options(), throwing};
  for (int i = 0; i < 3; ++i) EXPECT_THROW((void)client.call({.path = "/"}), std::runtime_error);
  EXPECT_EQ(client.breaker(0).state(), BreakerState::open);
}

TEST_F(ProviderTest, options_that_cannot_be_are_refused) {
  ProviderClientOptions none = options(0);
  EXPECT_THROW((ProviderClient{none, transport_}), Exception);
  ProviderClientOptions twice = options(1);
  twice.keys.push_back(twice.keys[0]);
  EXPECT_THROW((ProviderClient{twice, transport_}), Exception);
}

TEST(CheckJson, tells_json_from_garbage) {
  const auto is_json = [](std::string body) {
    return check_json({.status = 200, .body = std::move(body)}).has_value();
  };
  EXPECT_TRUE(is_json(R"({"a":[1,2.5e3,"x",null,true]})"));
  EXPECT_TRUE(is_json(" [] \r\n"));
  for (const char* garbage : {"", "{", "<html>", "{}{}", "{'a':1}", "[1,]", "nul", "\xff"}) {
    EXPECT_FALSE(is_json(garbage)) << garbage;
  }
  EXPECT_FALSE(is_json(std::string(100'000, '[')));
}

}  // namespace
}  // namespace bellwether::automation
