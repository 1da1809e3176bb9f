// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/label_set.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

using Labels = std::span<const LabelView>;

/// The order of a LabelSet: by the first label that differs, first its name, then its value; the shorter before the longer.
bool labels_before(Labels a, Labels b) noexcept;
bool labels_equal(Labels a, Labels b) noexcept;

/// The places of the series in the order of their labels; of equal ones the first stays before the others.
///
///     for (const std::uint32_t i : order_by_labels(series)) use(series[i]);
///
/// Many series have few distinct labels at each place: these are put in order, and series then compare by a number made of
/// their labels' ranks. A text that an index keeps once is looked at once.
std::vector<std::uint32_t> order_by_labels(std::span<const Labels> series);

}  // namespace storage
BELLWETHER_NAMESPACE_END
