// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/version.hpp>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <new>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// Rows of 32-bit words that never move: the series of a family. Chunks double, so finding a row is a few bit operations.
///
/// Threads: one appends (under the family's mutex), any number read rows below `size()` meanwhile.
class SeriesRows {
 public:
  explicit SeriesRows(std::uint32_t width) noexcept : width_(width) {}
  SeriesRows(const SeriesRows&) = delete;
  SeriesRows& operator=(const SeriesRows&) = delete;
  ~SeriesRows() {
    for (auto& chunk : chunks_) std::free(chunk.load(std::memory_order_relaxed));
  }

  std::uint32_t size() const noexcept { return size_.load(std::memory_order_acquire); }

  /// The row's words; to be accessed by `load` and `store`.
  std::uint32_t* row(std::uint32_t index) const noexcept {
    const std::uint32_t position = index + first_chunk_rows;
    const std::uint32_t chunk = chunk_of(position);
    const std::uint32_t offset = position - (first_chunk_rows << chunk);
    return chunks_[chunk].load(std::memory_order_acquire) + std::size_t{offset} * width_;
  }

  /// Memory for the row at index `size()`; readers do not see it before `publish`. Throws bad_alloc.
  std::uint32_t* prepare() {
    const std::uint32_t position = size_.load(std::memory_order_relaxed) + first_chunk_rows;
    const std::uint32_t chunk = chunk_of(position);
    if (chunks_[chunk].load(std::memory_order_relaxed) == nullptr) {
      // Not value-initialised on purpose: memory that no row touched yet costs nothing.
      void* memory = std::calloc(std::size_t{first_chunk_rows} << chunk, width_ * sizeof(std::uint32_t));
      if (memory == nullptr) throw std::bad_alloc();
      chunks_[chunk].store(static_cast<std::uint32_t*>(memory), std::memory_order_release);
    }
    return row(position - first_chunk_rows);
  }
  void publish() noexcept { size_.store(size_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

  static std::uint32_t load(const std::uint32_t* word) noexcept {
    return std::atomic_ref<std::uint32_t>(*const_cast<std::uint32_t*>(word)).load(std::memory_order_acquire);
  }
  static void store(std::uint32_t* word, std::uint32_t value) noexcept {
    std::atomic_ref<std::uint32_t>(*word).store(value, std::memory_order_release);
  }

 private:
  static constexpr std::uint32_t first_chunk_bits = 3;
  static constexpr std::uint32_t first_chunk_rows = 1U << first_chunk_bits;

  /// Positions begin at `first_chunk_rows`; the mask tells so to tools that check shifts.
  static std::uint32_t chunk_of(std::uint32_t position) noexcept {
    return (static_cast<std::uint32_t>(std::bit_width(position)) - first_chunk_bits - 1) & 31U;
  }

  std::uint32_t width_;
  std::atomic<std::uint32_t> size_{0};
  std::array<std::atomic<std::uint32_t*>, 32 - first_chunk_bits> chunks_{};
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
