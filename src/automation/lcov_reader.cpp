// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "automation/coverage_report.hpp"
#include "automation/line_hits.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

/// What is known of one source file; several records may be about it.
struct SourceFile {
  LineHits lines;
  Coverage stated;  // by LH and LF
};

class LcovReader {
 public:
  /// Nothing, or why this line cannot be.
  std::optional<std::string> take(std::string_view line) {
    if (line.empty() || line.front() == '#') return std::nullopt;
    if (line == "end_of_record") return end_record();
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return refuse(line, "no record of LCOV (KEY:value)");
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 1);
    if (key == "SF") return begin_record(line, value);
    if (key == "TN") return std::nullopt;
    if (source_ == nullptr) return refuse(line, "stands before any SF: record, which names the source file");
    if (key == "DA") return line_data(line, value);
    if (key == "LF") return stated(line, value, stated_lines_);
    if (key == "LH") return stated(line, value, stated_covered_);
    return std::nullopt;  // functions, branches, conditions, and what later versions add
  }

  std::optional<std::string> finish() const {
    if (source_ != nullptr) return "the file ends within a record: end_of_record is missing (was it cut off?)";
    if (!any_record_) return "no SF: record; LCOV or Cobertura was expected";
    return std::nullopt;
  }

  Coverage total() const {
    Coverage total;
    for (const auto& [name, source] : sources_) {
      const Coverage& coverage = source.lines.coverage().lines > 0 ? source.lines.coverage() : source.stated;
      total.covered += coverage.covered;
      total.lines += coverage.lines;
    }
    return total;
  }

 private:
  static std::string refuse(std::string_view line, std::string_view why) {
    constexpr std::size_t shown = 60;
    return fmt::format("{}{}: {}", line.substr(0, shown), line.size() > shown ? "..." : "", why);
  }

  std::optional<std::string> begin_record(std::string_view line, std::string_view name) {
    if (name.empty()) return refuse(line, "names no source file");
    if (source_ != nullptr) return refuse(line, "begins a record before the last one's end_of_record");
    source_ = &sources_[std::string{name}];
    stated_lines_ = stated_covered_ = std::nullopt;
    any_record_ = true;
    return std::nullopt;
  }

  std::optional<std::string> line_data(std::string_view line, std::string_view value) {
    const auto comma = value.find(',');
    const auto number = count_in(value.substr(0, comma));
    if (!number || *number == 0 || comma == std::string_view::npos) {
      return refuse(line, "DA:<line>,<hits> was expected, lines count from 1");
    }
    const std::string_view hits = value.substr(comma + 1);
    const auto count = count_in(hits.substr(0, hits.find(',')));  // a checksum may follow
    if (!count) return refuse(line, "the number of hits is no number from 0 on");
    source_->lines.add(*number, *count > 0);
    return std::nullopt;
  }

  static std::optional<std::string> stated(std::string_view line, std::string_view value,
                                           std::optional<std::uint64_t>& into) {
    constexpr std::uint64_t most = 1'000'000'000;  // keeps the sum of all files within range
    into = count_in(value);
    if (!into || *into > most) return refuse(line, "is no number of lines");
    return std::nullopt;
  }

  std::optional<std::string> end_record() {
    if (source_ == nullptr) return "end_of_record without a record (SF:)";
    if (stated_lines_ && stated_covered_) {
      if (*stated_covered_ > *stated_lines_) {
        return fmt::format("LH:{} is more than LF:{}: more lines reached than there are", *stated_covered_,
                           *stated_lines_);
      }
      if (*stated_lines_ >= source_->stated.lines) {
        source_->stated.covered = std::max(source_->stated.covered, *stated_covered_);
        source_->stated.lines = *stated_lines_;
      }
    }
    source_ = nullptr;
    return std::nullopt;
  }

  std::map<std::string, SourceFile, std::less<>> sources_;
  SourceFile* source_ = nullptr;
  std::optional<std::uint64_t> stated_lines_;
  std::optional<std::uint64_t> stated_covered_;
  bool any_record_ = false;
};

}  // namespace

Result<Coverage> read_lcov(std::string_view text, const std::string& file) {
  LcovReader reader;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number;
    if (auto why = reader.take(line)) return Error{fmt::format("{}:{}: {}", file, number, *why)};
  }
  if (auto why = reader.finish()) return Error{fmt::format("{}:{}: {}", file, number, *why)};
  return reader.total();
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
