// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bellwether/version.hpp>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Gathers changes until it is quiet: an editor's save or a checkout is many changes and one run.
///
///     ChangeQueue queue{300ms, 5s};
///     queue.add(files, clock.monotonic());
///     if (queue.is_due(clock.monotonic())) run(queue.take());
///
/// Due when nothing came for `quiet`, or when the first change has waited for `longest`: a file that is written
/// without end does not hold up the others. Times are monotonic. Threads: one.
class ChangeQueue {
 public:
  ChangeQueue(std::chrono::nanoseconds quiet, std::chrono::nanoseconds longest) noexcept
      : quiet_(quiet), longest_(longest < quiet ? quiet : longest) {}

  void add(std::set<std::string> files, std::chrono::nanoseconds now) {
    if (files.empty()) return;
    if (files_.empty()) first_ = now;
    last_ = now;
    files_.merge(std::move(files));
  }

  /// When the files that wait should be taken; nothing when none wait.
  std::optional<std::chrono::nanoseconds> due() const noexcept {
    if (files_.empty()) return std::nullopt;
    return std::min(last_ + quiet_, first_ + longest_);
  }
  bool is_due(std::chrono::nanoseconds now) const noexcept {
    const auto when = due();
    return when && *when <= now;
  }

  std::set<std::string> take() noexcept { return std::exchange(files_, {}); }
  std::size_t size() const noexcept { return files_.size(); }

 private:
  std::chrono::nanoseconds quiet_;
  std::chrono::nanoseconds longest_;
  std::chrono::nanoseconds first_{0};
  std::chrono::nanoseconds last_{0};
  std::set<std::string> files_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
