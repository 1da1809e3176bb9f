// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>

#include "exposition/native_histogram_value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Merges buckets until each is at least `factor` wide: the schema becomes at most the finest whose growth is `factor` or more.
/// Histograms with bounds of their own stay.
void widen_buckets(exposition::NativeHistogramValue& histogram, double factor);

/// Merges neighbours, halving the resolution each time, until there are at most `limit` buckets. False when the coarsest schema
/// still has more; the histogram is then to be refused.
bool limit_buckets(exposition::NativeHistogramValue& histogram, std::uint64_t limit);

/// To a coarser schema.
void lower_schema(exposition::NativeHistogramValue& histogram, std::int32_t schema);

}  // namespace scrape
BELLWETHER_NAMESPACE_END
