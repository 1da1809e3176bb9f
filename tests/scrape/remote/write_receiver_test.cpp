// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/write_receiver.hpp"

#include <gtest/gtest.h>

#include "scrape/remote/snappy_block.hpp"
#include "scrape/remote/write_encoder.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::remote {
namespace {

class WriteReceiverTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    storage::StoreOptions with = options();
    with.series_limit = 5;
    open(with);
    receiver.emplace(
        *store, ReceiverOptions{.metadata = &metadata, .exemplars = &exemplars, .max_uncompressed_bytes = 100'000});
  }
  void TearDown() override {
    receiver.reset();
    StoreTest::TearDown();
  }
  static OutgoingSample sample(Labels labels, std::int64_t time, double value) {
    return {std::make_shared<OutgoingSeries>(OutgoingSeries{std::move(labels)}), time, value};
  }
  net::Response post(MessageVersion version, const std::vector<OutgoingSample>& samples, const MetadataOf& of = {}) {
    return post(version == MessageVersion::v1 ? "application/x-protobuf"
                                              : "application/x-protobuf; proto=io.prometheus.write.v2.Request",
                "snappy", snappy_compress(encode_write_message(version, samples, of)));
  }
  net::Response post(const std::string& type, const std::string& encoding, std::string body) {
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", type}, {"Content-Encoding", encoding}};
    request.body = std::move(body);
    return receiver->handle(request);
  }
  static std::string header(const net::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == "X-Prometheus-Remote-Write-" + name + "-Written") return value;
    }
    return "none";
  }
  static std::string body(const net::Response& response) { return std::get<std::string>(response.body); }

  scrape::MetadataStore metadata;
  scrape::ExemplarStore exemplars;
  std::optional<WriteReceiver> receiver;
};

TEST_F(WriteReceiverTest, StoresWhatBothVersionsBring) {
  const net::Response first =
      post(MessageVersion::v1, {sample({{"__name__", "up"}}, noon, 1), sample({{"__name__", "up"}}, noon + 1, 2)});
  EXPECT_EQ(first.status, 204);
  EXPECT_EQ(header(first, "Samples"), "2");
  const net::Response second = post(MessageVersion::v2, {sample({{"__name__", "up"}}, noon + 2, 3)});
  EXPECT_EQ(second.status, 204);
  EXPECT_EQ(header(second, "Samples"), "1");
  EXPECT_EQ(header(second, "Histograms"), "0");
  EXPECT_EQ(read("up").size(), 3U);
}

TEST_F(WriteReceiverTest, KeepsHistogramsExemplarsAndMetadata) {
  const auto series = std::make_shared<OutgoingSeries>(OutgoingSeries{{{"__name__", "latency"}}});
  auto extra = std::make_shared<OutgoingExtra>();
  extra->histogram.count = 3;
  extra->histogram.zero_count = 3;
  auto exemplar = std::make_shared<OutgoingExtra>();
  exemplar->is_exemplar = true;
  exemplar->exemplar_labels = {{"trace_id", "abc"}};
  const MetadataOf of = [](const OutgoingSeries&) {
    return std::make_shared<FamilyMetadata>(
        FamilyMetadata{"latency", exposition::FamilyType::histogram, "Latency.", "s"});
  };
  const net::Response response =
      post(MessageVersion::v2, {{series, noon, 0, extra}, {series, noon, 0.5, exemplar}}, of);
  EXPECT_EQ(response.status, 204) << body(response);
  EXPECT_EQ(header(response, "Histograms"), "1");
  EXPECT_EQ(header(response, "Samples"), "0");
  EXPECT_EQ(header(response, "Exemplars"), "1");
  EXPECT_EQ(exemplars.size(), 1U);
  const scrape::FamilyMetadataPtr family = metadata.find("latency");
  ASSERT_NE(family, nullptr);
  EXPECT_EQ(family->type, exposition::FamilyType::histogram);
  EXPECT_EQ(family->help, "Latency.");
  EXPECT_EQ(family->unit, "s");
}

TEST_F(WriteReceiverTest, RefusesPartsAndStoresTheRest) {
  ASSERT_EQ(post(MessageVersion::v1, {sample({{"__name__", "up"}}, noon, 1)}).status, 204);
  const std::vector<OutgoingSample> bad{
      sample({{"__name__", "up"}}, noon, 2),                             // another value
      sample({{"__name__", "up"}}, noon - 3'600'000, 1),                 // too old
      sample({{"__name__", "up"}}, noon + 3'600'000, 1),                 // ahead
      sample({{"job", "desk"}}, noon, 1),                                // no name
      sample({{"__name__", "x"}, {"job", "a"}, {"job", "b"}}, noon, 1),  // twice
      sample({{"__name__", "\xff"}}, noon, 1),
  };
  for (const MessageVersion version : {MessageVersion::v1, MessageVersion::v2}) {
    for (const OutgoingSample& each : bad) {
      const std::int64_t time = noon + 10 + static_cast<std::int64_t>(version) * 10'000 + (&each - bad.data());
      const net::Response response = post(version, {each, sample({{"__name__", "good"}}, time, 1)});
      EXPECT_EQ(response.status, 400);
      EXPECT_EQ(header(response, "Samples"), "1");
      EXPECT_FALSE(body(response).empty());
    }
  }
  EXPECT_EQ(read("good").size(), 12U);
  EXPECT_EQ(post(MessageVersion::v1, {sample({{"__name__", "up"}}, noon, 1)}).status, 204);  // repeated: it is there
}

TEST_F(WriteReceiverTest, TheLimitOfSeriesHolds) {
  std::vector<OutgoingSample> samples;
  for (int i = 0; i < 8; ++i) samples.push_back(sample({{"__name__", "s" + std::to_string(i)}}, noon, i));
  const net::Response response = post(MessageVersion::v2, samples);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(header(response, "Samples"), "5");
  EXPECT_NE(body(response).find("3 samples are refused"), std::string::npos);
}

TEST_F(WriteReceiverTest, OtherTypesAndBrokenBodiesAreRefused) {
  const std::string good =
      snappy_compress(encode_write_message(MessageVersion::v1, std::vector{sample({{"__name__", "up"}}, noon, 1)}));
  EXPECT_EQ(post("application/json", "snappy", good).status, 415);
  EXPECT_EQ(post("application/x-protobuf;proto=io.prometheus.write.v3.Request", "snappy", good).status, 415);
  EXPECT_EQ(post("application/x-protobuf", "gzip", good).status, 415);
  EXPECT_EQ(post("application/x-protobuf", "snappy", "garbage").status, 400);
  EXPECT_EQ(post("application/x-protobuf", "snappy", snappy_compress(std::string(200'000, 'x'))).status, 400);
  EXPECT_EQ(post("application/x-protobuf", "snappy", snappy_compress("\x0a\x7f")).status, 400);
  EXPECT_TRUE(read("up").empty());
  EXPECT_EQ(post("", "", good).status, 204);  // receivers of 1.0 never looked
  EXPECT_EQ(post("Application/X-Protobuf; proto=prometheus.WriteRequest", "Snappy", good).status, 204);
}

}  // namespace
}  // namespace bellwether::remote
