// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "api/value_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// The points of one answer as JSON. All series of a range query have the same times, and most values come again: the text of a
/// time is made once, that of a value as long as it is remembered, and copied.
///
///     char text[PointWriter::longest];
///     out.append(text, points.write(text, 1435781430781, 0.5));  // ,[1435781430.781,"0.5"]
///
/// Memory: 12 KiB, and 40 bytes for each time, 11,000 of them at most.
class PointWriter {
 public:
  /// Room that `write` needs.
  static constexpr std::size_t longest = 96;

  PointWriter();

  /// Begins with a comma; returns the end.
  char* write(char* to, std::int64_t milliseconds, double value);

 private:
  struct TimeText {
    std::int64_t time = 0;
    std::uint8_t length = 0;
    std::array<char, 31> text{};  // ,[1435781430.781,"
  };
  struct ValueText {
    std::uint64_t bits;
    std::uint8_t length;
    std::array<char, 32> text;  // 0.5"]
  };
  static constexpr std::size_t most_times = 11'000;
  static constexpr unsigned values_log2 = 8;

  static void make(TimeText& text, std::int64_t milliseconds);
  static void make(ValueText& text, double value);
  const TimeText& find(std::int64_t milliseconds);

  std::vector<TimeText> times_;  // ascending
  std::size_t next_ = 0;         // where the next point's time most likely is
  TimeText other_;               // one that is not among them
  std::unique_ptr<std::array<ValueText, std::size_t{1} << values_log2>> values_;  // each where its bits' hash says
};

}  // namespace api
BELLWETHER_NAMESPACE_END
