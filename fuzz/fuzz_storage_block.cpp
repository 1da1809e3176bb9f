// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "storage/block.hpp"
#include "storage/float_frames.hpp"
#include "storage/log_batch.hpp"
#include "storage/packed_blob.hpp"
#include "storage/series_blob.hpp"

/// Any bytes, as the content of each kind of blob and as frames: samples or a refusal. The first byte chooses the kind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bellwether::storage;
  if (size == 0) return 0;
  const ByteView content(data + 1, size - 1);
  const bool as_blob = (data[0] & 128U) != 0;  // else it is packed first, so that the parser is reached
  const Bytes blob = as_blob ? Bytes(content.begin(), content.end()) : pack_blob(content, 1);
  switch (data[0] % 4) {
    case 0: {
      const auto block = Block::open(blob);
      if (!block) break;
      std::size_t entries = 0;
      for (const Block::Entry& entry : block->entries()) {
        if (++entries > 16) break;
        FloatColumns rows;
        std::vector<HistogramSample> histograms;
        (void)block->read(entry.series, INT64_MIN, INT64_MAX, rows);
        (void)block->read(entry.series, INT64_MIN, INT64_MAX, histograms);
        if (rows.times.size() != rows.values.size()) std::abort();
      }
      break;
    }
    case 1: {
      LogState state;
      std::vector<LoggedFloat> floats;
      std::vector<LoggedHistogram> histograms;
      (void)decode_log_batch(state, blob, 1000, floats, histograms);
      break;
    }
    case 2: {
      std::vector<LabelSet> series;
      (void)decode_series(blob, series);
      break;
    }
    default: {
      std::int64_t times[240];
      double values[240];
      (void)decode_frames({}, content, 240, times, values);
      break;
    }
  }
  return 0;
}
