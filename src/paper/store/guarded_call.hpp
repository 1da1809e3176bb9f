// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <exception>
#include <mutex>
#include <utility>

#include "paper/store/store_call.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

template <typename Value>
struct GuardedAnswer {
  Result<Value> result;
  StoreStatus status = StoreStatus::success;
  StoreFault fault = StoreFault::none;
};

/// One call of a store or journal: under its lock and through its breaker. `describe()` names the server in a refusal;
/// `function(fault)` makes the call. What it throws (memory is short, as a rule) becomes an error.
///
/// The lock comes before the permit: who waited behind calls that timed out learns that the breaker has opened meanwhile.
template <typename Value, typename Describe, typename Function>
GuardedAnswer<Value> guarded_call(const StoreContext& context, std::mutex& mutex, const Describe& describe,
                                  Function&& function) {
  const auto refusal = [&]() -> GuardedAnswer<Value> {
    return {Error{describe() + " is not called: the breaker '" + context.breaker->name() + "' is " +
                  std::string(name_of(context.breaker->state()))},
            StoreStatus::refused, StoreFault::not_tried};
  };
  if (context.breaker != nullptr && !breaker_may_pass(*context.breaker)) return refusal();
  const std::lock_guard lock(mutex);
  BreakerPermit permit;
  if (context.breaker != nullptr) {
    permit = context.breaker->try_acquire();
    if (!permit) return refusal();
  }
  const std::chrono::nanoseconds begin = context.clock->monotonic();
  StoreFault fault = StoreFault::none;
  Result<Value> result = [&]() -> Result<Value> {
    try {
      return std::forward<Function>(function)(fault);
    } catch (const std::exception& thrown) {
      fault = StoreFault::server;
      return Error{describe() + ": " + thrown.what()};
    }
  }();
  const std::chrono::nanoseconds took = context.clock->monotonic() - begin;
  if (result) fault = StoreFault::none;
  if (fault == StoreFault::not_tried) {
    permit.ignore();
    return {std::move(result), StoreStatus::refused, fault};
  }
  fault == StoreFault::none ? permit.success(took) : permit.failure(took);
  const StoreStatus status = result ? StoreStatus::success : StoreStatus::error;
  return {std::move(result), status, fault};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
