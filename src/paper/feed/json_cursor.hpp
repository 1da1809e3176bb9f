// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Walks once over a JSON text without building a tree: what the feed needs to read a message in well under a
/// microsecond. Every call says whether the text was as expected; after a `false` the position is undefined.
///
///     JsonCursor json{text};
///     const bool good = json.object([&](std::string_view key) {
///       return key == "t" ? json.integer(id) : json.skip_value();
///     }) && json.at_end();
///
/// Any bytes are safe: nothing is read outside the text, nesting is limited to 32.
/// Threads: use from one. Allocation: none; strings are views into the text, escapes left as written.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) noexcept : next_(text.data()), end_(text.data() + text.size()) {}

  /// Takes `expected` if it is next, spaces aside.
  bool consume(char expected) noexcept;
  /// Is `expected` next, spaces aside?
  bool peek(char expected) noexcept;
  bool at_end() noexcept;

  bool string(std::string_view& out) noexcept;
  bool integer(std::int64_t& out) noexcept;
  bool boolean(bool& out) noexcept;
  /// A finite number, bare or in quotes (exchanges quote prices to keep their digits).
  bool decimal(double& out) noexcept;
  bool skip_value() noexcept { return skip_value(0); }

  /// Calls `on_key(key)` for every member; it must take the value and say whether it could.
  template <typename OnKey>
  bool object(OnKey&& on_key) {
    if (!consume('{')) return false;
    if (consume('}')) return true;
    do {
      std::string_view key;
      if (!string(key) || !consume(':') || !on_key(key)) return false;
    } while (consume(','));
    return consume('}');
  }

 private:
  static constexpr int max_depth = 32;

  void skip_spaces() noexcept;
  bool skip_value(int depth) noexcept;
  bool skip_members(int depth, bool is_object) noexcept;
  bool bare_token(std::string_view& out) noexcept;

  const char* next_;
  const char* end_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
