// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct libdeflate_decompressor;

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Undoes an answer's Content-Encoding. Keeps its buffer for the next.
///
/// Threads: one at a time. Memory: what the body unfolds to, at most `limit`; a bomb is refused without being unfolded.
class BodyUnpacker {
 public:
  struct Unpacked {
    std::string_view body;  ///< points into the input or this, until the next call
    bool too_large = false;
    std::string error;  ///< empty: all is well
  };

  Unpacked unpack(std::string_view encoding, std::string_view body, std::uint64_t limit);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const noexcept;
  };
  Unpacked gunzip(std::string_view packed, std::uint64_t limit);

  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
