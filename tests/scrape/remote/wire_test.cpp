// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <memory>
#include <random>

#include "scrape/remote/snappy_block.hpp"
#include "scrape/remote/write_decoder.hpp"
#include "scrape/remote/write_encoder.hpp"
#include "storage/histogram_codec.hpp"

namespace bellwether::remote {
namespace {

namespace pb = google::protobuf;

using Field = pb::FieldDescriptorProto;

/// The messages as the specification describes them, for protobuf's own library.
class Oracle {
 public:
  Oracle() {
    file_description_.set_name("oracle.proto");
    file_description_.set_package("oracle");
    file_description_.set_syntax("proto3");
    constexpr auto u32 = Field::TYPE_UINT32;
    constexpr auto u64 = Field::TYPE_UINT64;
    constexpr auto i64 = Field::TYPE_INT64;
    constexpr auto i32 = Field::TYPE_INT32;
    constexpr auto s32 = Field::TYPE_SINT32;
    constexpr auto s64 = Field::TYPE_SINT64;
    constexpr auto real = Field::TYPE_DOUBLE;
    constexpr auto text = Field::TYPE_STRING;
    constexpr auto part = Field::TYPE_MESSAGE;
    add("Span", {{"offset", 1, s32}, {"length", 2, u32}});
    add("Histogram", {{"count_int", 1, u64},
                      {"count_float", 2, real},
                      {"sum", 3, real},
                      {"schema", 4, s32},
                      {"zero_threshold", 5, real},
                      {"zero_count_int", 6, u64},
                      {"zero_count_float", 7, real},
                      {"negative_spans", 8, part, "Span"},
                      {"negative_deltas", 9, s64, "*"},
                      {"negative_counts", 10, real, "*"},
                      {"positive_spans", 11, part, "Span"},
                      {"positive_deltas", 12, s64, "*"},
                      {"positive_counts", 13, real, "*"},
                      {"reset_hint", 14, i32},
                      {"timestamp", 15, i64},
                      {"custom_values", 16, real, "*"}});
    add("Label", {{"name", 1, text}, {"value", 2, text}});
    add("Sample", {{"value", 1, real}, {"timestamp", 2, i64}});
    add("Exemplar1", {{"labels", 1, part, "Label"}, {"value", 2, real}, {"timestamp", 3, i64}});
    add("Series1", {{"labels", 1, part, "Label"},
                    {"samples", 2, part, "Sample"},
                    {"exemplars", 3, part, "Exemplar1"},
                    {"histograms", 4, part, "Histogram"}});
    add("Metadata1", {{"type", 1, i32}, {"metric_family_name", 2, text}, {"help", 4, text}, {"unit", 5, text}});
    add("Request1", {{"timeseries", 1, part, "Series1"}, {"metadata", 3, part, "Metadata1"}});
    add("Exemplar2", {{"labels_refs", 1, u32, "*"}, {"value", 2, real}, {"timestamp", 3, i64}});
    add("Metadata2", {{"type", 1, i32}, {"help_ref", 3, u32}, {"unit_ref", 4, u32}});
    add("Series2", {{"labels_refs", 1, u32, "*"},
                    {"samples", 2, part, "Sample"},
                    {"histograms", 3, part, "Histogram"},
                    {"exemplars", 4, part, "Exemplar2"},
                    {"metadata", 5, part, "Metadata2", false}});
    add("Request2", {{"symbols", 4, text, "*"}, {"timeseries", 5, part, "Series2"}});
    file_ = pool_.BuildFile(file_description_);
    EXPECT_NE(file_, nullptr);
  }
  std::unique_ptr<pb::Message> message(const char* name) {
    return std::unique_ptr<pb::Message>(factory_.GetPrototype(file_->FindMessageTypeByName(name))->New());
  }
  std::unique_ptr<pb::Message> parse(const char* name, const std::string& bytes) {
    auto out = message(name);
    EXPECT_TRUE(out->ParseFromString(bytes));
    return out;
  }
  std::unique_ptr<pb::Message> from_json(const char* name, const std::string& json) {
    auto out = message(name);
    const auto status = pb::util::JsonStringToMessage(json, out.get());
    EXPECT_TRUE(status.ok()) << status.ToString();
    return out;
  }

 private:
  struct Row {
    const char* name;
    int number;
    Field::Type type;
    const char* of = nullptr;  // the message's name; "*": of scalars, repeated
    bool repeated = true;
  };
  void add(const char* name, std::initializer_list<Row> rows) {
    pb::DescriptorProto* const message = file_description_.add_message_type();
    message->set_name(name);
    for (const Row& row : rows) {
      Field* const field = message->add_field();
      field->set_name(row.name);
      field->set_number(row.number);
      field->set_type(row.type);
      field->set_label(row.of != nullptr && row.repeated ? Field::LABEL_REPEATED : Field::LABEL_OPTIONAL);
      if (row.type == Field::TYPE_MESSAGE) field->set_type_name(std::string(".oracle.") + row.of);
    }
  }

  pb::FileDescriptorProto file_description_;
  pb::DescriptorPool pool_;
  pb::DynamicMessageFactory factory_;
  const pb::FileDescriptor* file_ = nullptr;
};

HistogramValue some_histogram() {
  HistogramValue value;
  value.schema = 3;
  value.zero_threshold = 1e-128;
  value.zero_count = 2;
  value.count = 12;
  value.sum = 18.5;
  value.positive_spans = {{-2, 2}, {3, 1}};
  value.positive_counts = {4, 1, 3};
  value.negative_spans = {{0, 1}};
  value.negative_counts = {2};
  return value;
}

OutgoingSample of_histogram(std::shared_ptr<OutgoingSeries> series, std::int64_t time, HistogramValue value) {
  auto extra = std::make_shared<OutgoingExtra>();
  extra->histogram = std::move(value);
  return {std::move(series), time, 0, extra};
}

OutgoingSample of_exemplar(std::shared_ptr<OutgoingSeries> series, std::int64_t time, double value, Labels labels) {
  auto extra = std::make_shared<OutgoingExtra>();
  extra->is_exemplar = true;
  extra->exemplar_labels = std::move(labels);
  return {std::move(series), time, value, extra};
}

std::shared_ptr<OutgoingSeries> series_of(Labels labels) {
  return std::make_shared<OutgoingSeries>(OutgoingSeries{std::move(labels)});
}

struct Batch {
  std::shared_ptr<OutgoingSeries> up = series_of({{"__name__", "up"}, {"job", "desk"}});
  std::shared_ptr<OutgoingSeries> latency = series_of({{"__name__", "latency"}, {"job", "desk"}});
  std::vector<OutgoingSample> samples{{up, 1000, 1.5},
                                      of_histogram(latency, 1000, some_histogram()),
                                      {up, 2000, -2.5},
                                      of_exemplar(up, 1999, 7, {{"trace_id", "abc"}})};
};

const MetadataOf some_metadata = [](const OutgoingSeries& series) {
  auto out = std::make_shared<FamilyMetadata>();
  out->type = *series.value("__name__") == "up" ? exposition::FamilyType::gauge : exposition::FamilyType::histogram;
  out->help = "Of " + *series.value("__name__") + ".";
  return out;
};

TEST(WriteEncoder, WritesWhatProtobufsOwnLibraryWrites) {
  Oracle oracle;
  const Batch batch;
  const std::string histogram = R"("countInt":"12","sum":18.5,"schema":3,"zeroThreshold":1e-128,"zeroCountInt":"2",)"
                                R"("negativeSpans":[{"offset":0,"length":1}],"negativeDeltas":["2"],)"
                                R"("positiveSpans":[{"offset":-2,"length":2},{"offset":3,"length":1}],)"
                                R"("positiveDeltas":["4","-3","2"],"timestamp":"1000")";
  const auto v1 = oracle.parse("Request1", encode_write_message(MessageVersion::v1, batch.samples));
  const auto expected1 = oracle.from_json(
      "Request1", R"({"timeseries":[{"labels":[{"name":"__name__","value":"up"},{"name":"job","value":"desk"}],)"
                  R"("samples":[{"value":1.5,"timestamp":"1000"},{"value":-2.5,"timestamp":"2000"}],)"
                  R"("exemplars":[{"labels":[{"name":"trace_id","value":"abc"}],"value":7,"timestamp":"1999"}]},)"
                  R"({"labels":[{"name":"__name__","value":"latency"},{"name":"job","value":"desk"}],"histograms":[{)" +
                      histogram + "}]}]}");
  EXPECT_EQ(v1->DebugString(), expected1->DebugString());

  const auto v2 = oracle.parse("Request2", encode_write_message(MessageVersion::v2, batch.samples, some_metadata));
  const auto expected2 = oracle.from_json(
      "Request2",
      R"({"symbols":["","__name__","up","job","desk","trace_id","abc","Of up.","latency","Of latency."],)"
      R"("timeseries":[{"labelsRefs":[1,2,3,4],"samples":[{"value":1.5,"timestamp":"1000"},{"value":-2.5,"timestamp":"2000"}],)"
      R"("exemplars":[{"labelsRefs":[5,6],"value":7,"timestamp":"1999"}],"metadata":{"type":2,"helpRef":7}},)"
      R"({"labelsRefs":[1,8,3,4],"histograms":[{)" +
          histogram + R"(}],"metadata":{"type":3,"helpRef":9}}]})");
  EXPECT_EQ(v2->DebugString(), expected2->DebugString());

  const FamilyMetadata families[] = {{"orders_total", exposition::FamilyType::counter, "Orders.", ""},
                                     {"state", exposition::FamilyType::state_set, "", "s"}};
  const auto metadata = oracle.parse("Request1", encode_metadata(families));
  const auto expected3 =
      oracle.from_json("Request1", R"({"metadata":[{"type":1,"metricFamilyName":"orders_total","help":"Orders."},)"
                                   R"({"type":7,"metricFamilyName":"state","unit":"s"}]})");
  EXPECT_EQ(metadata->DebugString(), expected3->DebugString());
}

struct Seen {
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<std::pair<std::int64_t, std::uint64_t>> samples;
  std::vector<WrittenHistogram> histograms;
  std::size_t exemplars = 0;
};

Result<std::vector<Seen>> decode(MessageVersion version, const std::string& bytes) {
  std::vector<Seen> out;
  WriteVisitor visitor;
  visitor.series = [&](DecodedSeries& series) {
    Seen one;
    for (const LabelView& label : series.labels) one.labels.emplace_back(label.name, label.value);
    for (const WrittenSample& each : series.samples) {
      one.samples.emplace_back(each.time_ms, std::bit_cast<std::uint64_t>(each.value));
    }
    one.histograms.assign(series.histograms.begin(),
                          series.histograms.begin() + static_cast<std::ptrdiff_t>(series.histogram_count));
    one.exemplars = series.exemplar_count;
    out.push_back(std::move(one));
  };
  visitor.metadata = [](const FamilyMetadataView&) {};
  if (Result<void> done = decode_write_message(version, bytes, visitor); !done) return done.error();
  return out;
}

TEST(WriteDecoder, ReadsBackWhatIsWritten) {
  HistogramValue floats = some_histogram();
  floats.integer = false;
  floats.count = 12.5;
  floats.positive_counts[0] = 4.5;
  HistogramValue custom;
  custom.schema = HistogramValue::custom_schema;
  custom.custom_bounds = {0.1, 2};
  custom.positive_spans = {{0, 1}, {1, 1}};
  custom.positive_counts = {3, 1};
  custom.count = 4;
  custom.sum = 9;
  HistogramValue stale;
  stale.sum = std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
  HistogramValue gauge = some_histogram();
  gauge.gauge = true;
  const std::vector<HistogramValue> all{some_histogram(), floats, custom, stale, gauge};
  for (const MessageVersion version : {MessageVersion::v1, MessageVersion::v2}) {
    const auto series = series_of({{"__name__", "h"}});
    std::vector<OutgoingSample> samples;
    for (std::size_t i = 0; i < all.size(); ++i)
      samples.push_back(of_histogram(series, static_cast<std::int64_t>(i), all[i]));
    const std::uint64_t marker = 0x7ff0000000000002;
    samples.push_back({series_of({{"__name__", "gone"}}), -5, std::bit_cast<double>(marker)});
    const auto seen = decode(version, encode_write_message(version, samples));
    ASSERT_TRUE(seen) << seen.error().message;
    ASSERT_EQ(seen->size(), 2U);
    ASSERT_EQ((*seen)[0].histograms.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_TRUE(storage::same_histogram((*seen)[0].histograms[i].value, all[i])) << i;
      EXPECT_EQ((*seen)[0].histograms[i].time_ms, static_cast<std::int64_t>(i));
    }
    EXPECT_EQ((*seen)[1].samples, (std::vector<std::pair<std::int64_t, std::uint64_t>>{{-5, marker}}));
  }
}

TEST(WriteDecoder, TakesUnpackedFieldsAndSymbolsBehindTheirUse) {
  Oracle oracle;
  // References unpacked, texts last: both are allowed.
  const std::string series("\x08\x01\x08\x02\x12\x09\x09\x00\x00\x00\x00\x00\x00\xf0\x3f", 15);
  const std::string bytes = "\x2a" + std::string(1, static_cast<char>(series.size())) + series +
                            std::string("\x22\x00\x22\x08__name__\x22\x02up", 16);
  EXPECT_TRUE(oracle.message("Request2")->ParseFromString(bytes));
  const auto seen = decode(MessageVersion::v2, bytes);
  ASSERT_TRUE(seen) << seen.error().message;
  ASSERT_EQ(seen->size(), 1U);
  EXPECT_EQ((*seen)[0].labels, (Labels{{"__name__", "up"}}));
}

TEST(WriteDecoder, RefusesWhatNobodyMayWrite) {
  Oracle oracle;
  const auto refused = [&](const std::string& json, const char* why) {
    std::string bytes;
    oracle.from_json("Request2", json)->SerializeToString(&bytes);
    const auto seen = decode(MessageVersion::v2, bytes);
    ASSERT_FALSE(seen) << json;
    EXPECT_NE(seen.error().message.find(why), std::string::npos) << seen.error().message;
  };
  refused(R"({"symbols":["a"]})", "empty text as the first symbol");
  refused(R"({"symbols":["","a"],"timeseries":[{"labelsRefs":[1]}]})", "even number");
  refused(R"({"symbols":["","a"],"timeseries":[{"labelsRefs":[1,2]}]})", "below the number of symbols");
  refused(R"({"symbols":[""],"timeseries":[{"metadata":{"helpRef":9}}]})", "below the number of symbols");
  const auto histogram = [&](const std::string& fields, const char* why) {
    refused(R"({"symbols":[""],"timeseries":[{"histograms":[{)" + fields + "}]}]}", why);
  };
  histogram(R"("countInt":"1","schema":9)", "schema from -4 to 8");
  histogram(R"("countInt":"1","positiveSpans":[{"length":2}],"positiveDeltas":["1"])", "as many counts");
  histogram(R"("countInt":"1","positiveSpans":[{"length":4000000000}])", "at most 100000");
  histogram(R"("countInt":"1","positiveSpans":[{"length":1},{"offset":-1,"length":1}],"positiveDeltas":["1","1"])",
            "do not overlap");
  histogram(R"("countInt":"1","positiveSpans":[{"length":1}],"positiveDeltas":["-1"])", "not negative");
  histogram(R"("countFloat":1,"positiveSpans":[{"length":1}],"positiveDeltas":["1"])", "absolute counts");
  histogram(R"("countInt":"1","customValues":[1])", "schema -53 alone");
  histogram(R"("countInt":"1","schema":-53,"customValues":[2,1])", "ascend");
}

TEST(WriteDecoder, CutOrChangedMessagesNeverDoHarm) {
  const Batch batch;
  std::mt19937 random(42);
  for (const MessageVersion version : {MessageVersion::v1, MessageVersion::v2}) {
    const std::string whole = encode_write_message(version, batch.samples, some_metadata);
    for (std::size_t size = 0; size < whole.size(); ++size) (void)decode(version, whole.substr(0, size));
    for (int i = 0; i < 3000; ++i) {
      std::string bytes = whole;
      for (unsigned k = 0; k <= random() % 4; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
      (void)decode(version, bytes);
    }
  }
}

TEST(SnappyBlock, ChecksTheDeclaredSizeFirst) {
  const std::string text(100'000, 'x');
  const std::string block = snappy_compress(text);
  EXPECT_EQ(snappy_uncompress(block, 1'000'000).value(), text);
  EXPECT_NE(snappy_uncompress(block, 99'999).error().message.find("at most 99999"), std::string::npos);
  EXPECT_FALSE(snappy_uncompress("", 100));
  EXPECT_FALSE(snappy_uncompress(block.substr(0, block.size() / 2), 1'000'000));
  EXPECT_FALSE(snappy_uncompress("\xff\xff\xff\x7f zzz", std::size_t{1} << 30U));  // 268 MB from four bytes
  EXPECT_FALSE(snappy_uncompress("\xff\x06\x00\x00sNaPpY", 1'000'000));            // the framed format
}

}  // namespace
}  // namespace bellwether::remote
