// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <optional>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// What every blob on disk is: a byte of format, the XXH3 (64 bits, little endian) of all that follows it, then a zstd frame
/// that states its content's size.
inline constexpr std::uint8_t blob_format = 1;
inline constexpr std::size_t max_blob_content = std::size_t{64} << 20U;

Bytes pack_blob(ByteView content, int level);

/// Nothing for bytes that are damaged or were not written by pack_blob. Allocates at most `max_blob_content`.
std::optional<Bytes> unpack_blob(ByteView blob);

}  // namespace storage
BELLWETHER_NAMESPACE_END
