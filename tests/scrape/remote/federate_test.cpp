// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "exposition/parsed_metrics.hpp"
#include "scrape/remote/federate_route.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::remote {
namespace {

class FederateTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open();
  }
  std::string get(const std::string& query, const std::string& accept = "text/plain", int status = 200) {
    FederateOptions with;
    with.external_labels = [] { return Labels{{"region", "eu"}, {"job", "other"}}; };
    with.clock = &clock;
    const net::Route route = federate_route(*store, with);
    EXPECT_TRUE(route.blocking);
    net::Request request;
    request.method = "GET";
    request.query = query;
    request.headers = {{"Accept", accept}};
    net::Response response = route.handler(request);
    EXPECT_EQ(response.status, status);
    type = response.content_type;
    if (auto* const text = std::get_if<std::string>(&response.body)) return *text;
    std::string out;
    auto& source = *std::get<std::unique_ptr<net::BodySource>>(response.body);
    for (bool more = true; more;) {
      std::string chunk;
      more = source.next(chunk);
      out += chunk;
    }
    return out;
  }
  std::string type;
};

TEST_F(FederateTest, GivesTheNewestOfEachSeriesSortedByName) {
  append(series({{"__name__", "up"}, {"job", "desk"}, {"instance", "a:1"}}), noon - 2000, 0);
  append(series({{"__name__", "up"}, {"job", "desk"}, {"instance", "a:1"}}), noon - 1000, 1);
  append(series({{"Zone", "z"}, {"__name__", "orders_total"}, {"text", "a \"b\"\\\n"}}), noon - 5000, 17.5);
  append(series({{"__name__", "old"}}), noon - 400'000, 1);
  append(series({{"__name__", "gone"}}), noon - 2000, 1);
  append(series({{"__name__", "gone"}}), noon - 1000, std::bit_cast<double>(std::uint64_t{0x7ff0000000000002}));
  EXPECT_EQ(get("match[]=%7B__name__%3D~%22.%2B%22%7D&match%5B%5D=up"),
            "# TYPE orders_total untyped\n"
            "orders_total{Zone=\"z\",instance=\"\",job=\"other\",region=\"eu\",text=\"a \\\"b\\\"\\\\\\n\"} 17.5 " +
                std::to_string(noon - 5000) +
                "\n"
                "# TYPE up untyped\n"
                "up{instance=\"a:1\",job=\"desk\",region=\"eu\"} 1 " +
                std::to_string(noon - 1000) + "\n");
  EXPECT_TRUE(type.starts_with("text/plain"));
  EXPECT_EQ(get("match[]=nothing"), "");
}

TEST_F(FederateTest, ProtobufHasNativeHistograms) {
  storage::HistogramValue value;
  value.schema = 2;
  value.count = 6;
  value.sum = 9;
  value.zero_threshold = 0.001;
  value.zero_count = 1;
  value.positive_spans = {{0, 2}};
  value.positive_counts = {2, 3};
  storage::Appender appender = store->appender();
  appender.append(series({{"__name__", "latency"}}), noon - 1000, value);
  appender.append(series({{"__name__", "up"}}), noon - 1000, 1);
  appender.append(series({{"__name__", "up"}, {"job", "x"}}), noon - 1000, 2);
  appender.commit();
  const std::string accept =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
  const std::string bytes = get("match[]=%7B__name__%3D~%22.%2B%22%7D", accept);
  const auto parsed = exposition::parse_exposition(type, bytes);
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_EQ(parsed->families.size(), 2U);
  ASSERT_EQ(parsed->families[0].samples.size(), 1U);
  ASSERT_TRUE(parsed->families[0].samples[0].histogram);
  EXPECT_EQ(*parsed->families[0].samples[0].histogram, value);
  EXPECT_EQ(parsed->families[1].samples.size(), 2U);
  EXPECT_EQ(parsed->families[1].type, exposition::FamilyType::unknown);
  EXPECT_EQ(get("match[]=latency"), "");
}

TEST_F(FederateTest, AsksForASelector) {
  EXPECT_NE(get("", "", 400).find("match[]"), std::string::npos);
  EXPECT_NE(get("match[]=%7B", "", 400).find("1:"), std::string::npos);
}

}  // namespace
}  // namespace bellwether::remote
