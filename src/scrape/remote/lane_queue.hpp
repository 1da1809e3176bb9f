// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/clock.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "scrape/remote/position_file.hpp"
#include "scrape/remote/write_encoder.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// Samples that wait to be sent, in 64 lanes. A batch takes whole lanes, or the front of them, and until it is completed nobody
/// else takes from these: so what is sent of a series is sent in order, however many shards send at once.
///
///     lanes.push(samples);
///     if (auto batch = lanes.take(2000, 5s)) { send(batch->samples); lanes.complete(*batch); }
///
/// Keeps the position file: a lane's `acknowledged` stands below every sample that waits or is on its way.
///
/// Threads: any.
class LaneQueue {
 public:
  struct Batch {
    std::vector<OutgoingSample> samples;  ///< of each lane in order
    std::vector<unsigned> lanes;
    std::chrono::nanoseconds waited_since{0};
  };

  LaneQueue(PositionFile& position, const Clock& clock) : position_(&position), clock_(&clock) {}

  void push(std::vector<OutgoingSample> samples);

  /// Nothing: there are not `max_samples` yet, and the oldest waits for less than `deadline`.
  std::optional<Batch> take(std::size_t max_samples, std::chrono::nanoseconds deadline);
  /// The receiver has them, or will never have them.
  void complete(const Batch& batch);
  /// They wait again, before all others of their lanes.
  void put_back(Batch batch);

  /// Every sample up to this time stands in a lane or is acknowledged: empty lanes move on to it.
  void advance_empty(std::int64_t time_ms);

  std::size_t waiting() const;     ///< samples, without those on their way
  std::size_t pending() const;     ///< with them
  std::int64_t oldest_ms() const;  ///< of all that is pending; INT64_MAX: nothing is

 private:
  struct Item {
    OutgoingSample sample;
    std::chrono::nanoseconds since{0};
  };
  struct Lane {
    std::deque<Item> items;
    bool on_its_way = false;
    std::int64_t newest_ms = INT64_MIN;
  };
  void acknowledge(unsigned number);

  PositionFile* position_;
  const Clock* clock_;
  mutable std::mutex mutex_;
  std::array<Lane, lane_count> lanes_;
  std::size_t waiting_ = 0;
  std::size_t pending_ = 0;
  unsigned next_ = 0;
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
