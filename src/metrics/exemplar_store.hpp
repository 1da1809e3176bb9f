// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <bellwether/detail/shard.hpp>
#include <bellwether/exemplar.hpp>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// What was remembered of one event.
struct StoredExemplar {
  static constexpr std::size_t longest = 128;  ///< characters of label and value together, as OpenMetrics has it

  double value = 0;
  std::int64_t time_nanoseconds = 0;
  std::uint8_t label_size = 0;
  std::uint8_t value_size = 0;
  std::array<char, longest> characters{};

  std::string_view label() const noexcept { return {characters.data(), label_size}; }
  std::string_view label_value() const noexcept { return {characters.data() + label_size, value_size}; }
};

/// The last exemplar of each slot for which one was asked. Beside the handles, so that those who need none pay nothing.
///
/// Threads: any. Remembering and reading try a flag and give up rather than wait: an exemplar is a sample.
class ExemplarStore {
 public:
  static ExemplarStore& process();

  /// Makes room for the slots and forgets what was kept for their last owner. Throws bad_alloc, and then has changed
  /// nothing.
  void enable(Slot first, std::uint32_t count);
  void clear(Slot first, std::uint32_t count) noexcept;

  void remember(Slot slot, double value, const Exemplar& exemplar) noexcept;
  /// False if there is none, or it is being written right now.
  bool read(Slot slot, StoredExemplar& exemplar) const noexcept;

 private:
  struct Place {
    mutable std::atomic_flag busy;
    bool set = false;
    StoredExemplar exemplar;
  };
  static constexpr std::size_t page_slots = 1024;
  static constexpr std::size_t page_count = (8U << 20U) / page_slots;
  using Page = std::array<std::atomic<Place*>, page_slots>;

  ExemplarStore() = default;
  Place* find(Slot slot) const noexcept;

  std::mutex mutex_;
  std::array<std::atomic<Page*>, page_count> pages_{};
  std::vector<std::unique_ptr<Page>> owned_pages_;
  std::vector<std::unique_ptr<Place[]>> owned_places_;
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
