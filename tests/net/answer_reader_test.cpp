// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/answer_reader.hpp"

#include <gtest/gtest.h>

namespace bellwether::net {
namespace {

using State = AnswerReader::State;

const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

/// In parts of so many bytes.
State feed(AnswerReader& reader, std::string_view bytes, std::size_t part) {
  State state = State::more;
  for (std::size_t at = 0; at < bytes.size() && state == State::more; at += part) {
    state = reader.feed(bytes.substr(at, part));
  }
  return state;
}

State state_of(const std::string& answer) {
  AnswerReader whole(1000);
  const State state = feed(whole, answer, answer.size());
  for (std::size_t part = 1; part < 7; ++part) {  // however it comes
    AnswerReader reader(1000);
    EXPECT_EQ(feed(reader, answer, part), state) << answer;
  }
  return state;
}

TEST(AnswerReader, ReadsABodyOfKnownLength) {
  for (std::size_t part = 1; part < 100; ++part) {
    AnswerReader reader(1000);
    ASSERT_EQ(feed(reader, head + "content-length: 5\r\n\r\nhello", part), State::done);
    EXPECT_TRUE(reader.keeps_connection());
    const HttpResponse response = reader.take();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hello");
    EXPECT_EQ(response.header("CONTENT-TYPE"), "text/plain");
  }
}

TEST(AnswerReader, LinesWithoutCarriageReturnsAreNotWaitedFor) {
  EXPECT_EQ(state_of("HTTP/1.1 200 OK\nContent-Length: 2\n\nup"), State::odd);
  EXPECT_EQ(state_of("HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nup"), State::odd);
  EXPECT_EQ(state_of("\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nup"), State::odd);
  EXPECT_EQ(state_of(head + "Content-Length: 2\r\n\r\n\n\n"), State::done);  // of the body it says nothing
}

TEST(AnswerReader, ReadsChunks) {
  const std::string answer =
      head +
      "Transfer-Encoding: chunked\r\n\r\n5;name=\"x\"\r\nhello\r\n0a\r\n, and more!\r\n0\r\nX-Trailer: 1\r\n\r\n";
  for (std::size_t part = 1; part < answer.size(); ++part) {
    AnswerReader reader(1000);
    // One byte too few in the second chunk's size: its line end is data.
    ASSERT_EQ(feed(reader, answer, part), State::odd);
  }
  const std::string good =
      head +
      "Transfer-Encoding: chunked\r\n\r\n5;name=\"x\"\r\nhello\r\n0b\r\n, and more!\r\n0\r\nX-Trailer: 1\r\n\r\n";
  for (std::size_t part = 1; part < good.size(); ++part) {
    AnswerReader reader(1000);
    ASSERT_EQ(feed(reader, good, part), State::done);
    EXPECT_EQ(reader.take().body, "hello, and more!");
  }
}

TEST(AnswerReader, AnEmptyBodyIsWhole) {
  EXPECT_EQ(state_of(head + "Content-Length: 0\r\n\r\n"), State::done);
  EXPECT_EQ(state_of(head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), State::done);
}

TEST(AnswerReader, AnAnswerThatIsNotWholeIsWaitedFor) {
  EXPECT_EQ(state_of("H"), State::more);
  EXPECT_EQ(state_of(head), State::more);
  EXPECT_EQ(state_of(head + "Content-Length: 5\r\n\r\nhell"), State::more);
  EXPECT_EQ(state_of(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"), State::more);
}

TEST(AnswerReader, LeavesAllElseToOthers) {
  for (const std::string& answer : {
           std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
           std::string("HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"),
           std::string("HTTP/1.1 100 Continue\r\n\r\n"),
           std::string("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na"),
           std::string("HTTP/1.1 2000 OK\r\nContent-Length: 1\r\n\r\na"),
           std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
           head + "\r\nup to the end of the connection",
           head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
           head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\na",
           head + "Content-Length: -1\r\n\r\na",
           head + "Content-Length: 1x\r\n\r\na",
           head + "Content-Length: 99999999999999999999\r\n\r\na",
           head + "Content-Length : 1\r\n\r\na",
           head + "Content-Length: 1\r\n folded: 2\r\n\r\na",
           head + "no colon\r\nContent-Length: 1\r\n\r\na",
           head + std::string("X: a\0b\r\nContent-Length: 1\r\n\r\na", 31),
           head + "Transfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\nx\r\na\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\n\r\na\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\na\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
       }) {
    EXPECT_EQ(state_of(answer), State::odd) << answer;
  }
}

TEST(AnswerReader, HeadsAndLinesHaveAnEnd) {
  AnswerReader endless(1000);
  EXPECT_EQ(feed(endless, head + "X: " + std::string(200'000, 'x'), 1000), State::odd);
  AnswerReader at_once(1000);
  EXPECT_EQ(at_once.feed(head + "X: " + std::string(200'000, 'x')), State::odd);
  EXPECT_EQ(state_of(head + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(2000, 'x')), State::odd);
  std::string trailers = head + "Transfer-Encoding: chunked\r\n\r\n0\r\n";
  for (int i = 0; i < 1000; ++i) trailers += "X-Trailer: and so on\r\n";
  EXPECT_EQ(state_of(trailers), State::odd);
}

TEST(AnswerReader, BodiesHaveALimit) {
  EXPECT_EQ(state_of(head + "Content-Length: 1001\r\n\r\n"), State::too_large);
  EXPECT_EQ(state_of(head + "Content-Length: 1000\r\n\r\n"), State::more);
  EXPECT_EQ(state_of(head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"), State::too_large);
  EXPECT_EQ(state_of(head + "Transfer-Encoding: chunked\r\n\r\n3e7\r\n" + std::string(999, 'a') + "\r\n2\r\nab"),
            State::too_large);
}

TEST(AnswerReader, AConnectionIsKeptOnlyWhereNothingSpeaksAgainstIt) {
  for (const auto& [answer, kept] : std::vector<std::pair<std::string, bool>>{
           {"Content-Length: 1\r\n\r\na", true},
           {"Connection: Keep-Alive\r\nContent-Length: 1\r\n\r\na", true},
           {"Connection: close\r\nContent-Length: 1\r\n\r\na", false},
           {"Connection: keep-alive, close\r\nContent-Length: 1\r\n\r\na", false},
           {"Content-Length: 1\r\n\r\nabc", false},  // what follows nobody asked for
       }) {
    AnswerReader reader(1000);
    ASSERT_EQ(reader.feed(head + answer), State::done);
    EXPECT_EQ(reader.keeps_connection(), kept) << answer;
  }
}

}  // namespace
}  // namespace bellwether::net
