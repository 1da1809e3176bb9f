// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "exposition/native_histogram_value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// What a family says of itself. Text 0.0.4 calls `unknown` "untyped".
enum class FamilyType : std::uint8_t {
  unknown,
  counter,
  gauge,
  histogram,
  gauge_histogram,
  summary,
  info,
  state_set,
};

/// As OpenMetrics spells it: "unknown", "counter", ..., "gaugehistogram", "stateset".
std::string_view to_string(FamilyType type) noexcept;

struct LabelView {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const LabelView&, const LabelView&) = default;
};

/// The identity of a series, unescaped. Labels stand in the order of the input, `__name__` is not among them.
/// An empty value stays: it means the same as the label's absence, and whoever stores it may drop it.
struct SeriesView {
  std::string_view name;
  std::span<const LabelView> labels;
};

struct ExemplarView {
  std::span<const LabelView> labels;
  double value = 0;
  std::optional<std::int64_t> timestamp_ms;
};

/// What the reader stands on.
enum class Entry : std::uint8_t {
  end,        ///< the input is read, whole and without errors
  help,       ///< family(), text()
  type,       ///< family(), type()
  unit,       ///< family(), text()
  sample,     ///< series_key(), series(), value(), timestamp_ms(), created_ms(), exemplars()
  histogram,  ///< as sample, but histogram() in place of value()
};

/// Reads what a target exposes, entry by entry: for the scraper, where speed counts. For a tree to look at, see
/// parsed_metrics.hpp.
///
///     auto reader = open_exposition(response.content_type, response.body).value();
///     for (;;) {
///       Result<Entry> entry = reader->next();
///       if (!entry) return entry.error();                    // "line 3, column 17: expected ..., found ..."
///       if (*entry == Entry::end) break;
///       if (*entry != Entry::sample) continue;
///       auto known = cache.find(reader->series_key());       // a steady target costs no parsing of labels
///       if (known == cache.end()) {
///         Result<SeriesView> series = reader->series();      // now the labels are parsed and checked
///         ...
///       }
///       append(known->id, reader->timestamp_ms().value_or(now), reader->value());
///     }
///
/// Any bytes give entries or an error, in time linear in their number. After an error the reader gives the same error
/// again. The input must outlive the reader. Views are good until the next call of next(); those that need no
/// unescaping point into the input.
///
/// A NaN always comes with the bits of `plain_nan()`, so that none can be mistaken for a stale marker.
/// Threads: one at a time. Allocation: none per entry once the buffers have grown. Blocking: never.
class ExpositionReader {
 public:
  virtual ~ExpositionReader() = default;
  ExpositionReader(const ExpositionReader&) = delete;
  ExpositionReader& operator=(const ExpositionReader&) = delete;

  /// Goes to the next entry.
  virtual Result<Entry> next() = 0;

  /// Bytes that name the current series among all of this format: equal bytes are the same series. In the text formats
  /// the series as it stands, `name{...}`; in protobuf an opaque string. Spelling a series otherwise (labels in another
  /// order) gives another key, so a key is fit for a cache, not for an identity.
  virtual std::string_view series_key() = 0;

  /// The current series, parsed at the first call. An error here is an error of the input: the braces were
  /// skipped without a look inside until now. It does not stop the reader.
  virtual Result<SeriesView> series() = 0;

  std::string_view family() const noexcept { return family_; }
  std::string_view text() const noexcept { return text_; }
  FamilyType type() const noexcept { return type_; }

  double value() const noexcept { return value_; }
  /// Milliseconds since the epoch, where the target gives one.
  std::optional<std::int64_t> timestamp_ms() const noexcept { return timestamp_ms_; }
  /// When the series began, in protobuf. (In OpenMetrics a sample of its own, `_created`.)
  std::optional<std::int64_t> created_ms() const noexcept { return created_ms_; }
  /// At most one for a plain sample; a native histogram may have many.
  std::span<const ExemplarView> exemplars() const noexcept { return exemplars_; }
  const NativeHistogramValue& histogram() const noexcept { return histogram_; }

 protected:
  ExpositionReader() = default;

  // Plain members, so that the accessors above cost nothing.
  std::string_view family_;
  std::string_view text_;
  FamilyType type_ = FamilyType::unknown;
  double value_ = 0;
  std::optional<std::int64_t> timestamp_ms_;
  std::optional<std::int64_t> created_ms_;
  std::span<const ExemplarView> exemplars_;
  NativeHistogramValue histogram_;
};

struct ReaderOptions {
  /// A protobuf histogram that is both native and classic gives its classic series too.
  bool classic_histograms_too = false;
};

/// The reader for a Content-Type: text/plain, application/openmetrics-text, or application/vnd.google.protobuf with
/// delimited io.prometheus.client.MetricFamily. Anything else, and none, is an error that names these three.
Result<std::unique_ptr<ExpositionReader>> open_exposition(std::string_view content_type, std::string_view body,
                                                          ReaderOptions options = {});

}  // namespace exposition
BELLWETHER_NAMESPACE_END
