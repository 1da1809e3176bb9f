// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/body_unpacker.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::size_t first_guess = 64UL * 1024;
constexpr std::size_t kept_capacity = 8UL * 1024 * 1024;  // a larger buffer is let go again

bool is_word(std::string_view text, std::string_view word) {
  return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

/// What the end of a gzip says of the size; it may lie.
std::size_t stated_size(std::string_view packed) {
  if (packed.size() < 18) return 0;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size |= std::size_t{static_cast<unsigned char>(packed[packed.size() - 4 + i])} << (8 * i);
  }
  return size;
}

}  // namespace

void BodyUnpacker::Free::operator()(libdeflate_decompressor* decompressor) const noexcept {
  libdeflate_free_decompressor(decompressor);
}

BodyUnpacker::Unpacked BodyUnpacker::unpack(std::string_view encoding, std::string_view body, std::uint64_t limit) {
  if (encoding.empty() || is_word(encoding, "identity")) {
    return {.body = body, .too_large = body.size() > limit, .error = body.size() > limit ? "too large" : ""};
  }
  if (is_word(encoding, "gzip") || is_word(encoding, "x-gzip")) return gunzip(body, limit);
  return {.body = {},
          .too_large = false,
          .error = "the answer has Content-Encoding " + std::string(encoding.substr(0, 50)) + "; only gzip is read"};
}

BodyUnpacker::Unpacked BodyUnpacker::gunzip(std::string_view packed, std::uint64_t limit) {
  if (decompressor_ == nullptr) decompressor_.reset(libdeflate_alloc_decompressor());
  if (decompressor_ == nullptr) return {.body = {}, .too_large = false, .error = "out of memory"};
  if (capacity_ > kept_capacity) {
    buffer_.reset();
    capacity_ = 0;
  }
  // Deflate unfolds to at most 1032 times its size: what the end states beyond that is a lie.
  const std::size_t possible = std::min<std::uint64_t>(limit, packed.size() * std::uint64_t{1040} + 64);
  std::size_t guess = std::min(std::max(stated_size(packed), first_guess), possible);
  for (;;) {
    if (capacity_ < guess) {
      buffer_.reset(new char[guess]);  // not cleared: all of it is written before it is read
      capacity_ = guess;
    }
    std::size_t taken = 0;
    std::size_t made = 0;
    libdeflate_result result = LIBDEFLATE_SUCCESS;
    do {  // a gzip may have several members
      std::size_t in = 0;
      std::size_t out = 0;
      result = libdeflate_gzip_decompress_ex(decompressor_.get(), packed.data() + taken, packed.size() - taken,
                                             buffer_.get() + made, std::min(capacity_, possible) - made, &in, &out);
      if (result != LIBDEFLATE_SUCCESS) break;
      taken += in;
      made += out;
    } while (taken < packed.size());
    if (result == LIBDEFLATE_SUCCESS) return {.body = {buffer_.get(), made}, .too_large = false, .error = {}};
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
      return {.body = {}, .too_large = false, .error = "the answer says it is gzip, and is not, or is cut short"};
    }
    if (std::min(capacity_, possible) >= possible) {
      return {.body = {}, .too_large = true, .error = "too large"};
    }
    guess = std::min(possible, capacity_ * 4);
  }
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
