// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scrape/remote/write_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// A series as the receiver is told of it: relabelled, sorted by name.
struct OutgoingSeries {
  Labels labels;
  unsigned lane = 0;
  std::int64_t last_time_ms = INT64_MIN;  ///< of what was taken for sending; the reader's own

  const std::string* value(std::string_view name) const noexcept;
};

/// What a sample may have besides a number.
struct OutgoingExtra {
  bool is_exemplar = false;
  HistogramValue histogram;
  Labels exemplar_labels;
};

/// A sample, a histogram or an exemplar on its way.
struct OutgoingSample {
  std::shared_ptr<OutgoingSeries> series;
  std::int64_t time_ms = 0;
  double value = 0;
  std::shared_ptr<const OutgoingExtra> extra = {};
  bool doubtful = false;  ///< the receiver may have it already

  bool is_exemplar() const noexcept { return extra != nullptr && extra->is_exemplar; }
  bool is_histogram() const noexcept { return extra != nullptr && !extra->is_exemplar; }
};

/// Gives what is known of a series' family, or null. For v2.
using MetadataOf = std::function<std::shared_ptr<const FamilyMetadata>(const OutgoingSeries&)>;

/// The message of a batch, uncompressed. Samples of one series stand in the order in which they are given; series in the
/// order of their first sample. Of v2, series with floats and histograms become two, as the specification wants it.
std::string encode_write_message(MessageVersion version, std::span<const OutgoingSample> samples,
                                 const MetadataOf& metadata_of = {});

/// A v1 message with metadata alone.
std::string encode_metadata(std::span<const FamilyMetadata> families);

}  // namespace remote
BELLWETHER_NAMESPACE_END
