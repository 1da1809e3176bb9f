// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The lines of a gzip file, one after another, in bounded memory whatever the file holds.
///
///     GzipLines lines = GzipLines::open("spot_btcusdt_20240808.gz").value();
///     std::string_view line;
///     while (lines.next(line) == GzipLines::Next::line) { ... }
///
/// Several gzip members in one file are read as one text. The last line needs no newline.
/// Threads: use from one. Blocking: reads the file. Allocation: two buffers at open, none a line.
class GzipLines {
 public:
  /// `too_long`: a line above the limit was passed over, `line` holds its beginning; go on calling.
  /// `broken`: the file ends within the compressed data or its bytes are damaged; nothing more will come.
  enum class Next { line, too_long, broken, end };

  static constexpr std::size_t default_line_limit = std::size_t{1} << 20;

  static Result<GzipLines> open(const std::string& path, std::size_t line_limit = default_line_limit);

  GzipLines(GzipLines&&) noexcept;
  GzipLines& operator=(GzipLines&&) noexcept;
  ~GzipLines();

  /// The view is good until the next call.
  Next next(std::string_view& line);

 private:
  struct State;
  explicit GzipLines(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
