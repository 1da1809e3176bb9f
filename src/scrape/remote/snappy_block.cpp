// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/snappy_block.hpp"

#include <snappy.h>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

std::string snappy_compress(std::string_view bytes) {
  std::string out;
  snappy::Compress(bytes.data(), bytes.size(), &out);
  return out;
}

Result<std::string> snappy_uncompress(std::string_view block, std::size_t max_bytes) {
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(block.data(), block.size(), &size)) {
    return Error{"the body is not in Snappy's block format: it does not begin with a length"};
  }
  if (size > max_bytes) {
    return Error{"the body says it holds " + std::to_string(size) + " bytes uncompressed; at most " +
                 std::to_string(max_bytes) + " are taken. Send smaller batches"};
  }
  // No format stores less than a byte for some sixty: a short block that declares much is a lie.
  constexpr std::size_t best_ratio = 64;
  if (size / best_ratio > block.size()) return Error{"the body declares more bytes than its length can hold"};
  std::string out;
  out.resize(size);
  if (!snappy::RawUncompress(block.data(), block.size(), out.data())) {
    return Error{"the body is not in Snappy's block format (is it cut off, or in the framed format?)"};
  }
  return out;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
