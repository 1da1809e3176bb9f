// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/protobuf_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "exposition/parsed_metrics.hpp"

namespace bellwether::exposition {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* protobuf_type =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/// Writes messages field by field, also wrong ones.
struct Message {
  std::string bytes;

  Message& raw_varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7U) bytes += static_cast<char>((value & 127U) | 128U);
    bytes += static_cast<char>(value);
    return *this;
  }
  Message& raw_double(double value) {
    for (int i = 0; i < 64; i += 8) bytes += static_cast<char>(std::bit_cast<std::uint64_t>(value) >> i & 255U);
    return *this;
  }
  Message& number(unsigned field, std::uint64_t value) { return raw_varint(field << 3U).raw_varint(value); }
  Message& zigzag(unsigned field, std::int64_t value) {
    return number(field, static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63));
  }
  Message& real(unsigned field, double value) { return raw_varint(field << 3U | 1U).raw_double(value); }
  Message& text(unsigned field, std::string_view value) {
    raw_varint(field << 3U | 2U).raw_varint(value.size());
    bytes += value;
    return *this;
  }
  Message& message(unsigned field, const Message& inner) { return text(field, inner.bytes); }
  Message& label(std::string_view name, std::string_view value) {
    return message(1, Message{}.text(1, name).text(2, value));
  }
};

Message family(std::string_view name, std::uint64_t type) {
  return Message{}.text(1, name).number(3, type);
}

std::string delimited(const Message& message) {
  return Message{}.raw_varint(message.bytes.size()).bytes + message.bytes;
}

/// A family with one metric that has one value.
std::string document(std::uint64_t type, unsigned value_field, const Message& value) {
  return delimited(family("m", type).message(4, Message{}.message(value_field, value)));
}

ParsedMetrics parse(std::string_view body, ReaderOptions options = {}) {
  return parse_exposition(protobuf_type, body, options).value();
}

std::string error_of(std::string_view body) {
  const Result<ParsedMetrics> parsed = parse_exposition(protobuf_type, body);
  return parsed ? "no error" : parsed.error().message;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

// Written by protoc 3.21 from text with the metrics.proto of client_model 0.6.2.
const std::string counter_of_protoc = from_hex(
    "87010a0c6f72646572735f746f74616c120c4f72646572732073656e742e180022650a0d0a0576656e7565120469626b720a"
    "0b0a047369646512036275791a4009000000000000314012270a0f0a0874726163655f6964120361626311000000000000f8"
    "3f1a0b08a6b5d5b50610959aef3a1a0c08a8b3d5b5061080cab5ee0130d8b8a8a393322a00");
const std::string native_of_protoc = from_hex(
    "d4010a0f6c6174656e63795f7365636f6e647312084c6174656e63792e180422ab010a0a0a0576656e75651201613a9c0108"
    "091100000000000012401a1e0804119a9999999999b93f1a110a060a0174120131119a9999999999a93f1a0b080911000000"
    "000000f03f280631fca9f1d24d62503f38024a040802100150046204080310026204080610016802680468037a0608a8b3d5"
    "b50682011d0a0e0a0874726163655f696412026e31119a9999999999c93f1a02080582011211333333333333d33f1a070806"
    "10c09fab032a077365636f6e6473");
const std::string float_of_protoc = from_hex(
    "570a0564657074681805224c3a4a11000000000000f0bf210000000000000440280741000000000000e03f4a04080010004a"
    "040808100159000000000000e03f62040800100271000000000000e03f71000000000000f03f");

TEST(ProtobufReader, ReadsACounterThatProtocWrote) {
  const ParsedMetrics metrics = parse(counter_of_protoc);
  ASSERT_EQ(metrics.families.size(), 1U);
  EXPECT_EQ(metrics.families[0].name, "orders_total");
  EXPECT_EQ(metrics.families[0].help, "Orders sent.");
  EXPECT_EQ(metrics.families[0].type, FamilyType::counter);
  ASSERT_EQ(metrics.sample_count(), 1U);
  const ParsedSample& sample = metrics.families[0].samples[0];
  EXPECT_EQ(sample.name, "orders_total");
  EXPECT_THAT(sample.labels, ElementsAre(ParsedLabel{"venue", "ibkr"}, ParsedLabel{"side", "buy"}));
  EXPECT_EQ(sample.value, 17);
  EXPECT_EQ(sample.timestamp_ms, 1723161255000);
  EXPECT_EQ(sample.created_ms, 1723161000500);
  EXPECT_THAT(sample.exemplars, ElementsAre(ParsedExemplar{{{"trace_id", "abc"}}, 1.5, 1723161254123}));
}

TEST(ProtobufReader, ReadsANativeHistogramThatProtocWrote) {
  const ParsedMetrics metrics = parse(native_of_protoc);
  EXPECT_EQ(metrics.families[0].unit, "seconds");
  ASSERT_EQ(metrics.sample_count(), 1U);
  const ParsedSample& sample = metrics.families[0].samples[0];
  const NativeHistogramValue expected{.schema = 3,
                                      .zero_threshold = 0.001,
                                      .zero_count = 2,
                                      .count = 9,
                                      .sum = 4.5,
                                      .positive_spans = {{-2, 2}, {3, 1}},
                                      .positive_counts = {1, 3, 1},
                                      .negative_spans = {{1, 1}},
                                      .negative_counts = {2}};
  EXPECT_EQ(sample.histogram, expected);
  EXPECT_EQ(sample.created_ms, 1723161000000);
  EXPECT_THAT(sample.exemplars,
              ElementsAre(ParsedExemplar{{{"trace_id", "n1"}}, 0.2, 5000}, ParsedExemplar{{}, 0.3, 6007}));
}

TEST(ProtobufReader, GivesTheClassicSeriesOfANativeHistogramOnlyWhenAsked) {
  const ParsedMetrics metrics = parse(native_of_protoc, {.classic_histograms_too = true});
  ASSERT_EQ(metrics.sample_count(), 6U);
  EXPECT_TRUE(metrics.families[0].samples[0].histogram);
  EXPECT_EQ(metrics.value("latency_seconds_count", {{"venue", "a"}}), 9);
  EXPECT_EQ(metrics.value("latency_seconds_sum"), 4.5);
  EXPECT_EQ(metrics.value("latency_seconds_bucket", {{"le", "0.1"}}), 4);
  EXPECT_EQ(metrics.value("latency_seconds_bucket", {{"le", "1.0"}}), 9);
  EXPECT_EQ(metrics.value("latency_seconds_bucket", {{"le", "+Inf"}}), 9);
  EXPECT_THAT(metrics.sample("latency_seconds_bucket", {{"le", "0.1"}})->exemplars, SizeIs(1));
}

TEST(ProtobufReader, ReadsAFloatGaugeHistogramThatProtocWrote) {
  const NativeHistogramValue expected{.schema = -4,
                                      .zero_count = 0.5,
                                      .count = 2.5,
                                      .sum = -1,
                                      .positive_spans = {{0, 2}},
                                      .positive_counts = {0.5, 1},
                                      .negative_spans = {{4, 1}},  // the span without buckets is dropped
                                      .negative_counts = {0.5},
                                      .integer = false,
                                      .gauge = true};
  EXPECT_EQ(parse(float_of_protoc).families[0].samples[0].histogram, expected);
}

TEST(ProtobufReader, TakesPackedBucketsToo) {
  Message deltas;
  deltas.raw_varint(2).raw_varint(1);  // 1, then one less
  const std::string body =
      document(4, 7, Message{}.number(1, 1).message(12, Message{}.zigzag(1, 5).number(2, 2)).message(13, deltas));
  const NativeHistogramValue value = *parse(body).families[0].samples[0].histogram;
  EXPECT_THAT(value.positive_counts, ElementsAre(1, 0));
  const std::string counts = document(
      4, 7,
      Message{}.real(4, 3).message(12, Message{}.number(2, 2)).message(14, Message{}.raw_double(1).raw_double(2)));
  EXPECT_THAT(parse(counts).families[0].samples[0].histogram->positive_counts, ElementsAre(1, 2));
}

TEST(ProtobufReader, ReadsGaugesAndUntyped) {
  EXPECT_EQ(parse(document(1, 2, Message{}.real(1, -2.5))).value("m"), -2.5);
  EXPECT_EQ(parse(document(3, 5, Message{}.real(1, 7))).value("m"), 7);
  EXPECT_EQ(parse(document(0, 3, Message{})).value("m"), 0);  // proto3 leaves out what is zero
}

TEST(ProtobufReader, UnfoldsSummariesAndClassicHistogramsAsPrometheusDoes) {
  const Message quantile = Message{}.real(1, 0.5).real(2, 0.25);
  const std::string summary = document(2, 4, Message{}.number(1, 3).real(2, 1.5).message(3, quantile));
  const ParsedMetrics one = parse(summary);
  EXPECT_EQ(one.value("m_count"), 3);
  EXPECT_EQ(one.value("m_sum"), 1.5);
  EXPECT_EQ(one.value("m", {{"quantile", "0.5"}}), 0.25);
  EXPECT_EQ(one.families.size(), 1U);

  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Message first = Message{}.number(1, 2).real(2, 10);
  const Message last = Message{}.number(1, 3).real(2, infinity);
  const ParsedMetrics two = parse(document(4, 7, Message{}.number(1, 3).real(2, 9).message(3, first).message(3, last)));
  ASSERT_EQ(two.sample_count(), 4U);
  EXPECT_EQ(two.families[0].samples[0].name, "m_count");
  EXPECT_EQ(two.families[0].samples[1].name, "m_sum");
  EXPECT_EQ(two.value("m_bucket", {{"le", "10.0"}}), 2);
  EXPECT_EQ(two.value("m_bucket", {{"le", "+Inf"}}), 3);
}

TEST(ProtobufReader, NeverLetsAStaleMarkerThrough) {
  const double stale = std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
  const double value = *parse(document(1, 2, Message{}.real(1, stale))).value("m");
  EXPECT_EQ(std::bit_cast<std::uint64_t>(value), 0x7ff8000000000001U);
}

TEST(ProtobufReader, GivesEachSeriesAKeyOfItsOwnAndTheSameOneAgain) {
  std::string body =
      counter_of_protoc + native_of_protoc + document(2, 4, Message{}.message(3, Message{}.real(1, 0.5)));
  const Message plain = Message{}.message(3, Message{}.real(1, 1));
  const Message labelled = Message{}.label("a", "b").message(3, Message{}.real(1, 1));
  body += delimited(family("n", 0).message(4, plain).message(4, labelled));
  std::set<std::string, std::less<>> keys;
  for (int round = 0; round < 2; ++round) {
    ProtobufReader reader(body, {.classic_histograms_too = true});
    std::size_t series = 0;
    for (Entry entry = reader.next().value(); entry != Entry::end; entry = reader.next().value()) {
      if (entry != Entry::sample && entry != Entry::histogram) continue;
      ++series;
      keys.emplace(reader.series_key());
    }
    EXPECT_EQ(series, 1U + 6U + 3U + 2U);
    EXPECT_EQ(keys.size(), series);
  }
}

TEST(ProtobufReader, SkipsUnknownFields) {
  const Message value =
      Message{}.real(1, 4).number(99, 1).text(98, "x").raw_varint(97U << 3U | 5U).raw_varint(0).raw_varint(0);
  std::string bytes = value.bytes + std::string(2, '\0');
  EXPECT_EQ(parse(document(1, 2, Message{bytes})).value("m"), 4);
}

TEST(ProtobufReader, SaysWhereTheInputIsWrong) {
  EXPECT_EQ(error_of("\x05"),
            "byte 0: expected a MetricFamily message with its length before it (is the input cut off?)");
  EXPECT_THAT(error_of(counter_of_protoc + "\xff"), HasSubstr("byte 137: expected a MetricFamily"));
  EXPECT_THAT(error_of(delimited(Message{}.number(3, 0))), HasSubstr("a metric name that is not empty"));
  EXPECT_THAT(error_of(delimited(family("m", 6))), HasSubstr("expected a metric type from 0 (counter) to 5"));
  EXPECT_THAT(error_of(delimited(family(std::string(5000, 'x'), 0))), HasSubstr("at most 4096 bytes"));
  EXPECT_THAT(error_of(delimited(family("\xff", 0))), HasSubstr("valid UTF-8"));
  EXPECT_THAT(error_of(document(0, 2, Message{})), HasSubstr("a value of its family's type, in family \"m\""));
  EXPECT_THAT(error_of(document(0, 3, Message{"\x0b"})), HasSubstr("a wire type of 0, 1, 2 or 5"));
  EXPECT_THAT(error_of(document(0, 3, Message{"\x02"})), HasSubstr("a field number from 1"));
  EXPECT_THAT(error_of(document(0, 3, Message{std::string(11, '\xff')})), HasSubstr("a varint of at most 10 bytes"));
  EXPECT_THAT(error_of(document(0, 3, Message{"\x09"})), HasSubstr("more bytes"));
}

TEST(ProtobufReader, RefusesLabelsThatNameNoSeries) {
  const auto with_labels = [](Message metric) {
    return delimited(family("m", 4).message(4, metric.message(7, Message{})));
  };
  EXPECT_THAT(error_of(with_labels(Message{}.label("a", "1").label("a", "2"))), HasSubstr("each label once"));
  EXPECT_THAT(error_of(with_labels(Message{}.label("", "1"))), HasSubstr("a label name that is not empty"));
  EXPECT_THAT(error_of(with_labels(Message{}.label("a", "\xff"))), HasSubstr("a label in valid UTF-8"));
  EXPECT_THAT(error_of(with_labels(Message{}.label("__name__", "x"))), HasSubstr("other than __name__"));
  EXPECT_THAT(error_of(with_labels(Message{}.label("le", "1"))), HasSubstr("no label \"le\""));
}

TEST(ProtobufReader, RefusesNativeHistogramsThatContradictThemselves) {
  const auto with = [](const Message& value) { return error_of(document(4, 7, value)); };
  const Message span = Message{}.zigzag(1, 0).number(2, 2);
  EXPECT_THAT(with(Message{}.message(12, span)), HasSubstr("as many bucket counts as the spans have buckets"));
  EXPECT_THAT(with(Message{}.message(12, span).zigzag(13, 1)), HasSubstr("as many bucket counts"));
  EXPECT_THAT(with(Message{}.message(12, span).zigzag(13, 1).zigzag(13, -2)), HasSubstr("between 0 and 2^63"));
  EXPECT_THAT(with(Message{}.message(12, span).zigzag(13, std::numeric_limits<std::int64_t>::max()).zigzag(13, 1)),
              HasSubstr("between 0 and 2^63"));
  EXPECT_THAT(with(Message{}.real(4, 1).message(12, span).real(14, -1).real(14, 1)), HasSubstr("zero or more"));
  EXPECT_THAT(with(Message{}.zigzag(5, 9).message(12, Message{})), HasSubstr("schema from -4 to 8"));
  EXPECT_THAT(with(Message{}.message(12, Message{}.number(2, 0xffffffff))), HasSubstr("bucket indexes below 2^31"));
  EXPECT_THAT(with(Message{}.message(12, Message{}).message(12, Message{}.zigzag(1, -1))),
              HasSubstr("ascending order"));
  EXPECT_EQ(with(Message{}.message(12, Message{})), "no error");  // a native histogram without observations
}

TEST(ProtobufReader, DoesNotLetASmallMessageUnfoldIntoGigabytes) {
  Message histogram;
  for (int i = 0; i < 1000; ++i) histogram.message(3, Message{}.number(1, 1).real(2, i));
  const Message metric = Message{}.label("a", std::string(10000, 'x')).message(7, histogram);
  EXPECT_THAT(error_of(delimited(family("m", 4).message(4, metric))), HasSubstr("at most 4 MiB"));
}

TEST(ProtobufReader, GivesAPrefixOrAnErrorWhereverTheInputIsCutOrAByteIsWrong) {
  const std::string whole = counter_of_protoc + native_of_protoc + float_of_protoc;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    const Result<ParsedMetrics> parsed = parse_exposition(protobuf_type, cut, {.classic_histograms_too = true});
    const bool between_families =
        size == 0 || size == counter_of_protoc.size() || size == counter_of_protoc.size() + native_of_protoc.size();
    EXPECT_EQ(parsed.has_value(), between_families) << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string wrong = whole;
      wrong[at] = static_cast<char>(static_cast<unsigned char>(wrong[at]) ^ 1U << bit);
      const Result<ParsedMetrics> parsed = parse_exposition(protobuf_type, wrong);
      if (!parsed) {
        EXPECT_THAT(parsed.error().message, HasSubstr("byte "));
      }
    }
  }
}

TEST(OpenExposition, ChoosesTheFormatByContentType) {
  EXPECT_TRUE(open_exposition("text/plain", ""));
  EXPECT_TRUE(open_exposition("Text/Plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8", ""));
  EXPECT_TRUE(open_exposition("application/openmetrics-text;version=1.0.0", ""));
  EXPECT_TRUE(open_exposition(protobuf_type, ""));
  EXPECT_TRUE(open_exposition(
      "application/vnd.google.protobuf;encoding=\"delimited\";proto=io.prometheus.client.MetricFamily", ""));
  for (const char* refused :
       {"", "text/html", "application/json", "application/vnd.google.protobuf",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text"}) {
    const auto reader = open_exposition(refused, "");
    ASSERT_FALSE(reader) << refused;
    EXPECT_THAT(reader.error().message, HasSubstr("expected text/plain"));
  }
}

}  // namespace
}  // namespace bellwether::exposition
