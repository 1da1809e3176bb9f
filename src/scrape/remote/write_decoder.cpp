// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/write_decoder.hpp"

#include "exposition/protobuf_wire.hpp"
#include "scrape/remote/wire_histogram.hpp"
#include "storage/label_set.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

using exposition::FamilyType;
using exposition::protobuf::Cursor;
using exposition::protobuf::key;
using exposition::protobuf::WireProblem;
using exposition::protobuf::WireType;

constexpr std::size_t max_texts = std::size_t{1} << 20U;
constexpr std::size_t max_references = 2 * storage::LabelSet::max_labels;

class Decoder {
 public:
  Decoder(MessageVersion version, const WriteVisitor& visitor) : version_(version), visitor_(visitor) {}

  WireProblem read(std::string_view message) {
    if (version_ == MessageVersion::v2) {
      if (const WireProblem problem = read_texts(message)) return problem;
    }
    const bool v1 = version_ == MessageVersion::v1;
    Cursor cursor(message);
    while (cursor.next()) {
      WireProblem problem;
      if (cursor.key() == key(v1 ? 1 : 5, WireType::bytes)) {
        problem = read_series(cursor.bytes());
        if (!problem) visitor_.series(series_);
      } else if (v1 && cursor.key() == key(3, WireType::bytes) && visitor_.metadata) {
        problem = read_family(cursor.bytes());
      }
      if (problem) return problem;
    }
    return problem_of(cursor);
  }

 private:
  WireProblem read_texts(std::string_view message) {
    Cursor cursor(message);
    while (cursor.next()) {
      if (cursor.key() != key(4, WireType::bytes)) continue;
      if (texts_.size() >= max_texts) return {cursor.at(), "at most 1048576 symbols"};
      texts_.push_back(cursor.bytes());
    }
    if (cursor.problem() != nullptr) return problem_of(cursor);
    if (!texts_.empty() && !texts_.front().empty()) return {message.data(), "an empty text as the first symbol"};
    return {};
  }

  WireProblem read_series(std::string_view message) {
    series_.labels.clear();
    series_.samples.clear();
    series_.histogram_count = 0;
    series_.exemplar_count = 0;
    series_.has_metadata = false;
    references_.clear();
    const bool v1 = version_ == MessageVersion::v1;
    Cursor cursor(message);
    while (cursor.next()) {
      WireProblem problem;
      switch (cursor.key()) {
        case key(1, WireType::bytes):
          problem = v1 ? read_label(cursor.bytes(), series_.labels) : read_references(cursor.bytes());
          break;
        case key(1, WireType::varint):
          if (!v1) problem = add_reference(cursor.at(), cursor.number());
          break;
        case key(2, WireType::bytes):
          problem = read_sample(cursor.bytes());
          break;
        case key(3, WireType::bytes):
          problem = v1 ? read_exemplar(cursor.bytes()) : read_histogram(cursor.bytes());
          break;
        case key(4, WireType::bytes):
          problem = v1 ? read_histogram(cursor.bytes()) : read_exemplar(cursor.bytes());
          break;
        case key(5, WireType::bytes):
          if (!v1) problem = read_metadata(cursor.bytes());
          break;
        default:
          break;
      }
      if (problem) return problem;
    }
    if (cursor.problem() != nullptr) return problem_of(cursor);
    return v1 ? WireProblem{} : resolve(message.data(), series_.labels);
  }

  static WireProblem read_label(std::string_view message, std::vector<LabelView>& labels) {
    if (labels.size() >= storage::LabelSet::max_labels) return {message.data(), "at most 1024 labels"};
    LabelView label;
    Cursor cursor(message);
    while (cursor.next()) {
      if (cursor.key() == key(1, WireType::bytes)) label.name = cursor.bytes();
      if (cursor.key() == key(2, WireType::bytes)) label.value = cursor.bytes();
    }
    labels.push_back(label);
    return problem_of(cursor);
  }

  WireProblem add_reference(const char* at, std::uint64_t reference) {
    if (references_.size() >= max_references) return {at, "at most 1024 labels"};
    references_.push_back(reference);
    return {};
  }

  WireProblem read_references(std::string_view packed) {
    Cursor cursor(packed);
    while (!cursor.at_end()) {
      std::uint64_t reference = 0;
      if (!cursor.read_varint(reference)) return {packed.data(), cursor.problem()};
      if (const WireProblem problem = add_reference(packed.data(), reference)) return problem;
    }
    return {};
  }

  /// The references read last, as labels.
  WireProblem resolve(const char* at, std::vector<LabelView>& labels) {
    if (references_.size() % 2 != 0) return {at, "an even number of label references"};
    labels.clear();
    for (std::size_t i = 0; i < references_.size(); i += 2) {
      if (references_[i] >= texts_.size() || references_[i + 1] >= texts_.size()) {
        return {at, "label references below the number of symbols"};
      }
      labels.push_back({texts_[references_[i]], texts_[references_[i + 1]]});
    }
    references_.clear();
    return {};
  }

  WireProblem read_sample(std::string_view message) {
    WrittenSample sample;
    Cursor cursor(message);
    while (cursor.next()) {
      if (cursor.key() == key(1, WireType::fixed64)) sample.value = cursor.as_double();
      if (cursor.key() == key(2, WireType::varint)) sample.time_ms = static_cast<std::int64_t>(cursor.number());
    }
    series_.samples.push_back(sample);
    return problem_of(cursor);
  }

  WireProblem read_histogram(std::string_view message) {
    if (series_.histogram_count == series_.histograms.size()) series_.histograms.emplace_back();
    return histogram_reader_.read(message, series_.histograms[series_.histogram_count++]);
  }

  WireProblem read_exemplar(std::string_view message) {
    if (series_.exemplar_count == series_.exemplars.size()) series_.exemplars.emplace_back();
    WrittenExemplar& exemplar = series_.exemplars[series_.exemplar_count++];
    exemplar.labels.clear();
    exemplar.value = 0;
    exemplar.time_ms = 0;
    const bool v1 = version_ == MessageVersion::v1;
    outer_.swap(references_);  // those of the series may not be whole yet
    references_.clear();
    Cursor cursor(message);
    WireProblem problem;
    while (!problem && cursor.next()) {
      switch (cursor.key()) {
        case key(1, WireType::bytes):
          problem = v1 ? read_label(cursor.bytes(), exemplar.labels) : read_references(cursor.bytes());
          break;
        case key(1, WireType::varint):
          if (!v1) problem = add_reference(cursor.at(), cursor.number());
          break;
        case key(2, WireType::fixed64):
          exemplar.value = cursor.as_double();
          break;
        case key(3, WireType::varint):
          exemplar.time_ms = static_cast<std::int64_t>(cursor.number());
          break;
        default:
          break;
      }
    }
    if (!problem) problem = problem_of(cursor);
    if (!problem && !v1) problem = resolve(message.data(), exemplar.labels);
    references_.swap(outer_);
    return problem;
  }

  WireProblem text_at(const char* at, std::uint64_t reference, std::string_view& text) const {
    if (reference == 0) return {};
    if (reference >= texts_.size()) return {at, "text references below the number of symbols"};
    text = texts_[reference];
    return {};
  }

  WireProblem read_metadata(std::string_view message) {
    series_.metadata = {};
    Cursor cursor(message);
    while (cursor.next()) {
      WireProblem problem;
      if (cursor.key() == key(1, WireType::varint)) series_.metadata.type = family_type(cursor.number());
      if (cursor.key() == key(3, WireType::varint)) {
        problem = text_at(cursor.at(), cursor.number(), series_.metadata.help);
      }
      if (cursor.key() == key(4, WireType::varint)) {
        problem = text_at(cursor.at(), cursor.number(), series_.metadata.unit);
      }
      if (problem) return problem;
    }
    series_.has_metadata = true;
    return problem_of(cursor);
  }

  WireProblem read_family(std::string_view message) const {
    FamilyMetadataView family;
    Cursor cursor(message);
    while (cursor.next()) {
      if (cursor.key() == key(1, WireType::varint)) family.type = family_type(cursor.number());
      if (cursor.key() == key(2, WireType::bytes)) family.name = cursor.bytes();
      if (cursor.key() == key(4, WireType::bytes)) family.help = cursor.bytes();
      if (cursor.key() == key(5, WireType::bytes)) family.unit = cursor.bytes();
    }
    if (cursor.problem() == nullptr) visitor_.metadata(family);
    return problem_of(cursor);
  }

  MessageVersion version_;
  const WriteVisitor& visitor_;
  std::vector<std::string_view> texts_;
  std::vector<std::uint64_t> references_;
  std::vector<std::uint64_t> outer_;
  DecodedSeries series_;
  HistogramMessageReader histogram_reader_;
};

constexpr FamilyType wire_types[] = {FamilyType::unknown,   FamilyType::counter,         FamilyType::gauge,
                                     FamilyType::histogram, FamilyType::gauge_histogram, FamilyType::summary,
                                     FamilyType::info,      FamilyType::state_set};

}  // namespace

unsigned wire_number(FamilyType type) noexcept {
  for (unsigned i = 0; i < std::size(wire_types); ++i) {
    if (wire_types[i] == type) return i;
  }
  return 0;
}

FamilyType family_type(std::uint64_t wire_number) noexcept {
  return wire_number < std::size(wire_types) ? wire_types[wire_number] : FamilyType::unknown;
}

Result<void> decode_write_message(MessageVersion version, std::string_view bytes, const WriteVisitor& visitor) {
  const WireProblem problem = Decoder(version, visitor).read(bytes);
  if (!problem) return {};
  const std::ptrdiff_t at =
      problem.at >= bytes.data() && problem.at <= bytes.data() + bytes.size() ? problem.at - bytes.data() : 0;
  return Error{"at byte " + std::to_string(at) + " of the message: expected " + problem.expected};
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
