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

/// A thread keeps the compressor for its next blob.
Bytes pack_blob(ByteView content, int level);

/// Gives up this thread's compressor if a large or well-compressed blob has made it large (1.3 MiB for a fleet's label sets). For
/// the end of work that is done once in minutes.
void trim_blob_packer() noexcept;

/// Nothing for bytes that are damaged or were not written by pack_blob. Allocates at most `max_blob_content`.
std::optional<Bytes> unpack_blob(ByteView blob);

}  // namespace storage
BELLWETHER_NAMESPACE_END
