// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/range_windows.hpp"

#include <cstring>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

bool same_times(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) noexcept {
  if (a.size() != b.size()) return false;
  return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(a.front())) == 0;
}

bool moves_by_one(const std::vector<std::uint32_t>& places) noexcept {
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i] != places[i - 1] + 1) return false;
  }
  return true;
}

}  // namespace

FloatWindows& WindowPlacer::place(const std::vector<std::int64_t>& times) {
  if (last_ < kept_.size() && same_times(kept_[last_]->times, times)) return *kept_[last_];
  const std::int64_t first = times.empty() ? 0 : times.front();
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (first_times_[i] != first || !same_times(kept_[i]->times, times)) continue;
    last_ = i;
    return *kept_[i];
  }
  if (kept_.empty() || (kept_.size() < most_kept && (kept_.size() + 1) * times.size() <= most_times)) {
    kept_.push_back(std::make_unique<FloatWindows>());
    first_times_.push_back(first);
    last_ = kept_.size() - 1;
  } else {
    last_ = next_victim_ % kept_.size();
    next_victim_ = last_ + 1;
    first_times_[last_] = first;
  }
  fill(*kept_[last_], times);
  return *kept_[last_];
}

void WindowPlacer::fill(FloatWindows& windows, const std::vector<std::int64_t>& times) const {
  const std::size_t steps = window_ends_.size();
  windows.times = times;
  windows.begin.resize(steps);
  windows.end.resize(steps);
  windows.filled.assign(steps, PointKind::absent);
  windows.paired.assign(steps, PointKind::absent);
  for (std::vector<double>& column : windows.of_times) column.clear();
  std::size_t begin = 0;
  std::size_t end = 0;
  bool all_filled = steps > 0;
  for (std::size_t i = 0; i < steps; ++i) {
    while (end < times.size() && times[end] <= window_ends_[i]) ++end;
    const std::int64_t after = window_ends_[i] - range_;
    while (begin < times.size() && times[begin] <= after) ++begin;
    windows.begin[i] = static_cast<std::uint32_t>(begin);
    windows.end[i] = static_cast<std::uint32_t>(end);
    if (end > begin) windows.filled[i] = PointKind::number;
    if (end > begin + 1) windows.paired[i] = PointKind::number;
    all_filled = all_filled && end > begin;
  }
  windows.slides_by_one = all_filled && moves_by_one(windows.begin) && moves_by_one(windows.end);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
