// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Why no weights could be found.
enum class AllocationFailure : std::uint8_t {
  too_few_returns,
  no_variance,  ///< a symbol that does not move would get all
  singular,     ///< two symbols move as one: the same feed twice
};

/// "too_few_returns", "no_variance", "singular".
std::string_view name(AllocationFailure failure) noexcept;

struct AllocationSettings {
  std::size_t minimum_samples = 20;
  double largest_weight = 0.40;          ///< of any one symbol
  SimTime period = nanoseconds_per_day;  ///< from one rebalance to the next
};

/// Inverse-volatility weights: w_i = (1/s_i) / sum(1/s_j), none above the cap; what the cap cuts off goes to the others
/// in proportion. Where all are capped, the rest stays cash. `returns[i]` are those of symbol i; all of one length.
/// The simple case of risk parity (S. Maillard, T. Roncalli, J. Teiletche, "The Properties of Equally Weighted Risk
/// Contribution Portfolios", Journal of Portfolio Management 36 (4), 2010), exact where all correlations are equal.
struct InverseVolatility {
  std::optional<AllocationFailure> failure{};
  std::vector<double> weights{};  ///< empty after a failure; else each in (0, largest], their sum at most 1
};
InverseVolatility inverse_volatility(std::span<const std::span<const double>> returns,
                                     const AllocationSettings& settings);

/// Keeps the weights and knows when to find new ones, in simulated time.
///
///     if (allocator.is_due(now)) {
///       const StopwatchScope timed{latency};
///       allocator.rebalance(now, {correlations.returns_of(0), correlations.returns_of(1)});
///     }
///
/// Before the first success all symbols have the same weight (or the cap). A failure leaves the weights as they are, is
/// counted, and is tried again a period later. Time that jumps back (a replay begins again) starts the period anew.
///
/// Threads: use from one. The constructor throws `Exception` for settings that make no sense.
class Allocator {
 public:
  explicit Allocator(std::size_t symbols, const AllocationSettings& settings = {});

  /// True at the first call.
  bool is_due(SimTime now) const noexcept;

  /// Nothing: done, the weights are new. Else why not. Returns of as many symbols as there are; another number is
  /// `too_few_returns`.
  std::optional<AllocationFailure> rebalance(SimTime now, std::span<const std::span<const double>> returns);

  const std::vector<double>& weights() const noexcept { return weights_; }
  double weight(SymbolIndex symbol) const { return weights_.at(symbol); }
  std::uint64_t rebalances() const noexcept { return rebalances_; }
  std::uint64_t failures() const noexcept { return failures_; }

 private:
  AllocationSettings settings_;
  std::vector<double> weights_;
  std::optional<SimTime> last_;
  std::uint64_t rebalances_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
