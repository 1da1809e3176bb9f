// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/batch_sender.hpp"

#include <gtest/gtest.h>

#include "scrape/remote/fake_receiver.hpp"
#include "scrape/remote/snappy_block.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::remote {
namespace {

using namespace std::chrono_literals;
using net::HttpErrorKind;

struct FixedRandom final : Random {
  double uniform() noexcept override { return 0.5; }
};

struct RecordingSleeper final : Sleeper {
  bool sleep(std::chrono::nanoseconds duration) override {
    slept.push_back(duration);
    return slept.size() < stop_after;
  }
  std::vector<std::chrono::nanoseconds> slept;
  std::size_t stop_after = 1000;
};

class BatchSenderTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open();
    receiver = std::make_unique<FakeReceiver>(*store);
    options.request = [] {
      net::HttpRequest request;
      request.url = "http://127.0.0.1:9/api/v1/write";
      return Result<net::HttpRequest>(request);
    };
    options.transport = receiver.get();
    options.clock = &clock;
    options.random = &random;
    options.log = [this](std::string_view text) { messages.emplace_back(text); };
    metrics = RemoteWriteMetrics(&registry).of("q");
  }
  void TearDown() override {
    receiver.reset();
    StoreTest::TearDown();
  }
  bool send(bool doubtful = false, MessageVersion version = MessageVersion::v1) {
    options.version = version;
    if (sender == nullptr) sender = std::make_unique<BatchSender>(options, metrics);
    std::vector<OutgoingSample> batch;
    for (int i = 0; i < 4; ++i) batch.push_back({series_, noon + i, static_cast<double>(i), nullptr, doubtful});
    return sender->send(batch, sleeper, {});
  }
  double value(const std::string& name) {
    const std::string page = render(registry);
    const std::size_t at = page.find("\n" + name);
    return at == std::string::npos ? 0 : std::strtod(page.c_str() + page.find(' ', at), nullptr);
  }
  double sent() { return value("bellwether_remote_write_sent_total{queue=\"q\",kind=\"sample\"}"); }
  double failed() { return value("bellwether_remote_write_samples_failed_total{queue=\"q\"}"); }

  std::shared_ptr<OutgoingSeries> series_ = std::make_shared<OutgoingSeries>(OutgoingSeries{{{"__name__", "up"}}});
  std::unique_ptr<FakeReceiver> receiver;
  Registry registry;
  QueueMetrics metrics;
  FixedRandom random;
  RecordingSleeper sleeper;
  SenderOptions options;
  std::unique_ptr<BatchSender> sender;
};

TEST_F(BatchSenderTest, SaysWhatItSends) {
  EXPECT_TRUE(send());
  ASSERT_EQ(receiver->requests.size(), 1U);
  EXPECT_EQ(receiver->requests[0].method, "POST");
  EXPECT_EQ(header(receiver->requests[0], "Content-Encoding"), "snappy");
  EXPECT_EQ(header(receiver->requests[0], "Content-Type"), "application/x-protobuf");
  EXPECT_EQ(header(receiver->requests[0], "X-Prometheus-Remote-Write-Version"), "0.1.0");
  EXPECT_EQ(sent(), 4);
  EXPECT_EQ(read("up").size(), 4U);
}

TEST_F(BatchSenderTest, PausesGrowWithFullJitterAndRetryAfterIsObeyed) {
  receiver->answers = {FakeReceiver::status(500),
                       FakeReceiver::fails(HttpErrorKind::timeout),
                       FakeReceiver::fails(HttpErrorKind::closed),
                       FakeReceiver::status(429, {{"Retry-After", "7"}}),
                       FakeReceiver::fails(HttpErrorKind::connect),
                       FakeReceiver::status(503)};
  options.max_backoff = 300ms;
  EXPECT_TRUE(send());
  EXPECT_EQ(sleeper.slept, (std::vector<std::chrono::nanoseconds>{15ms, 30ms, 60ms, 7s, 150ms, 150ms}));
  EXPECT_EQ(receiver->requests.size(), 7U);
  EXPECT_EQ(sent(), 4);
  EXPECT_EQ(failed(), 0);
  EXPECT_EQ(messages.size(), 2U);  // once when it begins, once when it ends
}

TEST_F(BatchSenderTest, GivesUpOnlyWhenWoken) {
  receiver->always = FakeReceiver::status(500);
  sleeper.stop_after = 50;
  EXPECT_FALSE(send());
  EXPECT_EQ(receiver->requests.size(), 50U);
  EXPECT_EQ(failed(), 0);
}

TEST_F(BatchSenderTest, OtherRefusalsAreDroppedAndCounted) {
  for (const int status : {400, 401, 404, 413, 301}) {
    receiver->answers = {FakeReceiver::status(status, {}, "no such tenant")};
    EXPECT_TRUE(send());
  }
  EXPECT_EQ(receiver->requests.size(), 5U);
  EXPECT_EQ(failed(), 20);
  EXPECT_NE(messages[0].find("no such tenant"), std::string::npos);
}

TEST_F(BatchSenderTest, FallsBackToTheFirstVersion) {
  for (const auto& first : {FakeReceiver::status(415), FakeReceiver::status(400), FakeReceiver::status(204)}) {
    sender.reset();
    receiver->requests.clear();
    receiver->answers = {first};
    EXPECT_TRUE(send(false, MessageVersion::v2));
    ASSERT_EQ(receiver->requests.size(), 2U);
    EXPECT_EQ(header(receiver->requests[0], "Content-Type"),
              "application/x-protobuf;proto=io.prometheus.write.v2.Request");
    EXPECT_EQ(header(receiver->requests[0], "X-Prometheus-Remote-Write-Version"), "2.0.0");
    EXPECT_EQ(header(receiver->requests[1], "Content-Type"), "application/x-protobuf");
    EXPECT_EQ(sender->version(), MessageVersion::v1);
  }
  EXPECT_EQ(failed(), 0);
}

TEST_F(BatchSenderTest, TheSecondVersionSaysHowManyWereWritten) {
  EXPECT_TRUE(send(false, MessageVersion::v2));
  EXPECT_EQ(sent(), 4);
  receiver->answers = {FakeReceiver::status(400, {{"X-Prometheus-Remote-Write-Samples-Written", "3"}})};
  EXPECT_TRUE(send(false, MessageVersion::v2));
  EXPECT_EQ(sent(), 7);
  EXPECT_EQ(failed(), 1);
  EXPECT_EQ(sender->version(), MessageVersion::v2);
}

TEST_F(BatchSenderTest, OfADoubtfulBatchOnlyWhatTheReceiverHasIsLeftOut) {
  // As Prometheus: one sample that is older than what it has, and all of the batch is refused.
  std::vector<std::int64_t> taken;
  receiver->always = [&](const net::HttpRequest& request) -> net::HttpResult {
    std::vector<std::int64_t> times;
    WriteVisitor visitor;
    visitor.series = [&](DecodedSeries& one) {
      for (const WrittenSample& sample : one.samples) times.push_back(sample.time_ms - noon);
    };
    EXPECT_TRUE(decode_write_message(MessageVersion::v1, snappy_uncompress(request.body, 1 << 20).value(), visitor));
    for (const std::int64_t time : times) {
      if (time < 2) return net::HttpResponse{400, {}, "out of order sample"};
    }
    taken.insert(taken.end(), times.begin(), times.end());
    return net::HttpResponse{204};
  };
  EXPECT_TRUE(send(true));
  EXPECT_EQ(taken, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(failed(), 0);
  EXPECT_EQ(sent(), 2);
}

TEST_F(BatchSenderTest, OldSamplesAreLeftOutWhereALimitIsSet) {
  options.sample_age_limit = 10s;
  clock.advance(10s + 2ms);
  EXPECT_TRUE(send());
  EXPECT_EQ(sent(), 2);
  EXPECT_EQ(value("bellwether_remote_write_samples_dropped_total{queue=\"q\",reason=\"too_old\"}"), 2);
}

}  // namespace
}  // namespace bellwether::remote
