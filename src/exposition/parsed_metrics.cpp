// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/parsed_metrics.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

std::span<const std::string_view> suffixes_of(FamilyType type) noexcept {
  static constexpr std::array<std::string_view, 2> counter{"_total", "_created"};
  static constexpr std::array<std::string_view, 4> histogram{"_bucket", "_sum", "_count", "_created"};
  static constexpr std::array<std::string_view, 5> gauge_histogram{"_bucket", "_gsum", "_gcount", "_sum", "_count"};
  static constexpr std::array<std::string_view, 3> summary{"_sum", "_count", "_created"};
  static constexpr std::array<std::string_view, 1> info{"_info"};
  switch (type) {
    case FamilyType::counter:
      return counter;
    case FamilyType::histogram:
      return histogram;
    case FamilyType::gauge_histogram:
      return gauge_histogram;
    case FamilyType::summary:
      return summary;
    case FamilyType::info:
      return info;
    default:
      return {};
  }
}

bool belongs(std::string_view sample, const ParsedFamily& family) noexcept {
  if (!sample.starts_with(family.name)) return false;
  const std::string_view suffix = sample.substr(family.name.size());
  if (suffix.empty()) return true;
  const auto suffixes = suffixes_of(family.type);
  return std::find(suffixes.begin(), suffixes.end(), suffix) != suffixes.end();
}

std::vector<ParsedLabel> own(std::span<const LabelView> labels) {
  std::vector<ParsedLabel> owned;
  owned.reserve(labels.size());
  for (const LabelView& label : labels) owned.push_back({std::string(label.name), std::string(label.value)});
  return owned;
}

/// Grows the tree entry by entry.
class Tree {
 public:
  ParsedFamily& family(std::string_view name) {
    if (current_ == none || families_[current_].name != name) {
      const auto [found, added] = index_.try_emplace(std::string(name), families_.size());
      if (added) families_.emplace_back().name = name;
      current_ = found->second;
    }
    return families_[current_];
  }

  ParsedFamily& family_of_sample(std::string_view name) {
    if (current_ != none && belongs(name, families_[current_])) return families_[current_];
    return family(name);
  }

  ParsedMetrics take() { return ParsedMetrics{std::move(families_)}; }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::vector<ParsedFamily> families_;
  std::unordered_map<std::string, std::size_t> index_;
  std::size_t current_ = none;
};

std::optional<Error> add_sample(ExpositionReader& reader, bool native, Tree& tree) {
  const Result<SeriesView> series = reader.series();
  if (!series) return series.error();
  ParsedSample& sample = tree.family_of_sample(series->name).samples.emplace_back();
  sample.name = series->name;
  sample.labels = own(series->labels);
  if (native) {
    sample.histogram = reader.histogram();
  } else {
    sample.value = reader.value();
  }
  sample.timestamp_ms = reader.timestamp_ms();
  sample.created_ms = reader.created_ms();
  for (const ExemplarView& exemplar : reader.exemplars()) {
    sample.exemplars.push_back({own(exemplar.labels), exemplar.value, exemplar.timestamp_ms});
  }
  return std::nullopt;
}

bool has_labels(const ParsedSample& sample, ParsedMetrics::Labels labels) noexcept {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& wanted) {
    const std::string* const value = sample.label(wanted.first);
    return value != nullptr && *value == wanted.second;
  });
}

}  // namespace

const std::string* ParsedSample::label(std::string_view label_name) const noexcept {
  const auto found =
      std::find_if(labels.begin(), labels.end(), [&](const ParsedLabel& label) { return label.name == label_name; });
  return found == labels.end() ? nullptr : &found->value;
}

const ParsedFamily* ParsedMetrics::family(std::string_view name) const noexcept {
  const auto found =
      std::find_if(families.begin(), families.end(), [&](const ParsedFamily& family) { return family.name == name; });
  return found == families.end() ? nullptr : &*found;
}

const ParsedSample* ParsedMetrics::sample(std::string_view name, Labels labels) const noexcept {
  for (const ParsedFamily& family : families) {
    if (!name.starts_with(family.name)) continue;
    for (const ParsedSample& sample : family.samples) {
      if (sample.name == name && has_labels(sample, labels)) return &sample;
    }
  }
  return nullptr;
}

std::optional<double> ParsedMetrics::value(std::string_view name, Labels labels) const noexcept {
  const ParsedSample* const found = sample(name, labels);
  if (found == nullptr || found->histogram) return std::nullopt;
  return found->value;
}

std::size_t ParsedMetrics::sample_count() const noexcept {
  std::size_t count = 0;
  for (const ParsedFamily& family : families) count += family.samples.size();
  return count;
}

Result<ParsedMetrics> parse_exposition(ExpositionReader& reader) {
  Tree tree;
  for (;;) {
    const Result<Entry> entry = reader.next();
    if (!entry) return entry.error();
    switch (*entry) {
      case Entry::end:
        return tree.take();
      case Entry::help:
        tree.family(reader.family()).help = reader.text();
        break;
      case Entry::type:
        tree.family(reader.family()).type = reader.type();
        break;
      case Entry::unit:
        tree.family(reader.family()).unit = reader.text();
        break;
      case Entry::sample:
      case Entry::histogram:
        if (auto error = add_sample(reader, *entry == Entry::histogram, tree)) return *error;
        break;
    }
  }
}

Result<ParsedMetrics> parse_exposition(std::string_view content_type, std::string_view body, ReaderOptions options) {
  const Result<std::unique_ptr<ExpositionReader>> reader = open_exposition(content_type, body, options);
  if (!reader) return reader.error();
  return parse_exposition(**reader);
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
