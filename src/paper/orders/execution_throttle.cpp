// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/execution_throttle.hpp"

#include <fmt/core.h>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

ExecutionThrottle::ExecutionThrottle(std::size_t strategies, std::uint32_t most, SimTime window)
    : window_(window), strategies_(strategies) {
  for (Strategy& strategy : strategies_) strategy.times.resize(most);
}

bool ExecutionThrottle::permits(StrategyIndex index, SimTime now) {
  Strategy& strategy = strategies_.at(index);
  if (!strategy.enabled) return false;
  const bool ring_is_full = strategy.counted == strategy.times.size();
  if (ring_is_full && now - strategy.times[strategy.next] < window_) strategy.enabled = false;
  return strategy.enabled;
}

void ExecutionThrottle::count(StrategyIndex index, SimTime now) {
  Strategy& strategy = strategies_.at(index);
  strategy.times[strategy.next] = now;
  strategy.next = strategy.next + 1 == strategy.times.size() ? 0 : strategy.next + 1;
  if (strategy.counted < strategy.times.size()) ++strategy.counted;
}

Result<void> ExecutionThrottle::enable(StrategyIndex index, std::string_view who, std::string_view reason) {
  if (index >= strategies_.size()) {
    return Error{fmt::format("throttle: there is no strategy {}; there are {}", index, strategies_.size())};
  }
  if (who.empty()) return Error{"throttle: who enables the strategy again? Give a name: it stands in the audit trail"};
  if (reason.empty()) return Error{"throttle: why may the strategy trade again? Give a reason"};
  Strategy& strategy = strategies_[index];
  strategy.enabled = true;
  strategy.counted = strategy.next = 0;
  return {};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
