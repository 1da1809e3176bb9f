// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

#include "exposition/native_histogram_value.hpp"
#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

using HistogramValue = exposition::NativeHistogramValue;

/// A histogram as a record of bytes, relative to the one before of the same series: where the buckets are the same, only
/// their changes are written, and those of whole numbers as varints.
///
///     flags    1 same layout, 2 integer, 4 gauge, 8 counts are whole numbers, 16 same sum
///     layout   zigzag schema, zero threshold (8 bytes), spans: count, (zigzag offset, length)... positive, then negative;
///              of schema -53 last the number of custom bounds and 8 bytes each
///     counts   of the zero bucket, of all, of the positive and the negative buckets: zigzag differences, or 8 bytes each
///     sum      8 bytes
void encode_histogram(const HistogramValue& before, const HistogramValue& value, ByteWriter& out);

/// `value` holds the one before and becomes the next. False for bytes that no encoder wrote; allocates at most a few times
/// what it reads.
bool decode_histogram(ByteReader& in, HistogramValue& value);

/// Equal bit for bit, so that NaN sums and stale markers compare.
bool same_histogram(const HistogramValue& a, const HistogramValue& b);

/// Spans and counts fit one another, numbers are within reason: what the storage takes.
bool is_well_formed(const HistogramValue& value);

}  // namespace storage
BELLWETHER_NAMESPACE_END
