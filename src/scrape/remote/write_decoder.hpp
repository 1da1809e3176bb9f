// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <functional>
#include <string_view>
#include <vector>

#include "scrape/remote/write_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// One TimeSeries of a message. All views point into the message.
struct DecodedSeries {
  std::vector<LabelView> labels;  ///< as sent: neither sorted nor checked
  std::vector<WrittenSample> samples;
  std::vector<WrittenHistogram> histograms;  ///< only the first `histogram_count` are of this series
  std::size_t histogram_count = 0;
  std::vector<WrittenExemplar> exemplars;  ///< likewise
  std::size_t exemplar_count = 0;
  FamilyMetadataView metadata;  ///< of v2, when `has_metadata`; its name is that of the series
  bool has_metadata = false;
};

/// What a message holds, part by part; buffers are used again, so that nothing of the size of the message is allocated.
struct WriteVisitor {
  std::function<void(DecodedSeries&)> series;
  std::function<void(const FamilyMetadataView&)> metadata = {};  ///< of v1; may be empty
};

/// Reads an uncompressed message.
///
///     Result<void> read = decode_write_message(MessageVersion::v2, bytes, {.series = [&](DecodedSeries& series) { ... }});
///
/// Any bytes give series or an error: "at byte 17: expected ...". What came before the error has been visited. A reference to
/// a text that is not there, an odd number of references, and more than 2^20 texts are errors. Unknown fields are skipped.
/// Memory: the table of texts, 16 bytes each, and one series.
Result<void> decode_write_message(MessageVersion version, std::string_view bytes, const WriteVisitor& visitor);

}  // namespace remote
BELLWETHER_NAMESPACE_END
