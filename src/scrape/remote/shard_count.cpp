// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/shard_count.hpp"

#include <algorithm>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

std::size_t shard_count(const ShardInput& input) {
  constexpr double backlog_share = 0.1;  // a second
  constexpr double left_alone = 0.3;     // of the present number
  const auto clamped = [&](double wanted) {
    return static_cast<std::size_t>(
        std::clamp(wanted, static_cast<double>(input.min_shards), static_cast<double>(input.max_shards)));
  };
  const double period = std::chrono::duration<double>(input.period).count();
  if (input.sent == 0 || period <= 0) return clamped(static_cast<double>(input.shards));  // nothing was learned
  const double seconds_a_sample = std::chrono::duration<double>(input.busy).count() / static_cast<double>(input.sent);
  const double rate = static_cast<double>(input.came_in) / period + backlog_share * static_cast<double>(input.backlog);
  const double wanted = seconds_a_sample * rate;
  const auto now = static_cast<double>(input.shards);
  if (std::abs(wanted - now) <= left_alone * now) return clamped(now);
  return clamped(std::ceil(wanted));
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
