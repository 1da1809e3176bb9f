// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <vector>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// The values of one series in a block, as bytes that zstd packs well. The smallest of:
///
///     0 constant   the value, 8 bytes
///     1 decimals   exponent; [exceptions: count, (index delta, 8 bytes)...]; first whole number (zigzag);
///                  zigzag(difference) of each further one, as varints
///     2 decimals, differences of differences
///     3 decimals   the numbers themselves: for values that jump among few
///     4 others     XOR with the one before, its eight bytes in eight rows, the highest first
///
/// An exception is a value that is no decimal among decimals, as a stale marker; the value before stands in its place.
void encode_values(const std::vector<double>& values, ByteWriter& out);

/// Gives the first `needed` of the `count` values that were encoded, bit for bit. False for bytes that no encoder wrote.
bool decode_values(ByteReader& in, std::size_t count, std::size_t needed, double* values);

/// Times: the first (zigzag), then zigzag(delta of delta) as varints, the first delta against 0.
void encode_times(const std::vector<std::int64_t>& times, ByteWriter& out);
bool decode_times(ByteReader& in, std::size_t count, std::int64_t* times);

}  // namespace storage
BELLWETHER_NAMESPACE_END
