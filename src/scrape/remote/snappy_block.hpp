// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// Snappy's block format, as Remote-Write has it; not the framed one.
std::string snappy_compress(std::string_view bytes);

/// Errors: bytes that are not Snappy's, or a declared size above `max_bytes`: that is seen before anything is allocated.
Result<std::string> snappy_uncompress(std::string_view block, std::size_t max_bytes);

}  // namespace remote
BELLWETHER_NAMESPACE_END
