// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/stream_follower.hpp"

#include <gtest/gtest.h>
#include <bellwether/metrics.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace bellwether::scrape {
namespace {

using namespace std::chrono_literals;
using net::HttpError;
using net::HttpErrorKind;
using net::HttpResponse;
using Fields = std::vector<net::Field>;

/// Streams of which the test says what happens.
class FakeTransport final : public net::HttpStreamTransport {
 public:
  struct Opened {
    net::HttpRequest request;
    Reader reader;
    bool dropped = false;

    bool send(std::string_view part, int status = 200, const std::string& type = "text/plain; version=0.0.4") {
      HttpResponse head{.status = status};
      head.headers = {{"Content-Type", type}};
      if (reader.on_part(head, part)) return true;
      reader.on_end(HttpError{HttpErrorKind::cancelled, "cut"});
      return false;
    }
    void break_off() { reader.on_end(HttpError{HttpErrorKind::closed, "closed"}); }
  };

  Result<std::unique_ptr<Stream>> open(net::HttpRequest request, Reader reader) override {
    class Handle final : public Stream {
     public:
      explicit Handle(std::shared_ptr<Opened> opened) : opened_(std::move(opened)) {}
      ~Handle() override { opened_->dropped = true; }

     private:
      std::shared_ptr<Opened> opened_;
    };
    if (refuse) return Error{"bad request"};
    all.push_back(std::make_shared<Opened>(Opened{std::move(request), std::move(reader)}));
    return std::unique_ptr<Stream>(std::make_unique<Handle>(all.back()));
  }

  std::vector<std::shared_ptr<Opened>> all;
  bool refuse = false;
};

class HalfRandom final : public Random {
 public:
  double uniform() noexcept override { return 0.5; }
};

class StreamFollowerTest : public ::testing::Test {
 protected:
  StreamFollowerTest() {
    follower.start(
        [this](TargetId id, std::string_view type, std::string_view body) { return ingest(id, type, body); });
  }

  StreamFollowerOptions options() {
    StreamFollowerOptions result;
    result.clock = &clock;
    result.random = &random;
    result.registry = &registry;
    result.transport = &transport;
    result.thread = false;
    result.log = [this](std::string_view line) { log += line; };
    result.on_pushed = [this](const PushedSamples& pushed) { told += pushed.count; };
    return result;
  }

  Result<void> ingest(TargetId id, std::string_view type, std::string_view body) {
    EXPECT_EQ(type, "text/plain; version=1.0.0");
    if (body.find("garbage") != std::string_view::npos) return Error{"line 1: expected a value"};
    ingested.append(std::to_string(id)).append(":").append(body);
    return {};
  }

  void scrape(TargetId id, const Fields& headers, bool up = true,
              std::string url = "http://127.0.0.1:8000/metrics?x=1") {
    net::HttpRequest request;
    request.url = std::move(url);
    request.auth = net::BasicLogin{"user", "secret"};
    request.headers = {{"Accept", "application/openmetrics-text;escaping=allow-utf-8;q=0.5, text/plain"},
                       {"Accept-Encoding", "gzip"},
                       {"X-Tenant", "desk"}};
    request.max_redirects = 5;
    Target target;
    target.address = "127.0.0.1:8000";
    const std::string error = up ? "" : "connection refused";
    follower.on_scrape({id, target, request, headers, 0, {}, up, error});
  }
  void announced(TargetId id) { scrape(id, {{"x-bellwether-stream", "/metrics/stream"}}); }

  std::string ended(const std::string& reason) {
    const std::string text = render(registry);
    const std::string front = "bellwether_stream_ended_total{reason=\"" + reason + "\"} ";
    const std::size_t at = text.find(front);
    return at == std::string::npos ? "" : text.substr(at + front.size(), text.find('\n', at) - at - front.size());
  }

  ManualClock clock{1'000'000ms};
  HalfRandom random;
  Registry registry;
  FakeTransport transport;
  std::string log;
  std::string ingested;
  std::size_t told = 0;
  StreamFollower follower{options()};
};

TEST_F(StreamFollowerTest, opens_what_a_scrape_announces_with_the_settings_of_the_scrape) {
  scrape(1, {{"Content-Type", "text/plain"}});
  EXPECT_TRUE(transport.all.empty());
  announced(1);
  announced(1);
  ASSERT_EQ(transport.all.size(), 1U);
  const net::HttpRequest& request = transport.all[0]->request;
  EXPECT_EQ(request.url, "http://127.0.0.1:8000/metrics/stream");
  EXPECT_EQ(std::get<net::BasicLogin>(request.auth).password, "secret");
  EXPECT_EQ(request.max_redirects, 0U);
  EXPECT_EQ(request.headers,
            (Fields{{"X-Tenant", "desk"}, {"Accept", "text/plain;version=1.0.0;escaping=allow-utf-8"}}));
}

TEST_F(StreamFollowerTest, feeds_lines_to_the_targets_ingestion_and_tells_the_rules) {
  announced(7);
  EXPECT_TRUE(transport.all[0]->send("# heartbeat 1000000\nkill 0 1000000\nki"));
  EXPECT_TRUE(transport.all[0]->send("ll 1 1000001\n"));
  EXPECT_EQ(ingested, "7:kill 0 1000000\n7:kill 1 1000001\n");
  EXPECT_EQ(told, 2U);
  EXPECT_EQ(follower.connected(), 1U);
}

TEST_F(StreamFollowerTest, goes_to_no_other_host_whatever_is_announced) {
  for (const char* path :
       {"http://evil/stream", "//evil/stream", "/\\evil", "stream", "", "/a b", "/a\r\nX: y", "/a#b"}) {
    scrape(1, {{"X-Bellwether-Stream", path}});
    EXPECT_TRUE(transport.all.empty()) << path;
  }
  EXPECT_EQ(stream_url("https://h:1?q", "/s"), "https://h:1/s");
  EXPECT_EQ(stream_url("no url", "/s"), std::nullopt);
}

TEST_F(StreamFollowerTest, a_stream_that_breaks_is_tried_again_with_growing_waits) {
  announced(1);
  const std::vector<std::chrono::milliseconds> waits{250ms, 500ms, 1s, 2s, 4s, 8s, 16s, 30s, 30s};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    transport.all.back()->break_off();
    clock.advance(waits[i] - 1ms);
    EXPECT_EQ(follower.run_due(), clock.monotonic() + 1ms);
    EXPECT_EQ(transport.all.size(), i + 1);
    clock.advance(1ms);
    follower.run_due();
    ASSERT_EQ(transport.all.size(), i + 2);
  }
  EXPECT_EQ(ended("broken"), "9");
  EXPECT_EQ(log, "") << "scrapes go on, and say what is wrong with the target";
  // Ten good seconds, and the waits begin anew.
  for (int second = 0; second < 10; ++second) {
    clock.advance(1s);
    EXPECT_TRUE(transport.all.back()->send("# heartbeat 1000000\n"));
  }
  transport.all.back()->break_off();
  clock.advance(250ms);
  follower.run_due();
  EXPECT_EQ(transport.all.size(), waits.size() + 2);
}

TEST_F(StreamFollowerTest, asks_nothing_of_a_target_that_is_down_until_it_is_scraped_again) {
  announced(1);
  transport.all.back()->break_off();
  scrape(1, {}, false);
  clock.advance(1h);
  EXPECT_EQ(follower.run_due(), std::nullopt);
  EXPECT_EQ(transport.all.size(), 1U);
  announced(1);
  EXPECT_EQ(transport.all.size(), 2U);
}

TEST_F(StreamFollowerTest, a_refusal_is_left_at_that_for_long) {
  announced(1);
  EXPECT_FALSE(transport.all[0]->send("all 8 push streams are taken\n", 503));
  announced(2);
  EXPECT_FALSE(transport.all[1]->send("<html>", 200, "text/html"));
  announced(3);
  transport.all[2]->reader.on_end(HttpResponse{.status = 404});
  EXPECT_EQ(ended("refused"), "3");
  EXPECT_EQ(ingested, "");
  clock.advance(44s);
  announced(1);
  EXPECT_EQ(transport.all.size(), 3U);
  clock.advance(1s);
  follower.run_due();
  EXPECT_EQ(transport.all.size(), 6U);
  EXPECT_EQ(log, "");
}

TEST_F(StreamFollowerTest, a_silent_stream_is_closed_and_tried_again) {
  announced(1);
  EXPECT_TRUE(transport.all[0]->send("# heartbeat 1000000\n"));
  clock.advance(4s);
  EXPECT_TRUE(transport.all[0]->send("# heartbeat 1004000\nkill"));
  clock.advance(4s);
  EXPECT_TRUE(transport.all[0]->send(" 1 10")) << "half a line is no sign of life";
  EXPECT_EQ(follower.run_due(), clock.monotonic() + 1s);
  clock.advance(1s);
  follower.run_due();
  EXPECT_TRUE(transport.all[0]->dropped);
  EXPECT_EQ(ended("silent"), "1");
  EXPECT_FALSE(transport.all[0]->send("00000\n")) << "what comes late is not taken";
  EXPECT_EQ(ingested, "");
  clock.advance(250ms);
  follower.run_due();
  EXPECT_EQ(transport.all.size(), 2U);
}

TEST_F(StreamFollowerTest, a_hostile_stream_is_cut_counted_told_of_and_left_alone_for_long) {
  announced(1);
  EXPECT_FALSE(transport.all[0]->send("kill one 5 garbage\n"));
  announced(2);
  EXPECT_FALSE(transport.all[1]->send("garbage 1 1000000\n"));
  announced(3);
  EXPECT_FALSE(transport.all[2]->send(std::string(70'000, 'x')));
  EXPECT_EQ(ended("hostile"), "3");
  EXPECT_NE(log.find("the push stream of 127.0.0.1:8000 was cut: a line is longer than 65536 bytes"),
            std::string::npos);
  EXPECT_EQ(told, 0U);
  clock.advance(40s);
  announced(1);
  follower.run_due();
  EXPECT_EQ(transport.all.size(), 3U);
  EXPECT_EQ(follower.connected(), 0U);
}

TEST_F(StreamFollowerTest, ends_with_the_target_and_with_the_announcement) {
  announced(1);
  announced(2);
  announced(3);
  follower.on_removed(1);
  EXPECT_TRUE(transport.all[0]->dropped);
  scrape(2, {});
  EXPECT_TRUE(transport.all[1]->dropped);
  scrape(3, {{"X-Bellwether-Stream", "/other"}});
  EXPECT_TRUE(transport.all[2]->dropped);
  ASSERT_EQ(transport.all.size(), 4U);
  EXPECT_EQ(transport.all[3]->request.url, "http://127.0.0.1:8000/other");
  EXPECT_FALSE(transport.all[0]->send("kill 1 1000000\n"));
  EXPECT_EQ(ingested, "");
}

TEST_F(StreamFollowerTest, stops_for_good) {
  announced(1);
  follower.stop();
  EXPECT_TRUE(transport.all[0]->dropped);
  EXPECT_FALSE(transport.all[0]->send("kill 1 1000000\n"));
  announced(1);
  EXPECT_EQ(transport.all.size(), 1U);
}

TEST_F(StreamFollowerTest, follows_no_more_than_its_limit) {
  StreamFollowerOptions few = options();
  few.max_streams = 1;
  few.registry = nullptr;
  StreamFollower other(few);
  other.start([](TargetId, std::string_view, std::string_view) -> Result<void> { return {}; });
  const Target target;
  const Fields headers{{"X-Bellwether-Stream", "/s"}};
  const net::HttpRequest request{.url = "http://127.0.0.1:1/metrics"};
  const std::string none;
  other.on_scrape({1, target, request, headers, 0, {}, true, none});
  other.on_scrape({2, target, request, headers, 0, {}, true, none});
  EXPECT_EQ(transport.all.size(), 1U);
  other.on_removed(1);
  clock.advance(1min);
  other.run_due();
  EXPECT_EQ(transport.all.size(), 2U);
}

TEST_F(StreamFollowerTest, a_request_that_cannot_be_is_a_refusal) {
  transport.refuse = true;
  announced(1);
  announced(1);
  EXPECT_EQ(ended("refused"), "1");
}

}  // namespace
}  // namespace bellwether::scrape
