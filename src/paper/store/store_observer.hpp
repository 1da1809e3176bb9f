// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How a call of a store or a journal ended: the label `status`.
enum class StoreStatus : std::uint8_t {
  success,
  error,    ///< the call was made and failed, or its outcome is unknown
  refused,  ///< the call was not made: the breaker is open, or a pause before the next connection is not over
};

/// "success", "error", "refused".
constexpr std::string_view name_of(StoreStatus status) noexcept {
  if (status == StoreStatus::success) return "success";
  return status == StoreStatus::error ? "error" : "refused";
}

/// Is told of every call of the state store and the journal: the seam to what is measured of them.
///
///     on_store_operation  ->  redis_operations_total{operation,status}; connection_error -> redis_connection_errors_total
///     on_query            ->  database_queries_total{operation,table,status}, database_query_duration_seconds{operation,table}
///
/// Threads: called on the thread that made the call, while the store's lock is held: implementations answer any thread,
/// are quick and do not throw.
class StoreObserver {
 public:
  virtual ~StoreObserver() = default;

  /// `operation`: "get", "set", "del", "keys", "ping", "apply" (a batch of sets and dels).
  virtual void on_store_operation(std::string_view /*operation*/, StoreStatus /*status*/, bool /*connection_error*/) {}

  /// `operation`: "insert", "commit", "select", "ping", "connect"; `table`: "orders", "fills", "events", "equity", or "none".
  /// An insert is one batch of rows of one table. `took` is 0 for a query that was refused.
  virtual void on_query(std::string_view /*operation*/, std::string_view /*table*/, StoreStatus /*status*/,
                        std::chrono::nanoseconds /*took*/) {}

 protected:
  StoreObserver() = default;
  StoreObserver(const StoreObserver&) = default;
  StoreObserver& operator=(const StoreObserver&) = default;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
