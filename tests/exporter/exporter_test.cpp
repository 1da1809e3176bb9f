// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/exporter.hpp>

#include <crypt.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>
#include <bellwether/metrics.hpp>

#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "exporter/gzip.hpp"
#include "exposition/parsed_metrics.hpp"
#include "net/test_certificates.hpp"
#include "net/test_client.hpp"

namespace bellwether {
namespace {

using test::ClientResponse;
using test::TestClient;
using ::testing::HasSubstr;

ClientResponse get(const Exporter& exporter, std::string_view path, std::string_view headers = {}) {
  return TestClient(exporter.port()).get(path, headers);
}

std::string gunzip(const std::string& compressed, std::size_t size_limit = 16U << 20U) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::string text(size_limit, '\0');
  std::size_t size = 0;
  EXPECT_EQ(libdeflate_gzip_decompress(decompressor.get(), compressed.data(), compressed.size(), text.data(),
                                       text.size(), &size),
            LIBDEFLATE_SUCCESS);
  text.resize(size);
  return text;
}

class ExporterTest : public ::testing::Test {
 protected:
  ExporterTest() { registry.counter("orders_total", "Orders sent.").value().inc(3); }

  Exporter start(ExporterOptions options = {}) {
    options.port = 0;
    return Exporter::start(registry, std::move(options)).value();
  }

  Registry registry;
};

TEST_F(ExporterTest, serves_the_registry_under_each_path) {
  const Exporter exporter = start({.paths = {"/metrics", "/metrics/prom"}});
  EXPECT_EQ(exporter.url(), "http://127.0.0.1:" + std::to_string(exporter.port()));
  for (const char* path : {"/metrics", "/metrics/prom"}) {
    const ClientResponse response = get(exporter, path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_TRUE(response.complete);
    EXPECT_EQ(response.body, render(registry)) << path;
  }
  EXPECT_EQ(get(exporter, "/").status, 404);
  EXPECT_EQ(get(exporter, "/metrics/other").status, 404);
}

TEST_F(ExporterTest, tells_health_and_readiness) {
  std::atomic<bool> ready{false};
  const Exporter exporter = start({.ready = [&] { return ready.load(); }});
  EXPECT_EQ(get(exporter, "/health").status, 200);
  EXPECT_EQ(get(exporter, "/ready").status, 503);
  EXPECT_EQ(get(exporter, "/metrics").status, 200);
  ready = true;
  EXPECT_EQ(get(exporter, "/ready").status, 200);
  EXPECT_EQ(get(start(), "/ready").status, 200) << "nothing was said against it";
}

TEST_F(ExporterTest, negotiates_the_format) {
  const Exporter exporter = start();
  const ClientResponse text = get(exporter, "/metrics");
  EXPECT_EQ(text.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
  const ClientResponse openmetrics =
      get(exporter, "/metrics", "Accept: application/openmetrics-text;version=1.0.0\r\n");
  EXPECT_EQ(openmetrics.headers.at("content-type"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores");
  EXPECT_TRUE(openmetrics.body.ends_with("# EOF\n"));
  // Several headers of one name are one list.
  const ClientResponse protobuf =
      get(exporter, "/metrics",
          "Accept: text/plain;q=0.5\r\nAccept: application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
          "encoding=delimited;q=0.7\r\n");
  for (const ClientResponse& response : {text, openmetrics, protobuf}) {
    const auto metrics = exposition::parse_exposition(response.headers.at("content-type"), response.body);
    ASSERT_TRUE(metrics) << metrics.error().message;
    EXPECT_EQ(metrics->value("orders_total"), 3.0);
  }
}

TEST_F(ExporterTest, a_head_request_is_no_scrape) {
  const MaxGauge depth = registry.max_gauge("depth_max", "Deepest queue.").value();
  depth.observe(7);
  const Exporter exporter = start();
  for (const char* encoding : {"", "Accept-Encoding: gzip\r\n"}) {
    TestClient client(exporter.port());
    client.send("HEAD /metrics HTTP/1.1\r\nHost: x\r\n" + std::string(encoding) + "\r\n");
    const ClientResponse head = client.receive(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    EXPECT_THAT(head.headers.at("content-type"), HasSubstr("text/plain"));
  }
  EXPECT_THAT(get(exporter, "/metrics").body, HasSubstr("\ndepth_max 7\n"));
  EXPECT_THAT(get(exporter, "/metrics").body, HasSubstr("\ndepth_max NaN\n"));
}

TEST_F(ExporterTest, other_methods_are_refused) {
  const Exporter exporter = start();
  TestClient client(exporter.port());
  client.send("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.receive().status, 405);
}

TEST_F(ExporterTest, compresses_where_asked) {
  const auto family = registry.gauge<"i">("g", "G.").value();
  for (int i = 0; i < 5000; ++i) family.at(std::to_string(i)).set(i);
  const Exporter exporter = start();
  const ClientResponse plain = get(exporter, "/metrics");
  EXPECT_EQ(plain.headers.count("content-encoding"), 0U);
  EXPECT_EQ(plain.headers.at("vary"), "Accept, Accept-Encoding");
  const ClientResponse compressed = get(exporter, "/metrics", "Accept-Encoding: br, gzip;q=0.8\r\n");
  EXPECT_EQ(compressed.headers.at("content-encoding"), "gzip");
  EXPECT_TRUE(compressed.complete);
  EXPECT_LT(compressed.body.size(), plain.body.size() / 2);
  EXPECT_EQ(gunzip(compressed.body), plain.body);
  EXPECT_EQ(get(exporter, "/metrics", "Accept-Encoding: gzip;q=0\r\n").headers.count("content-encoding"), 0U);
}

TEST_F(ExporterTest, does_not_compress_when_told_not_to) {
  const Exporter exporter = start({.gzip = false});
  EXPECT_EQ(get(exporter, "/metrics", "Accept-Encoding: gzip\r\n").body, render(registry));
}

TEST_F(ExporterTest, streams_what_is_larger_than_a_chunk) {
  const auto family = registry.gauge<"i">("g", "G.").value();
  for (int i = 0; i < 9000; ++i) family.at("a label value of some length " + std::to_string(i)).set(i);
  const Exporter exporter = start();
  const ClientResponse response = get(exporter, "/metrics");
  EXPECT_TRUE(response.complete);
  EXPECT_GT(response.body.size(), 400'000U);
  EXPECT_EQ(response.body, render(registry));
}

TEST_F(ExporterTest, says_what_is_wrong_with_the_options) {
  const auto error = [&](ExporterOptions options) {
    const auto exporter = Exporter::start(registry, std::move(options));
    return exporter ? std::string("none") : exporter.error().message;
  };
  const Exporter first = start();
  EXPECT_THAT(error({.port = first.port()}), HasSubstr("127.0.0.1:" + std::to_string(first.port())));
  EXPECT_THAT(error({.port = 0, .paths = {}}), HasSubstr("path"));
  EXPECT_THAT(error({.port = 0, .paths = {"metrics"}}), HasSubstr("metrics"));
  EXPECT_THAT(error({.port = 0, .paths = {"/metrics", "/metrics"}}), HasSubstr("/metrics"));
  EXPECT_THAT(error({.port = 0, .paths = {"/health"}}), HasSubstr("/health"));
  EXPECT_THAT(error({.address = "nowhere", .port = 0}), HasSubstr("nowhere"));
  EXPECT_THAT(error({.address = "0.0.0.0", .port = 0}), HasSubstr("TLS"));
  EXPECT_THAT(error({.port = 0, .web_config_file = "/no/such/file.yml"}), HasSubstr("/no/such/file.yml"));
  EXPECT_EQ(get(first, "/health").status, 200);
}

TEST_F(ExporterTest, speaks_tls_and_knows_users_from_a_web_config_file) {
  const test::TestCertificates certificates;
  const auto crypted = std::make_unique<crypt_data>();
  const std::string hash = ::crypt_r("sesame", "$2b$04$abcdefghijklmnopqrstuu", crypted.get());
  const std::string file = certificates.write("web.yml",
                                              "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
                                              "basic_auth_users:\n  prometheus: " +
                                                  hash + "\n");
  const Exporter exporter = start({.web_config_file = file});
  EXPECT_EQ(exporter.url(), "https://127.0.0.1:" + std::to_string(exporter.port()));
  test::ClientTls tls;
  tls.ca_file = certificates.ca();
  TestClient stranger(exporter.port(), tls);
  ASSERT_EQ(stranger.tls_error(), "");
  EXPECT_EQ(stranger.get("/metrics").status, 401);
  TestClient wrong(exporter.port(), tls);
  EXPECT_EQ(wrong.get("/metrics", "Authorization: Basic cHJvbWV0aGV1czp4\r\n").status, 401);  // prometheus:x
  TestClient client(exporter.port(), tls);
  const ClientResponse response =
      client.get("/metrics", "Authorization: Basic cHJvbWV0aGV1czpzZXNhbWU=\r\n");  // :sesame
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, render(registry));
}

TEST_F(ExporterTest, stops_within_a_second_with_connections_open) {
  Exporter exporter = start();
  TestClient idle(exporter.port());
  TestClient kept(exporter.port());
  EXPECT_EQ(kept.get("/metrics").status, 200);
  TestClient halfway(exporter.port());
  halfway.send("GET /metr");
  const std::uint16_t port = exporter.port();
  std::atomic<bool> stopped{false};
  std::thread stopper([&] {
    exporter.stop();
    stopped = true;
  });
  EXPECT_TRUE(kept.is_closed_by_server());
  EXPECT_TRUE(idle.is_closed_by_server());
  EXPECT_TRUE(halfway.is_closed_by_server());
  stopper.join();
  EXPECT_TRUE(stopped);
  exporter.stop();
  EXPECT_TRUE(Exporter::start(registry, {.port = port})) << "the port is free again";
}

TEST_F(ExporterTest, may_be_moved) {
  Exporter exporter = start();
  Exporter other = std::move(exporter);
  EXPECT_EQ(get(other, "/health").status, 200);
  other = start();
  EXPECT_EQ(get(other, "/health").status, 200);
}

TEST_F(ExporterTest, serves_many_while_metrics_change) {
  const Exporter exporter = start();
  const auto orders = registry.counter<"i">("busy_total", "B.").value();
  std::atomic<bool> stop{false};
  std::thread trader([&] {
    for (int i = 0; !stop; ++i) orders.at(std::to_string(i % 2000)).inc();
  });
  std::vector<std::thread> scrapers;
  scrapers.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    scrapers.emplace_back([&] {
      TestClient client(exporter.port());
      for (int round = 0; round < 10; ++round) {
        const ClientResponse response = client.get("/metrics", "Accept: application/openmetrics-text\r\n");
        ASSERT_TRUE(response.complete);
        EXPECT_TRUE(exposition::parse_exposition(response.headers.at("content-type"), response.body));
      }
    });
  }
  for (std::thread& scraper : scrapers) scraper.join();
  stop = true;
  trader.join();
}

TEST(AcceptsGzip, reads_the_header_as_it_is_meant) {
  using exporter::accepts_gzip;
  for (const char* yes : {"gzip", "deflate, gzip", "gzip;q=0.5", " gzip ; q=1.0", "br;q=1, gzip;q=0.001"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const char* no : {"", "identity", "gzip;q=0", "gzip; q=0.000", "xgzip", "br, deflate", ",,;;", "gzipped"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

}  // namespace
}  // namespace bellwether
