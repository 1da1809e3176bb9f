// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The fault `leak`: memory that is kept and touched, more with time, up to a limit that leaves the machine alive.
class Leak {
 public:
  static constexpr std::size_t bytes_a_second = 10U << 20;
  static constexpr std::size_t most_bytes = 1280U << 20;  ///< above the 1 GiB at which MemoryLeakDetected looks

  /// As much as has leaked until `now`, on a clock that began when the first call came.
  void grow(std::chrono::nanoseconds now) {
    if (!begin_) begin_ = now;
    const double seconds = std::chrono::duration<double>(now - *begin_).count();
    while (held() < most_bytes && static_cast<double>(held()) < seconds * static_cast<double>(bytes_a_second)) {
      blocks_.emplace_back(block_bytes, '\1');
    }
  }

  void release() noexcept {
    begin_.reset();
    blocks_.clear();
    blocks_.shrink_to_fit();
  }

  std::size_t held() const noexcept { return blocks_.size() * block_bytes; }

 private:
  static constexpr std::size_t block_bytes = 1U << 20;
  std::optional<std::chrono::nanoseconds> begin_;
  std::vector<std::vector<char>> blocks_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
