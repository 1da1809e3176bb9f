// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "storage/commit_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// Samples of series that rules want to hear of at once, as the store commits them, in order. What it does not know it takes
/// too; the reader tells it what to leave out.
///
/// Threads: any. Under the store's writer mutex it looks at one byte a sample and copies those that are wanted. Memory: 32 bytes
/// a waiting sample, bounded.
class ArrivalQueue final : public storage::CommitObserver {
 public:
  struct Sample {
    std::uint32_t series = 0;
    bool is_histogram = false;
    std::int64_t time_ms = 0;
    double value = 0;
  };
  struct Batch {
    std::vector<Sample> samples;
    std::uint64_t lost = 0;  ///< for want of room
  };

  static constexpr std::size_t max_waiting = 1'000'000;

  void committed(const storage::ObservedCommit& commit) noexcept override;

  /// From now on all series are unknown; nothing is taken while it is not wanted.
  void restart(bool wanted);
  void ignore(std::span<const std::uint32_t> series);

  Batch take();
  /// Until there is something, or `wake` was called.
  void wait();
  void wake();

 private:
  std::mutex mutex_;
  std::condition_variable waiting_;
  bool wanted_ = false;
  bool woken_ = false;
  std::vector<std::uint8_t> ignored_;
  Batch batch_;
};

}  // namespace rules
BELLWETHER_NAMESPACE_END
