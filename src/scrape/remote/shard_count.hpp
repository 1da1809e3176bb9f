// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// How many requests should be under way at once: as many as what comes in needs at the pace at which the receiver takes it, and
/// a tenth of the backlog each second on top. Small changes are left alone.
///
///     shards = shard_count({.shards = shards, .period = 10s, .busy = 25s, .sent = 50'000, .came_in = 60'000, ...});
struct ShardInput {
  std::size_t shards = 1;
  std::size_t min_shards = 1;
  std::size_t max_shards = 50;
  std::chrono::nanoseconds period{};
  std::chrono::nanoseconds busy{};  ///< time in requests, all shards together
  std::size_t sent = 0;             ///< samples in this period
  std::size_t came_in = 0;
  std::size_t backlog = 0;  ///< waiting now
};
std::size_t shard_count(const ShardInput& input);

}  // namespace remote
BELLWETHER_NAMESPACE_END
