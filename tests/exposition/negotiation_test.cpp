// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/exposition.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace bellwether {
namespace {

constexpr const char* protobuf_type =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

TEST(Negotiation, gives_prometheus_2_42_what_it_likes_best) {
  const auto format = negotiate(
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/"
      "plain;version=0.0.4;q=0.5,"
      "*/*;q=0.1");
  EXPECT_EQ(format.exposition, Exposition::openmetrics);
  EXPECT_EQ(format.version, "1.0.0");
  EXPECT_EQ(format.escaping, Escaping::underscores);
  EXPECT_EQ(format.content_type(), "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores");
}

TEST(Negotiation, gives_prometheus_2_42_protobuf_when_native_histograms_are_on) {
  const auto format =
      negotiate(std::string(protobuf_type) +
                ",application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,"
                "text/plain;version=0.0.4;q=0.5,*/*;q=0.1");
  EXPECT_EQ(format.exposition, Exposition::protobuf);
  EXPECT_EQ(format.content_type(),
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; "
            "escaping=underscores");
}

TEST(Negotiation, gives_prometheus_3_utf8_names) {
  const auto text = negotiate(
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/"
      "openmetrics-text;version=0.0.1;q=0.5,"
      "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
  EXPECT_EQ(text.exposition, Exposition::openmetrics);
  EXPECT_EQ(text.escaping, Escaping::allow_utf8);
  const auto protobuf = negotiate(
      std::string(protobuf_type) +
      ";escaping=allow-utf-8;q=0.7,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.2");
  EXPECT_EQ(protobuf.exposition, Exposition::protobuf);
  EXPECT_EQ(protobuf.escaping, Escaping::allow_utf8);
  const auto plain = negotiate("text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3");
  EXPECT_EQ(plain.content_type(), "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8");
}

TEST(Negotiation, gives_text_to_all_others) {
  for (const char* accept :
       {"", "*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json", "text/plain",
        "text/plain;version=9", "application/openmetrics-text;version=2.0.0", "application/vnd.google.protobuf",
        "application/vnd.google.protobuf;proto=other;encoding=delimited",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text"}) {
    EXPECT_EQ(negotiate(accept).exposition, Exposition::text) << accept;
    EXPECT_EQ(negotiate(accept).content_type(), "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")
        << accept;
  }
}

TEST(Negotiation, obeys_quality) {
  const auto exposition = [](const char* accept) { return negotiate(accept).exposition; };
  EXPECT_EQ(exposition("text/plain;q=0.4,application/openmetrics-text;q=0.5"), Exposition::openmetrics);
  EXPECT_EQ(exposition("text/plain;q=0.5,application/openmetrics-text;q=0.4"), Exposition::text);
  EXPECT_EQ(exposition("application/openmetrics-text;q=0.5,text/plain;q=0.5"), Exposition::openmetrics)
      << "a tie: the first";
  EXPECT_EQ(exposition("text/plain;q=0.5,application/openmetrics-text;q=0.5"), Exposition::text);
  EXPECT_EQ(exposition("application/openmetrics-text;q=0,text/plain;q=0.1"), Exposition::text);
  EXPECT_EQ(exposition("application/openmetrics-text;q=0"), Exposition::text);
  EXPECT_EQ(exposition("application/unknown,application/openmetrics-text;q=0.001"), Exposition::openmetrics);
}

TEST(Negotiation, reads_headers_as_people_write_them) {
  EXPECT_EQ(negotiate(" Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=0.5 ,text/plain;q=0.1").exposition,
            Exposition::openmetrics);
  EXPECT_EQ(negotiate("text/plain;q=0.1,\tapplication/openmetrics-text").exposition, Exposition::openmetrics);
  EXPECT_EQ(negotiate("text/plain;escaping=dots").escaping, Escaping::dots);
  EXPECT_EQ(negotiate("text/plain;escaping=values").escaping, Escaping::values);
  EXPECT_EQ(negotiate("text/plain;escaping=something").escaping, Escaping::underscores);
}

TEST(Negotiation, survives_garbage) {
  for (const char* accept :
       {",", ";", ";;;,,,", "=", "q=", ";q", "text/plain;q=nan", "text/plain;q=-1", "text/plain;q=1e999",
        "text/plain;q=inf", "\"", "text/plain;version=\"", "text/plain;version=\"\"", "\xff\xfe", "a;q=0.5;q=x,b"}) {
    EXPECT_EQ(negotiate(accept).exposition, Exposition::text) << accept;
  }
  std::mt19937_64 random(4);
  const std::string alphabet = "text/plainq=;,.\" 0159*openmetrics\xff";
  for (int i = 0; i < 20'000; ++i) {
    std::string accept;
    for (std::size_t size = random() % 60; size-- > 0;) accept += alphabet[random() % alphabet.size()];
    EXPECT_FALSE(negotiate(accept).content_type().empty());
  }
}

}  // namespace
}  // namespace bellwether
