// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <chrono>
#include <memory>
#include <thread>

#include "net/http_client.hpp"
#include "net/raw_server.hpp"
#include "net/test_client.hpp"

// Against servers that do what none should.
namespace bellwether::net {
namespace {

using std::chrono::milliseconds;
using test::eventually;
using test::RawConnection;
using test::RawServer;
using testing::HasSubstr;

// Far beyond every time-out here: who waits for it has not noticed.
constexpr std::chrono::seconds patience{30};

HttpErrorKind kind_of_answer(const std::string& answer) {
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    connection.send(answer);
  });
  HttpClient client;
  return client.send({.url = server.url(), .timeout = patience}).kind();
}

TEST(HttpClientHostile, GivesUpOnAServerThatNeverAnswers) {
  RawServer server([](RawConnection& connection) { connection.wait_for_end(); });
  HttpClient client;
  const HttpResult result = client.send({.url = server.url(), .timeout = milliseconds{50}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.kind(), HttpErrorKind::timeout) << result.error().message;
}

TEST(HttpClientHostile, GivesUpOnAnAnswerThatDripsIn) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (connection.send("x")) std::this_thread::sleep_for(milliseconds{2});
  });
  HttpClient client;
  EXPECT_EQ(client.send({.url = server.url(), .timeout = milliseconds{100}}).kind(), HttpErrorKind::timeout);
  RawServer headers([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nX: ");
    while (connection.send("x")) std::this_thread::sleep_for(milliseconds{2});
  });
  EXPECT_EQ(client.send({.url = headers.url(), .timeout = milliseconds{100}}).kind(), HttpErrorKind::timeout);
}

TEST(HttpClientHostile, GivesUpOnATlsHandshakeThatNeverEnds) {
  RawServer server([](RawConnection& connection) { connection.wait_for_end(); });
  HttpClient client;
  const HttpResult result = client.send({.url = "https://127.0.0.1:" + std::to_string(server.port()),
                                         .connect_timeout = milliseconds{50},
                                         .timeout = patience});
  EXPECT_EQ(result.kind(), HttpErrorKind::timeout) << result.error().message;
}

TEST(HttpClientHostile, SeesThatAnAnswerIsNotWhole) {
  EXPECT_EQ(kind_of_answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), HttpErrorKind::closed);
  EXPECT_EQ(kind_of_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), HttpErrorKind::closed);
  EXPECT_EQ(kind_of_answer(""), HttpErrorKind::closed);
  EXPECT_NE(kind_of_answer("HTTP/1.1 200 OK\r\nContent-Le"), HttpErrorKind::none);
  EXPECT_NE(kind_of_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), HttpErrorKind::none);
}

TEST(HttpClientHostile, SeesAReset) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    connection.reset_at_close();
  });
  HttpClient client;
  EXPECT_EQ(client.send({.url = server.url(), .timeout = patience}).kind(), HttpErrorKind::closed);
}

TEST(HttpClientHostile, RefusesWhatIsNotHttp) {
  for (const char* answer : {"nonsense\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 abc OK\r\n\r\n",
                             "HTTP/9.9 200 OK\r\n\r\n", "\r\n\r\n", "HTTP/0.9\r\n\r\n", "ICY 200 OK\r\n\r\n"}) {
    EXPECT_EQ(kind_of_answer(answer), HttpErrorKind::bad_response) << answer;
  }
  EXPECT_EQ(kind_of_answer("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc"), HttpErrorKind::bad_response);
  EXPECT_EQ(kind_of_answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc"),
            HttpErrorKind::none)
      << "nobody asked for compression, so it is the body as it is";
}

TEST(HttpClientHostile, StopsAtABodyWithoutEnd) {
  for (const char* head : {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    const bool chunked = std::string_view(head).find("chunked") != std::string_view::npos;
    RawServer server([&](RawConnection& connection) {
      connection.read_request();
      connection.send(head);
      const std::string block(0x4000, 'x');
      while (connection.send(chunked ? "4000\r\n" + block + "\r\n" : block)) {
      }
    });
    HttpClient client;
    const HttpResult result = client.send({.url = server.url(), .timeout = patience, .max_response_bytes = 1'000'000});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.kind(), HttpErrorKind::too_large) << result.error().message;
  }
}

TEST(HttpClientHostile, RefusesALargeBodyByItsAnnouncement) {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
  HttpClient client;
  EXPECT_EQ(client.send({.url = server.url(), .timeout = patience}).kind(), HttpErrorKind::too_large);
}

TEST(HttpClientHostile, StopsAtHeadersWithoutEnd) {
  for (const bool one_line : {false, true}) {
    RawServer server([&](RawConnection& connection) {
      connection.read_request();
      connection.send("HTTP/1.1 200 OK\r\n");
      const std::string piece = one_line ? std::string(1000, 'a') : "X: " + std::string(1000, 'a') + "\r\n";
      while (connection.send(piece)) {
      }
    });
    HttpClient client;
    const HttpResult result = client.send({.url = server.url(), .timeout = patience});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.kind(), HttpErrorKind::too_large) << one_line << ' ' << result.error().message;
  }
}

TEST(HttpClientHostile, TakesInterimAnswersAndLeavesTrailersOut) {
  RawServer server(
      "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Real:  2 \r\nTransfer-Encoding: chunked\r\n"
      "Trailer: Retry-After\r\n\r\n2\r\nab\r\n0\r\nRetry-After: 9\r\n\r\n");
  HttpClient client;
  const HttpResult result = client.send({.url = server.url(), .timeout = patience});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body, "ab");
  EXPECT_EQ(result->header("X-Real"), "2");
  EXPECT_EQ(result->header("X-Interim"), "");
  EXPECT_EQ(result->header("Retry-After"), "");
}

std::string gzip(const std::string& text) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(9), libdeflate_free_compressor);
  std::string compressed(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  compressed.resize(
      libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), compressed.data(), compressed.size()));
  return compressed;
}

TEST(HttpClientHostile, ACompressedBodyCountsDecompressed) {
  const std::string zeros(10'000'000, '0');
  const std::string body = gzip(zeros);
  ASSERT_LT(body.size(), 100'000U);
  RawServer server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + body);
  HttpClient client;
  const HttpResult whole = client.send({.url = server.url(), .timeout = patience, .accept_gzip = true});
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->body, zeros);
  const HttpResult bomb =
      client.send({.url = server.url(), .timeout = patience, .max_response_bytes = 1'000'000, .accept_gzip = true});
  EXPECT_EQ(bomb.kind(), HttpErrorKind::too_large);
}

TEST(HttpClientHostile, RefusesABodyThatCannotBeDecompressed) {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
  HttpClient client;
  EXPECT_EQ(client.send({.url = server.url(), .timeout = patience, .accept_gzip = true}).kind(),
            HttpErrorKind::bad_response);
}

TEST(HttpClientHostile, DoesNotWaitWhenAskedToStop) {
  RawServer server([](RawConnection& connection) { connection.wait_for_end(); });
  HttpClient client;
  std::stop_source source;
  std::thread stopper([&] {
    EXPECT_TRUE(eventually([&] { return server.connections() > 0; }));
    source.request_stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  const HttpResult result = client.send({.url = server.url(), .timeout = patience, .stop = source.get_token()});
  stopper.join();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.kind(), HttpErrorKind::cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, patience);
  EXPECT_EQ(client.send({.url = server.url(), .stop = source.get_token()}).kind(), HttpErrorKind::cancelled);
}

TEST(HttpClientHostile, IsOfUseAfterEveryFailure) {
  HttpClient client;
  RawServer broken("nonsense\r\n\r\n");
  RawServer silent([](RawConnection& connection) { connection.wait_for_end(); });
  RawServer good("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(client.send({.method = "POST", .url = broken.url(), .body = "x", .timeout = patience}));
    EXPECT_FALSE(client.send({.url = silent.url(), .auth = BearerToken{"t"}, .timeout = milliseconds{20}}));
    const HttpResult result = client.send({.url = good.url(), .timeout = patience});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->body, "ok");
  }
}

}  // namespace
}  // namespace bellwether::net
