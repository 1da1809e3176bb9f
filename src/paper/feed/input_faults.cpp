// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/input_faults.hpp"

#include <fmt/format.h>

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

std::string_view name(InputFault kind) noexcept {
  switch (kind) {
    case InputFault::broken_line:
      return "broken_line";
    case InputFault::sequence_gap:
      return "sequence_gap";
    case InputFault::out_of_order:
      return "out_of_order";
    case InputFault::negative_lag:
      return "negative_lag";
    case InputFault::bad_price:
      return "bad_price";
    case InputFault::crossed_book:
      return "crossed_book";
    case InputFault::missing_file:
      return "missing_file";
    case InputFault::damaged_file:
      return "damaged_file";
    case InputFault::stale:
      return "stale";
    case InputFault::split:
      return "split";
    case InputFault::missing_bar:
      return "missing_bar";
    case InputFault::bad_reference:
      return "bad_reference";
  }
  return "unknown";
}

InputFaults::InputFaults(std::vector<std::string> symbols, Tell tell)
    : symbols_(std::move(symbols)), counts_(symbols_.size()), tell_(std::move(tell)) {}

void InputFaults::observe(Count on_count) {
  on_count_ = std::move(on_count);
  if (!on_count_) return;
  for (SymbolIndex symbol = 0; symbol < counts_.size(); ++symbol) {
    for (std::size_t kind = 0; kind < input_fault_kinds; ++kind) {
      for (std::uint64_t i = 0; i < counts_[symbol][kind]; ++i) on_count_(symbol, static_cast<InputFault>(kind));
    }
  }
}

bool InputFaults::count_one(SymbolIndex symbol, InputFault kind) {
  if (on_count_) on_count_(symbol, kind);
  return ++counts_.at(symbol)[static_cast<std::size_t>(kind)] == 1;
}

void InputFaults::tell_first(SymbolIndex symbol, InputFault kind, const std::string& what) const {
  if (!tell_) return;
  tell_(fmt::format("{}: {}: {} (told once, counted each time)", symbols_.at(symbol), name(kind), what));
}

std::uint64_t InputFaults::count(SymbolIndex symbol, InputFault kind) const {
  return counts_.at(symbol)[static_cast<std::size_t>(kind)];
}

std::uint64_t InputFaults::total(InputFault kind) const {
  std::uint64_t sum = 0;
  for (const auto& of_symbol : counts_) sum += of_symbol[static_cast<std::size_t>(kind)];
  return sum;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
