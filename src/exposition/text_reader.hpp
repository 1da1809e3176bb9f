// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "exposition/exposition_reader.hpp"
#include "exposition/label_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

enum class TextFormat : std::uint8_t {
  prometheus,   ///< text 0.0.4 and 1.0.0 (with UTF-8 names in quotes)
  openmetrics,  ///< OpenMetrics 1.0
};

/// Reads the text formats; see ExpositionReader for the use.
///
/// Prometheus text: blanks (space, tab) are free between tokens, empty lines and comments are skipped, the last line
/// may lack its newline. Types: counter, gauge, histogram, summary, untyped and unknown. Timestamps are milliseconds.
///
/// OpenMetrics is taken to the letter: one space between tokens, none in the braces, no empty lines, no comments but
/// HELP, TYPE and UNIT, a unit is the end of its family's name, "# EOF" ends the input. Exemplars are taken on any
/// sample. Timestamps are seconds. `_created`, `_info`, `_gsum` and their kin are samples like any other.
///
/// Both: names in quotes, in braces or after HELP, TYPE, UNIT, may be any UTF-8 but empty. A comma may follow the last
/// label. Values as in read_value (number_reader.hpp). Refused although Prometheus takes them: a line break or a NUL
/// outside of a quoted value, and labels without a comma between them. "\r\n" is refused by all.
///
/// Errors: "line 3, column 17: expected a value, found \"abc\""; columns count bytes from 1.
class TextReader final : public ExpositionReader {
 public:
  TextReader(std::string_view input, TextFormat format) noexcept
      : input_(input), strict_(format == TextFormat::openmetrics) {}

  Result<Entry> next() override;
  std::string_view series_key() override { return series_text_; }
  Result<SeriesView> series() override;

 private:
  Result<Entry> read_sample();
  Result<Entry> read_keyword();
  Result<Entry> read_metadata(Entry kind);
  Result<Entry> read_help(std::string_view rest);
  Result<Entry> read_type(std::string_view rest);
  Result<Entry> read_unit(std::string_view rest);
  Result<Entry> read_end();
  std::optional<Error> read_timestamp();
  std::optional<Error> read_exemplar();
  std::optional<Error> read_separator(bool required);

  char peek() const noexcept { return at_ < input_.size() ? input_[at_] : '\n'; }
  bool at_line_end() const noexcept { return at_ >= input_.size() || input_[at_] == '\n'; }
  void skip_blanks() noexcept;
  std::string_view take_token() noexcept;
  std::optional<Error> finish_line();
  Error fail(std::size_t at, std::string_view expected);
  Error describe(std::size_t at, std::string_view expected) const;

  std::string_view input_;
  bool strict_;
  bool done_ = false;
  std::size_t at_ = 0;
  std::size_t line_ = 0;        // of the current entry, from 1
  std::size_t line_start_ = 0;  // its offset
  std::string_view series_text_;
  bool series_read_ = false;
  LabelReader series_labels_;
  LabelReader exemplar_labels_;
  ExemplarView exemplar_;
  std::string family_text_;  // an unescaped family name
  std::string help_text_;    // an unescaped help
  std::optional<Error> failure_;
};

}  // namespace exposition
BELLWETHER_NAMESPACE_END
