// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/version.hpp>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN

/// Keeps retries a small share of all calls: when everything fails, retries would multiply the load on what is already
/// down. Each call pays in `share`, each retry costs 1; `reserve` lets a quiet service retry at all.
///
///     RetryBudget budget{{.share = 0.1, .reserve = 10}};          // one for each thing called, shared by its `Retry`s
///     Retry fetch{{.operation = "fetch_bars", .budget = &budget}};
///
/// Threads: any, lock-free. Nothing allocates or blocks. Out-of-range options are brought into range: a share within
/// 0 to 1,000 (NaN: 0), a reserve up to a million.
class BELLWETHER_API RetryBudget {
 public:
  struct Options {
    double share = 0.1;          ///< retries per call in the long run
    std::uint32_t reserve = 10;  ///< retries at the start, and the most that is ever saved up
  };

  explicit RetryBudget(Options options) noexcept;

  /// A first attempt is made.
  void deposit() noexcept;
  /// False: no retry now.
  bool withdraw() noexcept;
  /// Whole retries left.
  std::uint32_t left() const noexcept;

 private:
  std::int64_t share_;  // all in millionths of a retry
  std::int64_t capacity_;
  std::atomic<std::int64_t> saved_;
};

BELLWETHER_NAMESPACE_END
