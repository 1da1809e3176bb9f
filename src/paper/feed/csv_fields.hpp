// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The comma-separated fields of one line, without quotes: what the recordings hold. Beyond the sixteenth they are
/// not kept.
///
///     const CsvFields fields{"19980102 00:00,136300,162500"};
///     if (double open = 0; fields.size() < 2 || !parse_number(fields[1], open)) { ... }
///
/// Any bytes are safe. Allocation: none; the fields are views into the line. A carriage return at the end is dropped.
class CsvFields {
 public:
  explicit CsvFields(std::string_view line) noexcept;

  std::size_t size() const noexcept { return size_; }
  /// Requires `at < size()`.
  std::string_view operator[](std::size_t at) const noexcept { return fields_[at]; }

 private:
  static constexpr std::size_t most = 16;

  std::array<std::string_view, most> fields_;
  std::size_t size_ = 0;
};

/// The whole field as a finite number of at most 1e15 either side of 0; no spaces, no sign `+`, no hexadecimal.
bool parse_number(std::string_view text, double& out) noexcept;
bool parse_integer(std::string_view text, std::int64_t& out) noexcept;

}  // namespace paper
BELLWETHER_NAMESPACE_END
