// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <cstring>
#include <span>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Two numbers that the processor adds at once. Both compilers know the attribute, on all processors.
using NumberPair = double __attribute__((vector_size(16)));

inline NumberPair load_pair(const double* from) noexcept {
  NumberPair pair;
  std::memcpy(&pair, from, sizeof(pair));
  return pair;
}

/// Counted, not searched for: a compiler does that several at a time.
inline bool has_nan(std::span<const double> values) noexcept {
  std::uint64_t found = 0;
  for (const double value : values) found += value != value ? 1U : 0U;
  return found > 0;
}

/// The sum of what `term(pair)` makes of the values, in eight sums side by side: faster than one, and with less rounding.
template <typename Term>
double sum_of_terms(const double* values, std::size_t count, Term term) noexcept {
  NumberPair sums[4] = {};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += term(load_pair(values + i + 2 * lane));
  }
  double rest = 0;
  for (; i < count; ++i) rest += term(NumberPair{values[i], values[i]})[0];
  const NumberPair all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  return all[0] + all[1] + rest;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
