// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/faults.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

struct Words {
  std::string_view name;
  std::string_view description;
};

/// In the order of Fault.
constexpr std::array<Words, fault_kinds> words{{
    {"crash", "an engine's next cycle throws"},
    {"stall", "an engine takes no event any more: its heartbeat stands still"},
    {"reject", "the venue refuses every other order"},
    {"leak", "memory grows by 10 MiB a second, up to 1.25 GiB"},
    {"slow", "each evaluation of a model takes 150 ms, the venue answers 300 ms later"},
    {"disconnect", "the session with the venue breaks and does not come back"},
    {"provider_failure", "the providers time out, answer 429, 500 and nonsense"},
    {"bad_data", "every tenth price is spoilt: a crossed quote, or a trade far from the market"},
    {"lost_fill", "reports of fills come only when reconciliation asks: until then the books disagree"},
    {"pacing", "sixty messages at once, past our own limiter"},
    {"silence", "no market data arrives, while the connection stands"},
    {"gaps", "one message of twenty is lost on the way"},
    {"lag", "market data is six seconds old when it arrives"},
}};

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

std::string_view name(Fault fault) noexcept {
  return words[static_cast<std::size_t>(fault)].name;
}

std::string_view description(Fault fault) noexcept {
  return words[static_cast<std::size_t>(fault)].description;
}

std::optional<Fault> fault_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    if (words[i].name == name) return static_cast<Fault>(i);
  }
  return std::nullopt;
}

void FaultBoard::begin(Fault fault, std::string symbol, std::optional<std::chrono::nanoseconds> lasts) {
  const std::lock_guard lock{mutex_};
  Entry& entry = entries_[static_cast<std::size_t>(fault)];
  entry = {true, std::move(symbol), clock_.wall(), std::nullopt, std::nullopt};
  if (lasts) {
    entry.until = clock_.monotonic() + *lasts;
    entry.until_wall = entry.since + *lasts;
  }
  flags_[static_cast<std::size_t>(fault)] = true;
}

bool FaultBoard::end(Fault fault) {
  const std::lock_guard lock{mutex_};
  Entry& entry = entries_[static_cast<std::size_t>(fault)];
  flags_[static_cast<std::size_t>(fault)] = false;
  return std::exchange(entry, {}).on;
}

bool FaultBoard::active(Fault fault, std::string_view symbol) const {
  if (!active(fault)) return false;
  const std::lock_guard lock{mutex_};
  const Entry& entry = entries_[static_cast<std::size_t>(fault)];
  return entry.on && (entry.symbol.empty() || entry.symbol == symbol);
}

void FaultBoard::expire() {
  const auto now = clock_.monotonic();
  const std::lock_guard lock{mutex_};
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    Entry& entry = entries_[i];
    if (!entry.on || !entry.until || now < *entry.until) continue;
    entry = {};
    flags_[i] = false;
  }
}

std::vector<ActiveFault> FaultBoard::list() const {
  const std::lock_guard lock{mutex_};
  std::vector<ActiveFault> list;
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const Entry& entry = entries_[i];
    if (!entry.on) continue;
    ActiveFault active{static_cast<Fault>(i), entry.symbol, seconds(entry.since), std::nullopt};
    if (entry.until_wall) active.until_seconds = seconds(*entry.until_wall);
    list.push_back(std::move(active));
  }
  return list;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
