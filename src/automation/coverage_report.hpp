// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "automation/xml_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Lines that tests could reach, and those that they did.
struct Coverage {
  std::uint64_t covered = 0;
  std::uint64_t lines = 0;

  /// Of no lines: 0.
  double percent() const noexcept {
    return lines == 0 ? 0 : 100.0 * static_cast<double>(covered) / static_cast<double>(lines);
  }
  friend bool operator==(const Coverage&, const Coverage&) = default;
};

/// Reads a coverage report, LCOV's tracefile or Cobertura's XML; its content decides, not its name.
///
///     auto coverage = read_coverage(text, "coverage.info");
///     if (!coverage) log(coverage.error().message);   // coverage.info:17: DA:12,x: the number of hits is no number
///
/// A line of a file that several tests or classes report is one line, covered if any of them reached it.
///
/// Errors: with file and line; neither format; numbers that cannot be (more covered than there are).
Result<Coverage> read_coverage(std::string_view text, const std::string& file, const XmlLimits& limits = {});

/// LCOV: `DA:` records count; a file without any is taken by its `LH:` of `LF:`. What is not about lines is passed over.
Result<Coverage> read_lcov(std::string_view text, const std::string& file);

/// Cobertura: the `<line>`s of `<class>`es count (not once more those of their methods); a report without any is taken
/// by the root's `lines-covered` of `lines-valid`.
Result<Coverage> read_cobertura(std::string_view text, const std::string& file, const XmlLimits& limits = {});

}  // namespace automation
BELLWETHER_NAMESPACE_END
