// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <vector>

#include "storage/head_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

struct LoggedFloat {
  std::uint32_t series = 0;
  std::int64_t time = 0;
  double value = 0;
};
struct LoggedHistogram {
  std::uint32_t series = 0;
  std::int64_t time = 0;
  HistogramValue value;
};

/// What both sides of the log remember of each series: its last value there. A new generation begins with nothing, so
/// that rows of older generations may be removed.
struct LogState {
  struct Last {
    double value = 0;
    std::uint8_t exponent = 0;
  };
  std::uint64_t generation = 0;
  std::vector<Last> series;

  void begin(std::uint64_t next_generation) {
    generation = next_generation;
    series.clear();
  }
};

/// A row of the log: all that came since the row before, in its order (docs/storage-format.md).
Bytes encode_log_batch(LogState& state, const std::vector<LoggedFloat>& floats,
                       const std::vector<LoggedHistogram>& histograms);

/// Rows must be given in their order. Series numbers must be below `series_limit`. False for bytes that no encoder wrote.
bool decode_log_batch(LogState& state, ByteView blob, std::uint32_t series_limit, std::vector<LoggedFloat>& floats,
                      std::vector<LoggedHistogram>& histograms);

}  // namespace storage
BELLWETHER_NAMESPACE_END
