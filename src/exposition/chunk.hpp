// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// Text or bytes being written into a string that is kept a little larger than what a scrape hands out at a time, so
/// that most writes need no check. Ends with `finish`.
class Chunk {
 public:
  static constexpr std::size_t target = std::size_t{64} << 10U;

  explicit Chunk(std::string& storage) : storage_(storage) {
    storage_.resize(target + slack);
    begin_ = cursor_ = storage_.data();
    end_ = begin_ + storage_.size();
  }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;

  bool full() const noexcept { return size() >= target; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(cursor_ - begin_); }
  char* data() noexcept { return begin_; }

  /// The string is what was written.
  void finish() { storage_.resize(size()); }

  /// Room for `size` characters behind the cursor. Needed before the unchecked writes below.
  char* reserve(std::size_t size) {
    if (static_cast<std::size_t>(end_ - cursor_) < size + copy_slack) [[unlikely]] {
      grow(size);
    }
    return cursor_;
  }
  void advance_to(char* cursor) noexcept { cursor_ = cursor; }

  void append(std::string_view text) { advance_to(copy(reserve(text.size()), text)); }
  void append(char character) {
    char* cursor = reserve(1);
    *cursor = character;
    advance_to(cursor + 1);
  }

  /// Copies into reserved room, in words: names and labels are short, and a call of memcpy costs more than the copy.
  static char* copy(char* to, std::string_view text) noexcept {
    const char* from = text.data();
    const std::size_t size = text.size();
    if (size > 32) {
      std::memcpy(to, from, size);
    } else if (size >= 16) {
      move<Sixteen>(to, from);
      move<Sixteen>(to + size - 16, from + size - 16);
    } else if (size >= 8) {
      move<std::uint64_t>(to, from);
      move<std::uint64_t>(to + size - 8, from + size - 8);
    } else if (size >= 4) {
      move<std::uint32_t>(to, from);
      move<std::uint32_t>(to + size - 4, from + size - 4);
    } else if (size != 0) {
      to[0] = from[0];
      to[size / 2] = from[size / 2];
      to[size - 1] = from[size - 1];
    }
    return to + size;
  }

 private:
  static constexpr std::size_t slack = 4096;
  static constexpr std::size_t copy_slack = 64;

  struct Sixteen {
    std::uint64_t words[2];
  };
  template <typename Word>
  static void move(char* to, const char* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof word);
    std::memcpy(to, &word, sizeof word);
  }

  void grow(std::size_t size) {
    const std::size_t used = this->size();
    storage_.resize(storage_.size() * 2 + size + copy_slack);
    begin_ = storage_.data();
    cursor_ = begin_ + used;
    end_ = begin_ + storage_.size();
  }

  std::string& storage_;
  char* begin_;
  char* cursor_;
  char* end_;
};

}  // namespace exposition
BELLWETHER_NAMESPACE_END
