// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/write_encoder.hpp"

#include <algorithm>
#include <unordered_map>

#include "exposition/protobuf_fields.hpp"
#include "scrape/remote/wire_histogram.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

using exposition::Message;

/// Texts by number, each once; 0 is the empty one.
class SymbolTable {
 public:
  std::uint32_t add(std::string_view text) {
    const auto [place, is_new] = numbers_.try_emplace(text, static_cast<std::uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(text);
    return place->second;
  }
  const std::vector<std::string_view>& texts() const noexcept { return texts_; }

 private:
  std::vector<std::string_view> texts_{std::string_view{}};
  std::unordered_map<std::string_view, std::uint32_t> numbers_{{std::string_view{}, 0}};
};

struct Group {
  const OutgoingSeries* series = nullptr;
  bool histograms = false;
  std::vector<const OutgoingSample*> samples;
  std::vector<const OutgoingSample*> exemplars;
};

std::vector<Group> group(std::span<const OutgoingSample> samples, bool apart) {
  std::vector<Group> groups;
  std::unordered_map<const OutgoingSeries*, std::size_t> places[2];
  const auto place_of = [&](const OutgoingSample& sample) -> Group& {
    auto& known = places[apart && sample.is_histogram() ? 1 : 0];
    const auto [place, is_new] = known.try_emplace(sample.series.get(), groups.size());
    if (is_new) groups.push_back({sample.series.get(), sample.is_histogram(), {}, {}});
    return groups[place->second];
  };
  for (const OutgoingSample& sample : samples) {
    if (!sample.is_exemplar()) {
      place_of(sample).samples.push_back(&sample);
      continue;
    }
    // With the series' histograms where it has no floats here.
    const auto histograms = places[1].find(sample.series.get());
    Group& to = histograms != places[1].end() ? groups[histograms->second] : place_of(sample);
    to.exemplars.push_back(&sample);
  }
  return groups;
}

Message sample_message(const OutgoingSample& sample) {
  return Message().fixed(1, sample.value).varint(2, static_cast<std::uint64_t>(sample.time_ms));
}

Message label_message(const std::string& name, const std::string& value) {
  return Message().text(1, name).text(2, value);
}

Message references(const Labels& labels, SymbolTable& symbols) {
  Message packed;
  for (const auto& [name, value] : labels) packed.raw(symbols.add(name)).raw(symbols.add(value));
  return packed;
}

std::string encode_v1(std::span<const OutgoingSample> samples) {
  Message out;
  std::string histogram;
  for (const Group& one : group(samples, false)) {
    Message series;
    for (const auto& [name, value] : one.series->labels) series.message(1, label_message(name, value));
    for (const OutgoingSample* const sample : one.samples) {
      if (!sample->is_histogram()) {
        series.message(2, sample_message(*sample));
        continue;
      }
      histogram.clear();
      append_histogram(sample->extra->histogram, sample->time_ms, histogram);
      series.text(4, histogram);
    }
    for (const OutgoingSample* const exemplar : one.exemplars) {
      Message message;
      for (const auto& [name, value] : exemplar->extra->exemplar_labels) message.message(1, label_message(name, value));
      message.fixed(2, exemplar->value).varint(3, static_cast<std::uint64_t>(exemplar->time_ms));
      series.message(3, message);
    }
    out.message(1, series);
  }
  return out.bytes();
}

std::string encode_v2(std::span<const OutgoingSample> samples, const MetadataOf& metadata_of) {
  SymbolTable symbols;
  Message all_series;
  std::string histogram;
  std::vector<std::shared_ptr<const FamilyMetadata>> families;
  for (const Group& one : group(samples, true)) {
    Message series;
    series.message(1, references(one.series->labels, symbols));
    for (const OutgoingSample* const sample : one.samples) {
      if (!one.histograms) {
        series.message(2, sample_message(*sample));
        continue;
      }
      histogram.clear();
      append_histogram(sample->extra->histogram, sample->time_ms, histogram);
      series.text(3, histogram);
    }
    for (const OutgoingSample* const exemplar : one.exemplars) {
      Message message;
      message.message(1, references(exemplar->extra->exemplar_labels, symbols));
      message.fixed(2, exemplar->value).varint(3, static_cast<std::uint64_t>(exemplar->time_ms));
      series.message(4, message);
    }
    if (const std::shared_ptr<const FamilyMetadata> family = metadata_of ? metadata_of(*one.series) : nullptr) {
      families.push_back(family);  // the table of symbols points into it
      Message metadata;
      metadata.varint(1, wire_number(family->type));
      if (!family->help.empty()) metadata.varint(3, symbols.add(family->help));
      if (!family->unit.empty()) metadata.varint(4, symbols.add(family->unit));
      series.message(5, metadata);
    }
    all_series.message(5, series);
  }
  Message out;
  for (const std::string_view text : symbols.texts()) out.text(4, text);
  out.append(all_series.bytes());
  return out.bytes();
}

}  // namespace

const std::string* OutgoingSeries::value(std::string_view name) const noexcept {
  for (const auto& [label, text] : labels) {
    if (label == name) return &text;
  }
  return nullptr;
}

std::string encode_write_message(MessageVersion version, std::span<const OutgoingSample> samples,
                                 const MetadataOf& metadata_of) {
  return version == MessageVersion::v1 ? encode_v1(samples) : encode_v2(samples, metadata_of);
}

std::string encode_metadata(std::span<const FamilyMetadata> families) {
  Message out;
  for (const FamilyMetadata& family : families) {
    Message one;
    one.varint(1, wire_number(family.type)).text(2, family.name).text(4, family.help).text(5, family.unit);
    out.message(3, one);
  }
  return out.bytes();
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
