// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "paper/orders/execution_report.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

enum class BreakKind : std::uint8_t {
  missing_at_venue,        ///< we hold something, the venue says we hold nothing
  missing_here,            ///< the other way round
  quantity_mismatch,       ///< both hold something, and not the same
  unknown_order,           ///< the venue works an order that we do not know to be open
  order_missing_at_venue,  ///< we think that it works an order, and it does not
  order_mismatch,          ///< both know it, with another quantity left
};
inline constexpr std::size_t break_kinds = 6;
std::string_view name(BreakKind kind) noexcept;

struct ReconciliationSettings {
  double tolerance = 1e-9;           ///< in base units …
  double relative_tolerance = 1e-9;  ///< … or of the larger of both: whichever is more
  /// A difference is a break when it was there in every run for so long: what is on its way is none. 0: at once.
  SimTime grace = 2 * nanoseconds_per_second;
};

/// Throws `Exception` that names the setting, its value and what is allowed.
void require_valid(const ReconciliationSettings& settings);

struct ReconciliationBreak {
  BreakKind kind = BreakKind::quantity_mismatch;
  SymbolIndex symbol = 0;
  OrderId order = 0;  ///< 0: a position
  double here = 0;
  double there = 0;
  SimTime since = 0;  ///< the first run that saw it
};

struct ReconciliationResult {
  SimTime time = 0;
  std::vector<ReconciliationBreak> breaks;
  std::array<std::uint32_t, break_kinds> by_kind{};
  std::size_t compared = 0;       ///< positions and orders that are not nothing on both sides
  std::size_t reconciled = 0;     ///< of those, the same on both sides
  std::size_t unsettled = 0;      ///< of those, different, but not for long enough to be a break
  double coverage_percent = 100;  ///< reconciled of compared; 100 for nothing to compare

  std::uint32_t count(BreakKind kind) const { return by_kind.at(static_cast<std::size_t>(kind)); }
};

/// One side's account: a position for each symbol (missing ones are 0), and its open orders.
struct TradingRecord {
  std::vector<double> positions = {};
  std::vector<WorkingOrder> orders = {};
};

/// Compares our record with the venue's over the union of both, again and again (RTS 6 Art. 17). A position that is not a number
/// is a break.
///
///     Reconciliation reconciliation;
///     const auto result = reconciliation.run(orders.record(), orders.venue_record(), now);
///
/// Threads: use from one. Allocation: each run. The constructor throws `Exception` for bad settings.
class Reconciliation {
 public:
  explicit Reconciliation(const ReconciliationSettings& settings = {});

  ReconciliationResult run(const TradingRecord& here, const TradingRecord& there, SimTime now);
  const ReconciliationResult& last() const noexcept { return last_; }

 private:
  struct Difference {
    ReconciliationBreak found;
    bool seen = false;  // in this run
  };
  bool same(double here, double there) const noexcept;
  void compare(const ReconciliationBreak& found, bool same, ReconciliationResult& result);
  void compare_positions(const TradingRecord& here, const TradingRecord& there, ReconciliationResult& result);
  void compare_orders(const TradingRecord& here, const TradingRecord& there, ReconciliationResult& result);

  ReconciliationSettings settings_;
  std::vector<Difference> known_;
  ReconciliationResult last_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
