// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// The text of a file of procfs; empty when it cannot be read. Reads at most 4 MiB, so that a path that leads elsewhere
/// does no harm. Allocates the text; never throws for what it finds.
std::string read_proc_file(const std::string& path);

/// Entries of a folder whose names are numbers: the open files of `/proc/self/fd`, without the one that this call
/// opens.
std::optional<std::uint64_t> count_numbered_entries(const std::string& path);

/// Takes the part before `separator` off the front of `text`.
inline std::string_view take_until(std::string_view& text, char separator) noexcept {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

inline std::string_view take_line(std::string_view& text) noexcept {
  return take_until(text, '\n');
}

/// Takes a word off the front; words stand between spaces and tabs. Empty at the end.
inline std::string_view take_word(std::string_view& text) noexcept {
  const auto begin = text.find_first_not_of(" \t");
  text.remove_prefix(begin == std::string_view::npos ? text.size() : begin);
  const auto end = text.find_first_of(" \t");
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(word.size());
  return word;
}

inline void skip_words(std::string_view& text, int count) noexcept {
  while (count-- > 0) take_word(text);
}

/// The whole word as a number, nothing if it is none or too large.
template <typename Number>
std::optional<Number> parse_number(std::string_view word) noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

inline std::optional<std::uint64_t> take_count(std::string_view& text) noexcept {
  return parse_number<std::uint64_t>(take_word(text));
}

/// The length of a clock tick, in which procfs gives processor time, in ticks a second.
double ticks_per_second() noexcept;

}  // namespace detail
BELLWETHER_NAMESPACE_END
