// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/gauge.hpp>
#include <cstdint>
#include <mutex>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// A value of a cell that must be told although it may not stand there any more.
struct Announcement {
  Slot slot = null_slot;
  std::uint64_t bits = 0;
  std::int64_t wall_nanoseconds = 0;
};

/// The last announcements of the process, for any number of listeners, each with a position of its own.
///
/// Threads: any. A mutex is held for the copying of announcements only; without listeners `add` takes none.
class Announcements {
 public:
  static constexpr std::uint64_t kept = announcements_kept;

  /// Lives to the end of the process: threads may announce while statics are destroyed.
  static Announcements& process() noexcept;

  /// The position behind all that was announced before.
  std::uint64_t listen();
  void unlisten();

  void add(Slot slot, std::uint64_t bits) noexcept;

  /// Those since `position`, which moves behind them, appended to `out`. The number of those that were lost.
  std::uint64_t take(std::uint64_t& position, std::vector<Announcement>& out);

 private:
  std::atomic<std::uint32_t> listeners_{0};
  std::mutex mutex_;
  std::uint64_t end_ = 0;
  std::array<Announcement, kept> ring_;
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
