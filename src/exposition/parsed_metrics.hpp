// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exposition/exposition_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

struct ParsedLabel {
  std::string name;
  std::string value;

  friend bool operator==(const ParsedLabel&, const ParsedLabel&) = default;
};

struct ParsedExemplar {
  std::vector<ParsedLabel> labels;
  double value = 0;
  std::optional<std::int64_t> timestamp_ms;

  friend bool operator==(const ParsedExemplar&, const ParsedExemplar&) = default;
};

struct ParsedSample {
  std::string name;  ///< with its suffix: "latency_seconds_bucket"
  std::vector<ParsedLabel> labels;
  double value = 0;  ///< 0 for a native histogram
  std::optional<NativeHistogramValue> histogram;
  std::optional<std::int64_t> timestamp_ms;
  std::optional<std::int64_t> created_ms;
  std::vector<ParsedExemplar> exemplars;

  /// The value of a label, null when the sample does not have it.
  const std::string* label(std::string_view label_name) const noexcept;
};

struct ParsedFamily {
  std::string name;
  std::string help;
  std::string unit;
  FamilyType type = FamilyType::unknown;
  std::vector<ParsedSample> samples;
};

/// All that a target exposes, as a tree that owns its texts: for tests, the soak test and the command line. The scraper
/// reads with ExpositionReader, which allocates nothing.
///
///     ParsedMetrics metrics = parse_exposition("text/plain", body).value();
///     EXPECT_EQ(metrics.value("orders_total", {{"venue", "ibkr"}}), 17.0);
struct ParsedMetrics {
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  std::vector<ParsedFamily> families;

  /// Null when there is none.
  const ParsedFamily* family(std::string_view name) const noexcept;

  /// The first sample of this full name ("latency_seconds_bucket") that has at least these labels; null when there is
  /// none.
  const ParsedSample* sample(std::string_view name, Labels labels = {}) const noexcept;

  /// Its value; nothing when there is no such sample or it is a native histogram.
  std::optional<double> value(std::string_view name, Labels labels = {}) const noexcept;

  std::size_t sample_count() const noexcept;
};

/// A sample belongs to the family whose metadata stands before it when its name is the family's, or that with a suffix
/// of its type (_total, _bucket, _sum, _count, _created, _gsum, _gcount, _info); otherwise to a family of its own name
/// and unknown type. Families stand in the order of their first line. Errors as in ExpositionReader.
Result<ParsedMetrics> parse_exposition(std::string_view content_type, std::string_view body,
                                       ReaderOptions options = {});

/// The same from a reader that is opened already.
Result<ParsedMetrics> parse_exposition(ExpositionReader& reader);

}  // namespace exposition
BELLWETHER_NAMESPACE_END
