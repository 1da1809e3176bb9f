// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

struct CallTotals {
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;
  std::uint64_t slow = 0;
};

/// The last n calls, or those of the last n seconds, with running totals. Not for several threads at once.
class CallWindow {
 public:
  static CallWindow of_calls(std::size_t count);
  static CallWindow of_seconds(std::size_t seconds);

  /// A time window needs `now`; a count window ignores it.
  void add(bool failed, bool slow, std::chrono::nanoseconds now);
  const CallTotals& totals(std::chrono::nanoseconds now);
  void clear();
  bool needs_time() const noexcept { return !seconds_.empty(); }

 private:
  void add_call(std::uint8_t outcome);
  void advance(std::chrono::nanoseconds now);

  std::vector<std::uint8_t> calls_;  // ring; bit 0 failed, bit 1 slow
  std::size_t next_ = 0;
  std::vector<CallTotals> seconds_;  // ring, by second modulo its size
  std::int64_t second_ = 0;          // the newest
  CallTotals totals_;
};

}  // namespace resilience
BELLWETHER_NAMESPACE_END
