// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/outgoing_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace bellwether::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Step = OutgoingAnswer::Step;

std::string bytes(const OutgoingAnswer& answer) {
  std::string text;
  for (const auto& buffer : answer.buffers()) text.append(static_cast<const char*>(buffer.data()), buffer.size());
  return text;
}

/// Gives the texts one by one; an empty one is a pause, "!" fails.
class Script final : public BodySource {
 public:
  explicit Script(std::vector<std::string> texts) : texts_(std::move(texts)) {}
  bool next(std::string& chunk) override {
    if (at_ == texts_.size()) return false;
    chunk = texts_[at_++];
    if (chunk == "!") throw std::runtime_error("fails");
    return true;
  }

 private:
  std::vector<std::string> texts_;
  std::size_t at_ = 0;
};

OutgoingAnswer begin(Response response, const OutgoingAnswer::Terms& terms = {}) {
  OutgoingAnswer answer;
  answer.begin(std::move(response), terms, {}, {});
  return answer;
}

Response script(std::vector<std::string> texts) {
  return Response::stream("text/plain", std::make_unique<Script>(std::move(texts)));
}

TEST(OutgoingAnswer, IsHeadAndBodyInOne) {
  OutgoingAnswer answer = begin(Response::text(404, "no\n"));
  EXPECT_THAT(bytes(answer), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(bytes(answer), EndsWith("Content-Length: 3\r\n\r\nno\n"));
  EXPECT_EQ(answer.status(), 404);
  EXPECT_EQ(answer.next(), Step::done);
}

TEST(OutgoingAnswer, OfAHeadRequestHasNoBody) {
  EXPECT_THAT(bytes(begin(Response::text(200, "abc"), {.is_head = true})), EndsWith("Content-Length: 3\r\n\r\n"));
  EXPECT_THAT(bytes(begin(script({"!"}), {.is_head = true})), HasSubstr("HTTP/1.1 200 OK")) << "it is not asked";
}

/// All of it in its first chunk.
class Short final : public BodySource {
 public:
  bool next(std::string& chunk) override {
    chunk = "abc";
    return false;
  }
};

TEST(OutgoingAnswer, IsOfKnownLengthIfTheFirstChunkIsAll) {
  OutgoingAnswer answer = begin(Response::stream("text/plain", std::make_unique<Short>()));
  EXPECT_THAT(bytes(answer), EndsWith("Content-Length: 3\r\n\r\nabc"));
  EXPECT_EQ(answer.next(), Step::done);
  answer = begin(Response::stream("text/plain", std::make_unique<Short>()), {.http10 = true, .keep_alive = true});
  EXPECT_TRUE(answer.keep_alive()) << "nobody needs the end of the connection to see that of the body";
}

TEST(OutgoingAnswer, ComesInChunks) {
  OutgoingAnswer answer = begin(script({"abc", "", "0123456789abcdef"}));
  EXPECT_THAT(bytes(answer), EndsWith("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
  EXPECT_EQ(answer.next(), Step::wait);
  EXPECT_EQ(answer.next(), Step::write);
  EXPECT_EQ(bytes(answer), "10\r\n0123456789abcdef\r\n");
  EXPECT_EQ(answer.next(), Step::write);
  EXPECT_EQ(bytes(answer), "0\r\n\r\n");
  EXPECT_EQ(answer.next(), Step::done);
}

TEST(OutgoingAnswer, ToAnOldClientEndsWithTheConnection) {
  OutgoingAnswer answer = begin(script({"abc"}), {.http10 = true});
  EXPECT_FALSE(answer.keep_alive());
  EXPECT_THAT(bytes(answer), EndsWith("\r\n\r\nabc"));
  EXPECT_EQ(answer.next(), Step::write);
  EXPECT_EQ(bytes(answer), "");
  EXPECT_EQ(answer.next(), Step::done);
}

TEST(OutgoingAnswer, ThatFailsAtOnceIsA500) {
  OutgoingAnswer answer = begin(script({"!"}));
  EXPECT_EQ(answer.status(), 500);
  EXPECT_THAT(bytes(answer), EndsWith("the server could not answer this request\n"));
  EXPECT_EQ(answer.next(), Step::done);
}

TEST(OutgoingAnswer, ThatFailsLaterIsBroken) {
  OutgoingAnswer answer = begin(script({"abc", "!"}));
  EXPECT_EQ(answer.next(), Step::broken);
}

TEST(OutgoingAnswer, CanBeEndedWhileItWaits) {
  OutgoingAnswer answer = begin(script({"abc", "", "never"}));
  EXPECT_EQ(answer.next(), Step::wait);
  answer.end_body();
  EXPECT_EQ(bytes(answer), "0\r\n\r\n");
  EXPECT_EQ(answer.next(), Step::done);
}

TEST(OutgoingAnswer, LeavesNothingForTheNext) {
  OutgoingAnswer answer = begin(script({"abc", "def"}));
  answer.clear();
  answer.begin(Response::text(200, "x"), {}, {}, {});
  EXPECT_THAT(bytes(answer), EndsWith("\r\n\r\nx"));
  EXPECT_EQ(answer.next(), Step::done);
}

}  // namespace
}  // namespace bellwether::net
