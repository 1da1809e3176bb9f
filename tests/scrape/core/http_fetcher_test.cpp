// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/http_fetcher.hpp"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/http_server.hpp"
#include "net/raw_server.hpp"
#include "scrape/body_unpacker.hpp"
#include "scrape/core/scrape_fixture.hpp"

namespace bellwether::scrape {
namespace {

using namespace std::chrono_literals;
using net::HttpErrorKind;

net::HttpResult fetch(FetchLine& line) {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<net::HttpResult> out;
  line.start([&](net::HttpResult result) {
    const std::lock_guard lock(mutex);
    out.emplace(std::move(result));
    changed.notify_one();
  });
  std::unique_lock lock(mutex);
  if (!changed.wait_for(lock, 30s, [&] { return out.has_value(); })) std::abort();
  return std::move(*out);
}

net::HttpRequest request(const std::string& url) {
  net::HttpRequest out{.url = url};
  out.timeout = 20s;  // sanitizers and busy machines are slow
  out.max_response_bytes = 100'000;
  return out;
}

net::HttpResult fetch_once(const std::string& url, std::chrono::milliseconds timeout) {
  HttpFetcher fetcher;
  auto with = request(url);
  with.timeout = timeout;
  auto line = fetcher.open(with).value();
  return fetch(*line);
}

TEST(HttpFetcherTest, KeepsTheConnectionOpenBetweenScrapes) {
  test::RawServer server("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\na 1\n");
  HttpFetcher fetcher;
  auto line = fetcher.open(request(server.url("/metrics"))).value();
  for (int i = 0; i < 10; ++i) {
    const auto page = fetch(*line);
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->body, "a 1\n");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpFetcherTest, BadTargetsGiveErrorsAndHurtNobodyElse) {
  test::RawServer hanging([](test::RawConnection& c) { (void)c.read_request(), c.wait_for_end(); });
  test::RawServer endless([](test::RawConnection& c) {
    (void)c.read_request();
    (void)c.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
    while (!c.stopping() && c.send(std::string(10'000, 'a'))) {
    }
  });
  test::RawServer resetting([](test::RawConnection& c) { (void)c.read_request(), c.reset_at_close(); });
  test::RawServer lying([](test::RawConnection& c) {
    (void)c.read_request();
    (void)c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na 1\n");
  });
  test::RawServer garbage("no http at all\r\n\r\n");
  test::RawServer good("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\na 1\n");
  HttpFetcher fetcher;
  auto slow = request(hanging.url());
  slow.timeout = 600s;
  auto waiting = fetcher.open(slow).value();
  std::atomic<int> answers{0};
  waiting->start([&](net::HttpResult result) { answers += result.kind() == HttpErrorKind::cancelled ? 1 : 100; });
  const auto kind = [&](const std::string& url) {
    auto line = fetcher.open(request(url)).value();
    return fetch(*line).kind();
  };
  EXPECT_EQ(kind(endless.url()), HttpErrorKind::too_large);
  EXPECT_EQ(kind(resetting.url()), HttpErrorKind::closed);
  EXPECT_EQ(kind(lying.url()), HttpErrorKind::closed);
  EXPECT_EQ(kind(good.url()), HttpErrorKind::none) << "while the first one hangs";
  EXPECT_NE(kind(garbage.url()), HttpErrorKind::none);
  EXPECT_EQ(kind("http://127.0.0.1:1/"), HttpErrorKind::connect);
  EXPECT_EQ(fetch_once(hanging.url(), 100ms).kind(), HttpErrorKind::timeout);
  EXPECT_EQ(answers, 0);
  waiting.reset();
  for (int i = 0; i < 60'000 && answers == 0; ++i) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(answers, 1) << "given up with its line";
}

TEST(HttpFetcherTest, RedirectsAreFollowedWhereAllowed) {
  test::RawServer good("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na 1\n");
  test::RawServer moved("HTTP/1.1 302 Found\r\nLocation: " + good.url("/m") + "\r\nContent-Length: 0\r\n\r\n");
  HttpFetcher fetcher;
  auto with = request(moved.url());
  auto line = fetcher.open(with).value();
  EXPECT_EQ(fetch(*line)->status, 302);
  with.max_redirects = 3;
  line = fetcher.open(with).value();
  EXPECT_EQ(fetch(*line)->status, 200);
}

std::string packed(const std::string& text) {
  libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
  std::string out(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

TEST(BodyUnpackerTest, UnpacksWithinTheLimitAndRefusesBombs) {
  BodyUnpacker unpacker;
  EXPECT_EQ(unpacker.unpack("", "abc", 10).body, "abc");
  EXPECT_TRUE(unpacker.unpack("", "abc", 2).too_large);
  const std::string text(300'000, 'x');
  EXPECT_EQ(unpacker.unpack("gzip", packed(text), 1'000'000).body, text);
  EXPECT_EQ(unpacker.unpack("GZIP", packed("a") + packed("b"), 100).body, "ab");
  EXPECT_TRUE(unpacker.unpack("gzip", packed(std::string(20'000'000, 0)), 1'000'000).too_large);
  std::string lying = packed(text);
  lying[lying.size() - 1] = '\x7f';  // states two gigabytes
  EXPECT_FALSE(unpacker.unpack("gzip", lying, 1'000'000).error.empty());
  EXPECT_FALSE(unpacker.unpack("gzip", "no gzip", 100).error.empty());
  EXPECT_FALSE(unpacker.unpack("gzip", "", 100).error.empty());
  EXPECT_FALSE(unpacker.unpack("gzip", packed(text).substr(0, 100), 1'000'000).error.empty());
  EXPECT_FALSE(unpacker.unpack("br", "abc", 100).error.empty());
}

class WholeScrape : public ScrapeTest {};

TEST_F(WholeScrape, RealThreadsScrapeARealServerThroughReloadsAndStop) {
  std::atomic<int> asked{0};
  net::Route route{"GET", "/metrics", [&](const net::Request&) {
                     ++asked;
                     std::string body = "hits " + std::to_string(asked.load()) + "\n";
                     for (int i = 0; i < 200; ++i) body += "filler{i=\"" + std::to_string(i) + "\"} 1\n";
                     net::Response response = net::Response::text(200, packed(body));
                     response.content_type = "text/plain; version=0.0.4";
                     response.headers.emplace_back("Content-Encoding", "gzip");
                     return response;
                   }};
  auto server = net::HttpServer::start({}, {route}).value();
  auto real = options();
  real.clock = &Clock::system();
  open(real);
  ScrapeOptions with;
  with.registry = &registry;
  std::atomic<int> scrapes{0};
  with.on_scrape = [&](const ScrapeResult& result) {
    if (result.up) ++scrapes;  // a busy machine may take longer than its time-out now and then
  };
  manager = std::make_unique<ScrapeManager>(*store, with);
  const std::string yaml =
      "scrape_configs:\n- job_name: desk\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\n  "
      "static_configs:\n  - targets: ['127.0.0.1:" +
      std::to_string(server->port()) + "']\n";
  configure(yaml);
  for (int i = 0; i < 1000 && scrapes < 8; ++i) {
    std::this_thread::sleep_for(50ms);
    if (i % 4 == 3) configure(i % 8 == 3 ? yaml + "  sample_limit: 1000\n" : yaml);
    (void)manager->targets();
    (void)manager->metadata().find("hits");
  }
  EXPECT_GE(scrapes, 8);
  manager->stop();
  EXPECT_EQ(last("hits"), stale);
  EXPECT_EQ(last("up"), stale);
}

}  // namespace
}  // namespace bellwether::scrape
