// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/series_notation.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/duration.hpp"
#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

[[noreturn]] void refuse(const std::string& what, std::string_view text) {
  throw std::runtime_error(what + ": " + std::string(text));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Reads from the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool done() const { return text_.empty(); }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  std::string_view rest() const { return text_; }
  void skip_spaces() { text_ = text_.substr(std::min(text_.find_first_not_of(" \t"), text_.size())); }
  bool take(std::string_view word) {
    if (text_.substr(0, word.size()) != word) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  std::string_view until(std::string_view stops) {
    const std::size_t end = std::min(text_.find_first_of(stops), text_.size());
    const std::string_view out = text_.substr(0, end);
    text_.remove_prefix(end);
    return out;
  }
  std::string quoted() {
    const char quote = peek();
    if (quote != '"' && quote != '\'' && quote != '`') refuse("a string in quotes is expected", text_);
    text_.remove_prefix(1);
    std::string out;
    while (!text_.empty() && text_.front() != quote) {
      if (text_.front() != '\\' || quote == '`') {
        out += text_.front();
        text_.remove_prefix(1);
        continue;
      }
      escape(out);
    }
    if (text_.empty()) refuse("a string does not end", out);
    text_.remove_prefix(1);
    return out;
  }
  /// A number at the front, with its sign; empty when there is none.
  std::string_view number() {
    std::size_t end = 0;
    const auto at = [this](std::size_t i) { return i < text_.size() ? static_cast<char>(text_[i] | 0x20) : '\0'; };
    if (peek() == '+' || peek() == '-') ++end;
    const std::size_t start = end;
    if (at(end) == 'i' || at(end) == 'n') {
      end += 3;
    } else {
      while ((at(end) >= '0' && at(end) <= '9') || at(end) == '.') ++end;
      if (end > start && at(end) == 'e') {
        const std::size_t sign = end + 1 < text_.size() && (text_[end + 1] == '+' || text_[end + 1] == '-') ? 1 : 0;
        end += 1 + sign;
        while (at(end) >= '0' && at(end) <= '9') ++end;
      }
    }
    if (end == start || end > text_.size()) return {};
    const std::string_view out = text_.substr(0, end);
    text_.remove_prefix(end);
    return out;
  }

 private:
  void escape(std::string& out) {
    text_.remove_prefix(1);
    if (text_.empty()) return;
    const char c = text_.front();
    text_.remove_prefix(1);
    if (c == 'n') {
      out += '\n';
    } else if (c == 't') {
      out += '\t';
    } else if (c == 'x' && text_.size() >= 2) {
      unsigned byte = 0;
      const auto [end, failed] = std::from_chars(text_.data(), text_.data() + 2, byte, 16);
      if (failed != std::errc{} || end != text_.data() + 2) refuse("no escape", text_.substr(0, 2));
      out += static_cast<char>(byte);
      text_.remove_prefix(2);
    } else {
      out += c;
    }
  }
  std::string_view text_;
};

double number_at(Cursor& cursor) {
  const std::string_view text = cursor.number();
  const std::optional<double> value = parse_test_number(text);
  if (!value) refuse("no number", cursor.rest());
  return *value;
}

std::size_t count_at(Cursor& cursor) {
  const std::string_view text = cursor.until(" \t+-");
  std::size_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc{} || end != text.data() + text.size()) refuse("no number of repetitions", text);
  constexpr std::size_t most = 10'000'000;
  if (count > most) refuse("more than 10,000,000 repetitions", text);
  return count;
}

std::vector<double> list_at(Cursor& cursor) {
  std::vector<double> out;
  if (!cursor.take("[")) refuse("a list begins with [", cursor.rest());
  for (cursor.skip_spaces(); !cursor.take("]"); cursor.skip_spaces()) {
    if (cursor.done()) refuse("a list does not end", "");
    out.push_back(number_at(cursor));
  }
  return out;
}

SparseCounts side_of(const std::vector<double>& counts, std::int32_t offset) {
  SparseCounts out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    out.indexes.push_back(offset + static_cast<std::int32_t>(i));
    out.counts.push_back(counts[i]);
  }
  return out;
}

/// After "{{".
Histogram histogram_at(Cursor& cursor) {
  Histogram out;
  std::vector<double> positive;
  std::vector<double> negative;
  std::int32_t offset = 0;
  std::int32_t negative_offset = 0;
  for (cursor.skip_spaces(); !cursor.take("}}"); cursor.skip_spaces()) {
    const std::string key(cursor.until(":}"));
    if (!cursor.take(":")) refuse("a histogram's key without a value", key);
    if (key == "schema") {
      out.schema = static_cast<std::int32_t>(number_at(cursor));
    } else if (key == "sum") {
      out.sum = number_at(cursor);
    } else if (key == "count") {
      out.count = number_at(cursor);
    } else if (key == "z_bucket") {
      out.zero_count = number_at(cursor);
    } else if (key == "z_bucket_w") {
      out.zero_threshold = number_at(cursor);
    } else if (key == "buckets") {
      positive = list_at(cursor);
    } else if (key == "n_buckets") {
      negative = list_at(cursor);
    } else if (key == "offset") {
      offset = static_cast<std::int32_t>(number_at(cursor));
    } else if (key == "n_offset") {
      negative_offset = static_cast<std::int32_t>(number_at(cursor));
    } else if (key == "custom_values") {
      out.custom_bounds = list_at(cursor);
    } else if (key == "counter_reset_hint") {
      const std::string_view hint = cursor.until(" \t}");
      if (hint == "reset") out.hint = ResetHint::reset;
      if (hint == "not_reset") out.hint = ResetHint::not_reset;
      if (hint == "gauge") out.hint = ResetHint::gauge;
    } else {
      refuse("no key of a histogram", key);
    }
  }
  out.positive = side_of(positive, offset);
  out.negative = side_of(negative, negative_offset);
  return out;
}

void histogram_item(Cursor& cursor, std::vector<NotedPoint>& out) {
  Histogram value = histogram_at(cursor);
  const bool rises = cursor.take("+{{");
  const bool falls = !rises && cursor.take("-{{");
  const Histogram change = rises || falls ? histogram_at(cursor) : Histogram{};
  std::size_t times = 0;
  if (cursor.take("x")) times = count_at(cursor);
  for (std::size_t i = 0; i <= times; ++i) {
    NotedPoint point;
    point.is_there = true;
    point.histogram = value;
    out.push_back(std::move(point));
    const ResetHint hint = value.hint;
    if (rises) add(value, change);
    if (falls) subtract(value, change);
    value.hint = hint;
  }
}

void item(Cursor& cursor, std::vector<NotedPoint>& out) {
  if (cursor.take("{{")) return histogram_item(cursor, out);
  if (cursor.take("_")) {
    const std::size_t times = cursor.take("x") ? count_at(cursor) : 1;
    out.resize(out.size() + times);
    return;
  }
  NotedPoint point;
  point.is_there = true;
  double change = 0;
  if (cursor.take("stale")) {
    point.value = storage::stale_nan();
  } else {
    point.value = number_at(cursor);
    if (cursor.peek() == '+' || cursor.peek() == '-') change = number_at(cursor);
  }
  const std::size_t times = cursor.take("x") ? count_at(cursor) : 0;
  for (std::size_t i = 0; i <= times; ++i) {
    out.push_back(point);
    if (change != 0) point.value += change;
  }
}

OwnedLabels labels_at(Cursor& cursor) {
  OwnedLabels labels;
  const std::string_view name = trimmed(cursor.until("{ \t@"));
  if (!name.empty()) labels.emplace_back("__name__", name);
  cursor.skip_spaces();
  // Two braces begin a histogram, not labels.
  if (cursor.rest().substr(0, 2) != "{{" && cursor.take("{")) {
    for (cursor.skip_spaces(); !cursor.take("}"); cursor.skip_spaces()) {
      if (cursor.take(",")) continue;
      if (cursor.done()) refuse("labels do not end", name);
      std::string label =
          cursor.peek() == '"' || cursor.peek() == '\'' ? cursor.quoted() : std::string(trimmed(cursor.until("=,}")));
      cursor.skip_spaces();
      if (!cursor.take("=")) {
        labels.emplace_back("__name__", std::move(label));
        continue;
      }
      cursor.skip_spaces();
      std::string value = cursor.quoted();
      if (!value.empty()) labels.emplace_back(std::move(label), std::move(value));
    }
  }
  std::sort(labels.begin(), labels.end());
  return labels;
}

}  // namespace

std::optional<double> parse_test_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const double sign = text.front() == '-' ? -1 : 1;
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  if (lower == "inf") return sign * std::numeric_limits<double>::infinity();
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  char* end = nullptr;
  if (lower.empty() || (lower[0] != '.' && (lower[0] < '0' || lower[0] > '9'))) return std::nullopt;
  const double value = std::strtod(lower.c_str(), &end);
  if (end != lower.c_str() + lower.size()) return std::nullopt;
  return sign * value;
}

std::int64_t parse_test_duration(std::string_view text) {
  const std::int64_t sign = !text.empty() && text.front() == '-' ? -1 : 1;
  if (sign < 0) text.remove_prefix(1);
  if (const std::optional<double> seconds = parse_test_number(text)) {
    return sign * static_cast<std::int64_t>(std::llround(*seconds * 1000));
  }
  const Result<std::chrono::milliseconds> value = parse_duration(text);
  if (!value) refuse("no duration", text);
  return sign * value->count();
}

NotedSeries parse_series_line(std::string_view line) {
  Cursor cursor(line);
  NotedSeries out;
  out.labels = labels_at(cursor);
  if (cursor.take("@st")) {
    out.is_start_times = true;
    return out;
  }
  for (cursor.skip_spaces(); !cursor.done(); cursor.skip_spaces()) item(cursor, out.points);
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
