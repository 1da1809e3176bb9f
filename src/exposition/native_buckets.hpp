// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "exposition/protobuf_fields.hpp"
#include "metrics/histogram_layout.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// Adds the native part of an io.prometheus.client.Histogram: schema, zero bucket, spans of used buckets, and the
/// difference of each count to the one before it. `counts` is a count for each slot of the layout.
void add_native_buckets(Message& histogram, const detail::HistogramLayout& layout,
                        std::span<const std::uint64_t> counts);

}  // namespace exposition
BELLWETHER_NAMESPACE_END
