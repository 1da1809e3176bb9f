// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "scrape/stream_clock.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What a stream may do before it is taken for hostile and cut.
struct StreamLimits {
  std::size_t longest_line = 64U << 10U;
  std::size_t burst_lines = 200'000;  ///< at once, as at its begin
  std::size_t lines_a_second = 10'000;
  std::size_t series = 100'000;  ///< different ones, in the life of a connection
};

/// Takes a push stream apart (docs/push-stream.md): bytes as they arrive in, whole lines of Prometheus's text format out,
/// their times in those of the monitor. What stands between name and time is left to the exposition's reader.
///
///     StreamLines lines;
///     if (Result<void> taken = lines.take(part, now_ms); !taken) return cut(taken.error());
///     ingest(lines.ready());                     // whole lines; good until the next `take`
///
/// Threads: one. Memory: a line, what arrives at once, and 16 bytes a series.
class StreamLines {
 public:
  explicit StreamLines(StreamLimits limits = {}) : limits_(limits), tokens_(static_cast<double>(limits.burst_lines)) {}

  /// An error is final: the stream is not one, or takes more than its share.
  Result<void> take(std::string_view part, std::int64_t now_ms);

  std::string_view ready() const noexcept { return ready_; }
  /// Of these: samples.
  std::size_t ready_samples() const noexcept { return ready_samples_; }
  /// Lines that have come so far, comments among them: whether it is alive.
  std::uint64_t lines() const noexcept { return lines_; }
  const StreamClock& clock() const noexcept { return clock_; }

 private:
  Result<void> take_line(std::string_view line, std::int64_t now_ms);
  Result<void> take_comment(std::string_view line, std::int64_t now_ms);
  Result<void> take_sample(std::string_view line, std::int64_t now_ms);
  Result<void> know(std::string_view name);

  const StreamLimits limits_;
  StreamClock clock_;
  std::string rest_;  ///< the begin of a line
  std::string ready_;
  std::size_t ready_samples_ = 0;
  std::uint64_t lines_ = 0;
  std::unordered_set<std::size_t> known_;
  double tokens_;
  std::int64_t tokens_at_ms_ = 0;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
