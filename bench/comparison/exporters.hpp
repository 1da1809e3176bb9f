// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace bellwether::bench {

/// A process with ten exporters, whose series change each second as those of a trading system do: counters, prices, a profit
/// and loss, histograms, by strategy and venue. Ends with its parent.
class Exporters {
 public:
  /// About so many series over all exporters.
  explicit Exporters(int series);
  ~Exporters();
  Exporters(const Exporters&) = delete;
  Exporters& operator=(const Exporters&) = delete;

  const std::vector<std::uint16_t>& ports() const noexcept { return ports_; }
  int series() const noexcept { return series_; }

  static constexpr int count = 10;

 private:
  pid_t pid_ = -1;
  int series_ = 0;
  std::vector<std::uint16_t> ports_;
};

}  // namespace bellwether::bench
