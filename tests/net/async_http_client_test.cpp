// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/async_http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <mutex>
#include <thread>

#include "raw_server.hpp"

namespace bellwether::net {
namespace {

using namespace std::chrono_literals;
using test::RawConnection;
using test::RawServer;
using testing::HasSubstr;

/// An answer that comes on another thread.
class Answer {
 public:
  void put(HttpResult result) {
    const std::lock_guard lock(mutex_);
    result_.emplace(std::move(result));
    changed_.notify_all();
  }
  HttpResult get() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, 30s, [&] { return result_.has_value(); })) std::abort();
    HttpResult out = std::move(*result_);
    result_.reset();
    return out;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<HttpResult> result_;
};

HttpRequest request(const std::string& url) {
  HttpRequest out{.url = url};
  out.timeout = 20s;
  out.max_response_bytes = 1000;
  return out;
}

HttpResult ask(AsyncHttpClient::Line& line) {
  Answer answer;
  line.send([&](HttpResult result) { answer.put(std::move(result)); });
  return answer.get();
}

const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na 1\n";

TEST(AsyncHttpClient, SendsWhatIsAskedFor) {
  std::string seen;
  RawServer server([&](RawConnection& connection) {
    seen = connection.read_request();
    connection.send(good);
    connection.wait_for_end();
  });
  AsyncHttpClient client({.user_agent = "test/1"});
  HttpRequest asked = request(server.url("/metrics?a=b%20c#fragment"));
  asked.headers = {{"Accept", "text/plain"}, {"X-Empty", ""}};
  asked.auth = BearerToken{"secret"};
  auto line = client.open(asked).value();
  const HttpResult result = ask(*line);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "a 1\n");
  EXPECT_GT(result->total_time.count(), 0);
  EXPECT_THAT(seen, HasSubstr("GET /metrics?a=b%20c HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port())));
  EXPECT_THAT(seen, HasSubstr("\r\nAccept: text/plain\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nAuthorization: Bearer secret\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nUser-Agent: test/1\r\n"));
}

TEST(AsyncHttpClient, OpensAConnectionAnewThatTheServerHasClosed) {
  RawServer server([&](RawConnection& connection) {
    (void)connection.read_request();
    connection.send(good);  // and the end, though it promised to stay
  });
  AsyncHttpClient client;
  auto line = client.open(request(server.url())).value();
  for (int i = 0; i < 5; ++i) {
    const HttpResult result = ask(*line);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->body, "a 1\n");
  }
  EXPECT_EQ(server.connections(), 5);
}

TEST(AsyncHttpClient, WhatComesUnaskedIsNotTheNextAnswer) {
  std::promise<void> first_is_read;
  std::promise<void> unasked_is_sent;
  std::atomic<int> connections{0};
  RawServer server([&](RawConnection& connection) {
    (void)connection.read_request();
    connection.send(good);
    if (connections++ > 0) return connection.wait_for_end();
    first_is_read.get_future().wait();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nunasked\n");
    unasked_is_sent.set_value();
  });
  AsyncHttpClient client;
  auto line = client.open(request(server.url())).value();
  ASSERT_EQ(ask(*line)->body, "a 1\n");
  first_is_read.set_value();
  unasked_is_sent.get_future().wait();
  EXPECT_EQ(ask(*line)->body, "a 1\n");
  EXPECT_EQ(server.connections(), 2);
}

TEST(AsyncHttpClient, AnswersOfAnotherKindComeThroughAsWell) {
  const std::vector<std::pair<std::string, int>> answers{
      {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nno\n", 503},
      {"HTTP/1.0 200 OK\r\n\r\nup to the end", 200},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200},
      {"HTTP/1.1 204 No Content\r\n\r\n", 204},
      {"HTTP/1.1 301 Moved\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n", 301},
  };
  for (const auto& [bytes, status] : answers) {
    RawServer server([&, &text = bytes](RawConnection& connection) {
      if (!connection.read_request().empty()) connection.send(text);
    });
    AsyncHttpClient client;
    auto line = client.open(request(server.url())).value();
    for (int i = 0; i < 3; ++i) {
      const HttpResult result = ask(*line);
      ASSERT_TRUE(result) << bytes << result.error().message;
      EXPECT_EQ(result->status, status);
    }
    EXPECT_LE(server.connections(), 4) << "asked twice once, not each time";
  }
}

TEST(AsyncHttpClient, EndsThatAreNoneAreErrors) {
  const std::vector<std::pair<std::string, HttpErrorKind>> answers{
      {"", HttpErrorKind::closed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", HttpErrorKind::closed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\nabc", HttpErrorKind::too_large},
      {"SSH-2.0-x\r\n\r\n", HttpErrorKind::bad_response},
  };
  for (const auto& [bytes, kind] : answers) {
    RawServer server([&, &text = bytes](RawConnection& connection) {
      if (!connection.read_request().empty()) connection.send(text);
    });
    AsyncHttpClient client;
    auto line = client.open(request(server.url())).value();
    for (int i = 0; i < 2; ++i) {
      const HttpResult result = ask(*line);
      ASSERT_FALSE(result) << bytes;
      EXPECT_EQ(result.kind(), kind) << bytes << result.error().message;
      EXPECT_THAT(result.error().message, HasSubstr("http://127.0.0.1:"));
    }
  }
  std::string nobody;
  { nobody = RawServer(good).url(); }
  AsyncHttpClient client;
  const HttpResult result = ask(*client.open(request(nobody)).value());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.kind(), HttpErrorKind::connect) << result.error().message;
}

TEST(AsyncHttpClient, AServerThatDripsIsGivenUpInTime) {
  for (const std::string& begin : {std::string(), std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")}) {
    RawServer server([&](RawConnection& connection) {
      (void)connection.read_request();
      connection.send(begin);
      connection.wait_for_end();
    });
    AsyncHttpClient client;
    HttpRequest asked = request(server.url());
    asked.timeout = 100ms;
    auto line = client.open(asked).value();
    const HttpResult result = ask(*line);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.kind(), HttpErrorKind::timeout) << result.error().message;
    EXPECT_THAT(result.error().message, HasSubstr("timed out after "));
  }
}

TEST(AsyncHttpClient, OneThatHangsHoldsUpNobodyElse) {
  RawServer hanging([](RawConnection& connection) { connection.wait_for_end(); });
  RawServer server(good);
  AsyncHttpClient client;
  auto stuck = client.open(request(hanging.url())).value();
  Answer never;
  stuck->send([&](HttpResult result) { never.put(std::move(result)); });
  auto line = client.open(request(server.url())).value();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(ask(*line));
  stuck.reset();
  EXPECT_EQ(never.get().kind(), HttpErrorKind::cancelled);
}

TEST(AsyncHttpClient, ItsEndGivesUpWhatIsUnderWay) {
  RawServer hanging([](RawConnection& connection) { connection.wait_for_end(); });
  auto client = std::make_unique<AsyncHttpClient>();
  auto line = client->open(request(hanging.url())).value();
  Answer answer;
  line->send([&](HttpResult result) { answer.put(std::move(result)); });
  client.reset();
  EXPECT_EQ(answer.get().kind(), HttpErrorKind::cancelled);
  EXPECT_EQ(ask(*line).kind(), HttpErrorKind::cancelled);  // lines may outlive the client
}

TEST(AsyncHttpClient, LinesAreUsedFromManyThreads) {
  RawServer server(good);
  AsyncHttpClient client;
  std::atomic<int> answers{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        HttpRequest asked = request(server.url());
        asked.timeout = 200ms;  // it serves one connection after the other
        auto line = client.open(asked).value();
        if (i % 2 == 0) {
          (void)ask(*line);
          ++answers;
        } else {
          line->send([](const HttpResult&) {});
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answers, 40);
}

TEST(AsyncHttpClient, DoesTheOwnersTurnWhenItIsDueAndWhenItIsWoken) {
  std::atomic<int> turns{0};
  AsyncHttpClient client({.turn = [&]() -> std::optional<std::chrono::nanoseconds> {
    // Three by itself, the rest by being woken.
    return ++turns < 3 ? std::optional<std::chrono::nanoseconds>(1ms) : std::nullopt;
  }});
  const auto reaches = [&](int count) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (turns < count && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
    return turns >= count;
  };
  EXPECT_TRUE(reaches(3));
  const int before = turns;
  client.wake();
  EXPECT_TRUE(reaches(before + 1));
}

}  // namespace
}  // namespace bellwether::net
