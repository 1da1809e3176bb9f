// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/reconciliation.hpp"

#include <algorithm>
#include <cmath>

#include "paper/orders/setting_checks.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

const ReconciliationSettings& checked(const ReconciliationSettings& settings) {
  require_valid(settings);
  return settings;
}

double at(const std::vector<double>& positions, std::size_t symbol) {
  return symbol < positions.size() ? positions[symbol] : 0;
}

std::vector<WorkingOrder> by_id(std::vector<WorkingOrder> orders) {
  std::sort(orders.begin(), orders.end(), [](const WorkingOrder& a, const WorkingOrder& b) { return a.id < b.id; });
  return orders;
}

// The same difference as before: what moves from one side of nothing to the other is on its way.
bool is_same(const ReconciliationBreak& a, const ReconciliationBreak& b) {
  return a.symbol == b.symbol && a.order == b.order && (a.here < a.there) == (b.here < b.there);
}

}  // namespace

std::string_view name(BreakKind kind) noexcept {
  switch (kind) {
    case BreakKind::missing_at_venue:
      return "missing_at_venue";
    case BreakKind::missing_here:
      return "missing_here";
    case BreakKind::quantity_mismatch:
      return "quantity_mismatch";
    case BreakKind::unknown_order:
      return "unknown_order";
    case BreakKind::order_missing_at_venue:
      return "order_missing_at_venue";
    case BreakKind::order_mismatch:
      return "order_mismatch";
  }
  return "unknown";
}

void require_valid(const ReconciliationSettings& settings) {
  constexpr std::string_view what = "reconciliation";
  require_within(what, "tolerance", settings.tolerance, 0, 1e15);
  require_within(what, "relative_tolerance", settings.relative_tolerance, 0, 1);
  require_span(what, "grace", settings.grace, 0);
}

Reconciliation::Reconciliation(const ReconciliationSettings& settings) : settings_(checked(settings)) {}

bool Reconciliation::same(double here, double there) const noexcept {
  const double larger = std::max(std::abs(here), std::abs(there));
  return std::abs(here - there) <= std::max(settings_.tolerance, settings_.relative_tolerance * larger);
}

ReconciliationResult Reconciliation::run(const TradingRecord& here, const TradingRecord& there, SimTime now) {
  ReconciliationResult result;
  result.time = now;
  for (Difference& each : known_) each.seen = false;
  compare_positions(here, there, result);
  compare_orders(here, there, result);
  known_.erase(std::remove_if(known_.begin(), known_.end(), [](const Difference& each) { return !each.seen; }),
               known_.end());
  if (result.compared > 0) {
    result.coverage_percent = 100 * static_cast<double>(result.reconciled) / static_cast<double>(result.compared);
  }
  last_ = result;
  return result;
}

void Reconciliation::compare(const ReconciliationBreak& found, bool same, ReconciliationResult& result) {
  ++result.compared;
  if (same) {
    ++result.reconciled;
    return;
  }
  auto known = std::find_if(known_.begin(), known_.end(),
                            [&found](const Difference& each) { return is_same(each.found, found); });
  if (known == known_.end()) {
    known_.push_back({found, true});
    known = std::prev(known_.end());
    known->found.since = result.time;
  }
  known->seen = true;
  ReconciliationBreak broken = found;
  broken.since = known->found.since;
  if (result.time - broken.since < settings_.grace) {
    ++result.unsettled;
    return;
  }
  ++result.by_kind.at(static_cast<std::size_t>(broken.kind));
  result.breaks.push_back(broken);
}

void Reconciliation::compare_positions(const TradingRecord& here, const TradingRecord& there,
                                       ReconciliationResult& result) {
  const std::size_t symbols = std::max(here.positions.size(), there.positions.size());
  for (std::size_t symbol = 0; symbol < symbols; ++symbol) {
    ReconciliationBreak found;
    found.symbol = static_cast<SymbolIndex>(symbol);
    found.here = at(here.positions, symbol);
    found.there = at(there.positions, symbol);
    const bool nothing_here = same(found.here, 0);
    const bool nothing_there = same(found.there, 0);
    if (nothing_here && nothing_there) continue;
    if (nothing_there) found.kind = BreakKind::missing_at_venue;
    if (nothing_here) found.kind = BreakKind::missing_here;
    compare(found, same(found.here, found.there), result);
  }
}

// Both sides in order of ids, as a merge.
void Reconciliation::compare_orders(const TradingRecord& here, const TradingRecord& there,
                                    ReconciliationResult& result) {
  const std::vector<WorkingOrder> ours = by_id(here.orders);
  const std::vector<WorkingOrder> theirs = by_id(there.orders);
  auto our = ours.begin();
  auto their = theirs.begin();
  while (our != ours.end() || their != theirs.end()) {
    const bool have_ours = our != ours.end() && (their == theirs.end() || our->id <= their->id);
    const bool have_theirs = their != theirs.end() && (our == ours.end() || their->id <= our->id);
    ReconciliationBreak found;
    found.order = have_ours ? our->id : their->id;
    found.symbol = have_ours ? our->symbol : their->symbol;
    found.here = have_ours ? our->remaining : 0;
    found.there = have_theirs ? their->remaining : 0;
    found.kind = BreakKind::order_mismatch;
    if (!have_ours) found.kind = BreakKind::unknown_order;
    if (!have_theirs) found.kind = BreakKind::order_missing_at_venue;
    compare(found, have_ours && have_theirs && same(found.here, found.there), result);
    if (have_ours) ++our;
    if (have_theirs) ++their;
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
