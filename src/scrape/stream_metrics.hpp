// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/registry.hpp>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Why a push stream ended that was not closed on purpose.
enum class StreamEnd : std::uint8_t {
  broken,   ///< the connection, or there was none
  refused,  ///< another answer than a stream, or more streams than we follow
  silent,   ///< no line for too long
  hostile,  ///< beyond the limits, or not a stream's text
};

/// What the follower of push streams tells of itself. Threads: any.
class StreamMetrics {
 public:
  /// Null: nothing is told.
  explicit StreamMetrics(Registry* registry) {
    if (registry == nullptr) return;
    connected_ = registry->gauge("bellwether_stream_connected", "Push streams that are open.").value();
    samples_ = registry->counter("bellwether_stream_samples_total", "Samples taken from push streams.").value();
    const auto ended = registry
                           ->counter<"reason">("bellwether_stream_ended_total",
                                               "Push streams that ended by themselves, were refused, or were cut.")
                           .value();
    for (const auto& [end, name] : {std::pair{StreamEnd::broken, "broken"}, std::pair{StreamEnd::refused, "refused"},
                                    std::pair{StreamEnd::silent, "silent"}, std::pair{StreamEnd::hostile, "hostile"}}) {
      ended_[static_cast<std::size_t>(end)] = ended.at(name);
    }
  }

  void connected(double count) const noexcept { connected_.set(count); }
  void samples(std::uint64_t count) const noexcept { samples_.inc(count); }
  void ended(StreamEnd end) const noexcept { ended_[static_cast<std::size_t>(end)].inc(); }

 private:
  Gauge connected_;
  Counter samples_;
  std::array<Counter, 4> ended_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
