// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/text_reader.hpp"

#include <algorithm>
#include <array>

#include "exposition/number_reader.hpp"
#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

constexpr std::size_t npos = std::string_view::npos;

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

/// A piece of the input, fit for an error message whatever bytes it has.
std::string quote_for_message(std::string_view text) {
  constexpr std::size_t shown = 32;
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text.substr(0, shown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      quoted += c;
    } else {
      quoted += "\\x";
      quoted += hexadecimal[byte >> 4U];
      quoted += hexadecimal[byte & 15U];
    }
  }
  return quoted + (text.size() > shown ? "...\"" : "\"");
}

struct TypeName {
  std::string_view name;
  FamilyType type;
  bool prometheus;
  bool openmetrics;
};

constexpr std::array type_names{
    TypeName{"counter", FamilyType::counter, true, true},
    TypeName{"gauge", FamilyType::gauge, true, true},
    TypeName{"histogram", FamilyType::histogram, true, true},
    TypeName{"summary", FamilyType::summary, true, true},
    TypeName{"untyped", FamilyType::unknown, true, false},
    TypeName{"unknown", FamilyType::unknown, true, true},
    TypeName{"gaugehistogram", FamilyType::gauge_histogram, false, true},
    TypeName{"info", FamilyType::info, false, true},
    TypeName{"stateset", FamilyType::state_set, false, true},
};

}  // namespace

Error TextReader::describe(std::size_t at, std::string_view expected) const {
  std::string found;
  if (at >= input_.size()) {
    found = "the end of the input";
  } else if (input_[at] == '\n') {
    found = "the end of the line";
  } else {
    found = quote_for_message(input_.substr(at, input_.find('\n', at) - at));
  }
  return Error{"line " + std::to_string(line_) + ", column " + std::to_string(at - line_start_ + 1) + ": expected " +
               std::string(expected) + ", found " + found};
}

Error TextReader::fail(std::size_t at, std::string_view expected) {
  failure_ = describe(at, expected);
  return *failure_;
}

void TextReader::skip_blanks() noexcept {
  while (at_ < input_.size() && is_blank(input_[at_])) ++at_;
}

std::string_view TextReader::take_token() noexcept {
  const std::size_t begin = at_;
  while (at_ < input_.size() && input_[at_] != ' ' && input_[at_] != '\n' && (strict_ || input_[at_] != '\t')) ++at_;
  return input_.substr(begin, at_ - begin);
}

Result<Entry> TextReader::next() {
  if (failure_) return *failure_;
  while (!done_) {
    ++line_;
    line_start_ = at_;
    if (at_ >= input_.size()) {
      if (strict_) return fail(at_, "\"# EOF\" as the last line (is the input cut off?)");
      done_ = true;
      break;
    }
    if (!strict_) skip_blanks();
    if (at_line_end()) {
      if (strict_) return fail(at_, "a sample, metadata or \"# EOF\": OpenMetrics has no empty lines");
      if (at_ < input_.size()) ++at_;
      continue;
    }
    if (input_[at_] != '#') return read_sample();
    Result<Entry> entry = read_keyword();
    if (!entry || *entry != Entry::sample) return entry;  // `sample` stands here for a comment that was skipped
  }
  return Entry::end;
}

std::optional<Error> TextReader::finish_line() {
  if (at_ < input_.size()) {
    ++at_;
  } else if (strict_) {
    return fail(at_, "a line break, and \"# EOF\" as the last line (is the input cut off?)");
  }
  return std::nullopt;
}

std::optional<Error> TextReader::read_separator(bool required) {
  if (strict_) {
    if (at_ >= input_.size() || input_[at_] != ' ') return fail(at_, "one space");
    ++at_;
    return std::nullopt;
  }
  if (required && !at_line_end() && !is_blank(input_[at_])) return fail(at_, "a blank or '{' after the metric name");
  skip_blanks();
  return std::nullopt;
}

Result<Entry> TextReader::read_sample() {
  const std::size_t begin = at_;
  at_ += plain_name_length(input_.substr(at_), true);
  const bool named = at_ != begin;
  std::size_t brace = at_;
  if (!strict_) {
    while (brace < input_.size() && is_blank(input_[brace])) ++brace;
  }
  const bool braced = brace < input_.size() && input_[brace] == '{';
  if (braced) {
    at_ = braces_end(input_, brace);
    if (at_ == npos)
      return fail(std::min(input_.find('\n', brace), input_.size()), "'}', and '\"' where a value is open");
  } else if (!named) {
    return fail(at_, "a metric name, '{' or '#'");
  }
  series_text_ = input_.substr(begin, at_ - begin);
  series_read_ = false;

  if (auto error = read_separator(!braced)) return *error;
  const std::size_t value_at = at_;
  const std::optional<double> value = read_value(take_token());
  if (!value) return fail(value_at, "a value: a decimal number, NaN, +Inf or -Inf");
  value_ = *value;

  timestamp_ms_.reset();
  exemplars_ = {};
  if (!strict_) skip_blanks();
  if (peek() != '\n') {
    if (auto error = read_timestamp()) return *error;
  }
  if (auto error = finish_line()) return *error;
  return Entry::sample;
}

std::optional<Error> TextReader::read_timestamp() {
  if (!strict_) {
    const std::size_t begin = at_;
    timestamp_ms_ = read_milliseconds(take_token());
    if (!timestamp_ms_) return fail(begin, "a timestamp in whole milliseconds, or the end of the line");
    skip_blanks();
    if (!at_line_end()) return fail(at_, "the end of the line");
    return std::nullopt;
  }
  ++at_;  // the space at which the value ended
  if (peek() != '#') {
    const std::size_t begin = at_;
    timestamp_ms_ = read_seconds_as_milliseconds(take_token());
    if (!timestamp_ms_) return fail(begin, "a timestamp in seconds, or an exemplar \"# {\"");
    if (at_line_end()) return std::nullopt;
    ++at_;
  }
  return read_exemplar();
}

std::optional<Error> TextReader::read_exemplar() {
  if (input_.substr(at_, 3) != "# {") return fail(at_, "an exemplar, \"# {\", or the end of the line");
  const std::size_t begin = at_ + 2;
  at_ = braces_end(input_, begin);
  if (at_ == npos) return fail(std::min(input_.find('\n', begin), input_.size()), "the exemplar's '}'");
  if (auto problem = exemplar_labels_.read(input_.substr(begin, at_ - begin), {.blanks = false, .exemplar = true})) {
    return fail(begin + problem->at, problem->expected);
  }
  if (auto error = read_separator(true)) return error;
  const std::size_t value_at = at_;
  const std::optional<double> value = read_value(take_token());
  if (!value) return fail(value_at, "the exemplar's value: a decimal number, NaN, +Inf or -Inf");
  exemplar_ = {exemplar_labels_.labels(), *value, std::nullopt};
  if (!at_line_end()) {
    const std::size_t timestamp_at = ++at_;
    exemplar_.timestamp_ms = read_seconds_as_milliseconds(take_token());
    if (!exemplar_.timestamp_ms) return fail(timestamp_at, "the exemplar's timestamp in seconds");
    if (!at_line_end()) return fail(at_, "the end of the line");
  }
  exemplars_ = {&exemplar_, 1};
  return std::nullopt;
}

Result<SeriesView> TextReader::series() {
  if (!series_read_) {
    if (auto problem = series_labels_.read(series_text_, {.blanks = !strict_, .exemplar = false})) {
      const auto begin = static_cast<std::size_t>(series_text_.data() - input_.data());
      return describe(begin + problem->at, problem->expected);
    }
    series_read_ = true;
  }
  return SeriesView{series_labels_.name(), series_labels_.labels()};
}

Result<Entry> TextReader::read_keyword() {
  const std::size_t hash = at_++;
  const std::size_t blanks = at_;
  if (strict_) {
    if (peek() == ' ') ++at_;
  } else {
    skip_blanks();
  }
  const std::size_t keyword_at = at_;
  const std::string_view keyword = at_ > blanks ? take_token() : std::string_view{};
  if (strict_ && keyword == "EOF") return read_end();
  const bool followed = at_ < input_.size() && input_[at_] != '\n';
  if (followed && keyword == "HELP") return read_metadata(Entry::help);
  if (followed && keyword == "TYPE") return read_metadata(Entry::type);
  if (followed && strict_ && keyword == "UNIT") return read_metadata(Entry::unit);
  if (strict_) {
    return fail(keyword.empty() ? hash : keyword_at,
                "\"# HELP \", \"# TYPE \", \"# UNIT \" or \"# EOF\": OpenMetrics has no other comments");
  }
  at_ = std::min(input_.find('\n', at_), input_.size());
  if (auto error = finish_line()) return *error;
  return Entry::sample;
}

Result<Entry> TextReader::read_end() {
  if (at_ < input_.size() && input_[at_] != '\n') return fail(at_, "the end of the line after \"# EOF\"");
  if (at_ < input_.size()) ++at_;
  if (at_ < input_.size()) {
    ++line_;
    line_start_ = at_;
    return fail(at_, "nothing after \"# EOF\"");
  }
  done_ = true;
  return Entry::end;
}

Result<Entry> TextReader::read_metadata(Entry kind) {
  if (auto error = read_separator(true)) return *error;
  const std::size_t begin = at_;
  if (peek() == '"') {
    const std::size_t end = quoted_end(input_, at_);
    if (end == npos) return fail(begin, "a metric name with a closing '\"'");
    family_ = input_.substr(begin + 1, end - begin - 2);
    if (family_.empty() || !is_utf8(family_)) return fail(begin, "a metric name in valid UTF-8 that is not empty");
    if (family_.find('\\') != npos) {
      family_text_.clear();
      unescape(family_, true, family_text_);
      family_ = family_text_;
    }
    at_ = end;
  } else {
    family_ = input_.substr(begin, plain_name_length(input_.substr(begin), true));
    if (family_.empty()) return fail(begin, "a metric name");
    at_ += family_.size();
  }

  const bool bare = !strict_ && at_line_end();
  if (!bare && (at_ >= input_.size() || !(input_[at_] == ' ' || (!strict_ && input_[at_] == '\t')))) {
    return fail(at_, "a space after the metric name");
  }
  if (!bare) ++at_;
  const std::size_t line_end = std::min(input_.find('\n', at_), input_.size());
  const std::string_view rest = input_.substr(at_, line_end - at_);
  if (kind == Entry::help) return read_help(rest);
  return kind == Entry::type ? read_type(rest) : read_unit(rest);
}

Result<Entry> TextReader::read_help(std::string_view rest) {
  if (const std::size_t valid = valid_utf8_prefix(rest); valid != rest.size()) return fail(at_ + valid, "valid UTF-8");
  text_ = rest;
  if (rest.find('\\') != npos) {
    help_text_.clear();
    unescape(rest, strict_, help_text_);
    text_ = help_text_;
  }
  at_ += rest.size();
  if (auto error = finish_line()) return *error;
  return Entry::help;
}

Result<Entry> TextReader::read_type(std::string_view rest) {
  std::string_view name = rest;
  if (!strict_) {
    while (!name.empty() && is_blank(name.front())) name.remove_prefix(1);
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
  }
  const auto* const found = std::find_if(type_names.begin(), type_names.end(), [&](const TypeName& candidate) {
    return candidate.name == name && (strict_ ? candidate.openmetrics : candidate.prometheus);
  });
  if (found == type_names.end()) {
    return fail(at_, strict_ ? "a type: counter, gauge, histogram, gaugehistogram, summary, info, stateset or unknown"
                             : "a type: counter, gauge, histogram, summary or untyped");
  }
  type_ = found->type;
  at_ += rest.size();
  if (auto error = finish_line()) return *error;
  return Entry::type;
}

Result<Entry> TextReader::read_unit(std::string_view rest) {
  const std::size_t size = rest.size();
  if (size != 0 && (family_.size() <= size || !family_.ends_with(rest) || family_[family_.size() - size - 1] != '_')) {
    return fail(at_, "a unit that the metric's name ends with, after '_'");
  }
  text_ = rest;
  at_ += size;
  if (auto error = finish_line()) return *error;
  return Entry::unit;
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
