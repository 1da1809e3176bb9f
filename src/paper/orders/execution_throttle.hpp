// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "paper/orders/order.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Counts how often each strategy was applied: orders that passed the checks. One more than allowed within the window
/// switches the strategy off, and it stays off until a person, by name and with a reason, switches it on again (RTS 6 Art. 15(3)).
///
/// Threads: use from one. Allocation: in the constructor.
class ExecutionThrottle {
 public:
  ExecutionThrottle(std::size_t strategies, std::uint32_t most, SimTime window);

  /// False: the strategy is off, now or already. Counts nothing.
  bool permits(StrategyIndex strategy, SimTime now);
  void count(StrategyIndex strategy, SimTime now);  ///< only after `permits`

  bool enabled(StrategyIndex strategy) const { return strategies_.at(strategy).enabled; }
  /// An error without a name, a reason, or a strategy of this index. Begins with nothing counted.
  Result<void> enable(StrategyIndex strategy, std::string_view who, std::string_view reason);

 private:
  struct Strategy {
    bool enabled = true;
    std::size_t next = 0;
    std::size_t counted = 0;
    std::vector<SimTime> times;  // a ring of the newest
  };
  SimTime window_;
  std::vector<Strategy> strategies_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
