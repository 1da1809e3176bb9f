// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scrape/remote/write_encoder.hpp"

namespace bellwether::bench {

/// The packs' families, of several engines, and a large one that makes up the number.
class QueryData {
 public:
  explicit QueryData(std::size_t series);

  std::size_t size() const noexcept { return all_.size(); }
  /// A Remote-Write 1.0 message of some series, `count` samples each from `from_ms` on; packed. To be called in the order of time.
  std::string message(std::size_t first, std::size_t series, std::int64_t from_ms, std::int64_t step_ms,
                      std::size_t count);

 private:
  enum class Kind : std::uint8_t { counter, gauge, state, bucket, native };
  struct Series {
    std::shared_ptr<remote::OutgoingSeries> head;
    Kind kind = Kind::counter;
    double share = 1;  ///< of a bucket: the part of all observations that are not above its bound
    double value = 0;
    std::uint64_t random = 0;
    std::vector<double> counts = {};  ///< of a native histogram
  };
  void add(Kind kind, std::string_view name, remote::Labels labels, double share = 1);
  static double next(Series& series);
  static remote::HistogramValue next_histogram(Series& series);

  std::vector<Series> all_;
};

}  // namespace bellwether::bench
