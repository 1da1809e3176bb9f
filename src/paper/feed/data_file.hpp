// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// No recording of bars comes near: what is larger is refused, a zip bomb before it is unpacked where it says so
/// itself, and at this size where it lies.
inline constexpr std::size_t default_data_limit = std::size_t{64} << 20;

/// The whole text of a small data file, or of the one CSV in a zip. An error names the file, what is wrong and, where
/// one can say, what was expected: not a regular file (a directory, a pipe that would block), not there, truncated,
/// damaged, encrypted, too large, several members. Threads: any. Blocking: reads the file. Allocation: the text.
Result<std::string> read_text_file(const std::string& path, std::size_t limit = default_data_limit);
Result<std::string> read_zip_csv(const std::string& path, std::size_t limit = default_data_limit);

/// An error unless the path, after links, is a regular file.
Result<void> expect_regular_file(const std::string& path);

/// Calls `on_line(line, number)` for each line with something in it; numbers begin at 1. A last line needs no newline.
template <typename OnLine>
void for_each_line(std::string_view text, OnLine&& on_line) {
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    ++number;
    if (!line.empty() && line != "\r") on_line(line, number);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
