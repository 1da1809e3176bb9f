// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/expectation.hpp"

#include <re2/re2.h>

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "promql/number_text.hpp"
#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}
std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool almost_equal(double a, double b) {
  constexpr double tolerance = 1e-6;
  if (storage::is_stale(a) || storage::is_stale(b)) return storage::is_stale(a) && storage::is_stale(b);
  if (std::isnan(a) && std::isnan(b)) return true;
  if (a == b) return true;
  const double sum = std::fabs(a) + std::fabs(b);
  const double difference = std::fabs(a - b);
  if (a == 0 || b == 0 || sum < std::numeric_limits<double>::min()) {
    return difference < tolerance * std::numeric_limits<double>::min();
  }
  return difference / std::min(sum, std::numeric_limits<double>::max()) < tolerance;
}

bool sides_almost_equal(const SparseCounts& a, const SparseCounts& b) {
  if (a.indexes != b.indexes) return false;
  for (std::size_t i = 0; i < a.counts.size(); ++i) {
    if (!almost_equal(a.counts[i], b.counts[i])) return false;
  }
  return true;
}

bool almost_equal(Histogram a, Histogram b) {
  drop_empty_buckets(a);
  drop_empty_buckets(b);
  return a.schema == b.schema && almost_equal(a.count, b.count) && almost_equal(a.sum, b.sum) &&
         almost_equal(a.zero_count, b.zero_count) && almost_equal(a.zero_threshold, b.zero_threshold) &&
         a.custom_bounds == b.custom_bounds && sides_almost_equal(a.positive, b.positive) &&
         sides_almost_equal(a.negative, b.negative) && (a.hint == ResetHint::unknown || a.hint == b.hint);
}

OwnedLabels owned(Labels labels) {
  OwnedLabels out;
  for (const LabelView& label : labels) out.emplace_back(label.name, label.value);
  return out;
}

std::string text_of(const OwnedLabels& labels) {
  std::string out = "{";
  for (const auto& [name, value] : labels) out += (out.size() > 1 ? ", " : "") + name + "=\"" + value + "\"";
  return out + "}";
}

std::string text_of(const Histogram& histogram) {
  constexpr const char* hints[] = {"", " reset", " not_reset", " gauge"};
  return to_string(histogram) + "/schema " + std::to_string(histogram.schema) + hints[static_cast<int>(histogram.hint)];
}

std::string text_of(const NotedPoint& point) {
  if (!point.is_there) return "_";
  return point.histogram ? text_of(*point.histogram) : format_number(point.value);
}

std::string text_of(const ResultPoint& point) {
  return (point.histogram ? text_of(*point.histogram) : format_number(point.value)) + "@" + std::to_string(point.time);
}

std::string text_of(const QueryResult& result) {
  std::string out;
  for (const ResultSeries& series : result.series) {
    out += "\n    " + text_of(owned(series.labels));
    std::size_t told = 0;
    for (const ResultPoint& point : series.points) {
      if (++told <= 12) out += " " + text_of(point);
    }
  }
  return out.empty() ? "nothing" : out;
}

bool same_point(const NotedPoint& expected, const ResultPoint& point) {
  if (expected.histogram) return point.histogram != nullptr && almost_equal(*expected.histogram, *point.histogram);
  return point.histogram == nullptr && almost_equal(expected.value, point.value);
}

std::string compare_series(const NotedSeries& expected, const ResultSeries& series, std::int64_t from,
                           std::int64_t step) {
  auto next = series.points.begin();
  const auto end = series.points.end();
  for (std::size_t i = 0; i < expected.points.size(); ++i) {
    const NotedPoint& point = expected.points[i];
    if (!point.is_there) continue;
    const std::int64_t time = from + static_cast<std::int64_t>(i) * step;
    if (next == end || (*next).time != time || !same_point(point, *next)) {
      return text_of(expected.labels) + " at " + std::to_string(time) + ": expected " + text_of(point) + ", got " +
             (next == end ? "no more" : text_of(*next));
    }
    ++next;
  }
  if (next != end) return text_of(expected.labels) + ": unexpected " + text_of(*next);
  return {};
}

std::string compare_messages(const std::vector<MessagePattern>& expected, bool none,
                             const std::vector<std::string>& messages, const char* kind) {
  const auto list = [&] {
    std::string out;
    for (const std::string& message : messages) out += "\n    " + message;
    return out;
  };
  if (none) return messages.empty() ? "" : std::string("unexpected ") + kind + list();
  if (expected.empty()) return {};
  if (messages.empty()) return std::string("no ") + kind + " came";
  for (const MessagePattern& pattern : expected) {
    bool found = false;
    for (const std::string& message : messages) found = found || pattern.matches(message);
    if (!found) return std::string("an expected ") + kind + " did not come; these did:" + list();
  }
  for (const std::string& message : messages) {
    bool found = false;
    for (const MessagePattern& pattern : expected) found = found || pattern.matches(message);
    if (!found) return std::string("unexpected ") + kind + ": " + message;
  }
  return {};
}

MessagePattern pattern_of(std::string_view rest) {
  rest = trimmed(rest);
  if (starts_with(rest, "msg:")) return {std::string(trimmed(rest.substr(4))), std::nullopt};
  if (starts_with(rest, "regex:")) return {std::nullopt, std::string(trimmed(rest.substr(6)))};
  return {};
}

}  // namespace

bool MessagePattern::matches(const std::string& message) const {
  if (regex) return re2::RE2::PartialMatch(message, *regex);
  if (!text) return true;
  return message == *text;
}

void Expectation::take(std::string_view line) {
  const auto after = [&line](std::string_view prefix) { return line.substr(prefix.size()); };
  if (starts_with(line, "expected_fail_message")) {
    failures = {{std::string(trimmed(after("expected_fail_message"))), std::nullopt}};
  } else if (starts_with(line, "expected_fail_regexp")) {
    failures = {{std::nullopt, std::string(trimmed(after("expected_fail_regexp")))}};
  } else if (line == "expect ordered") {
    ordered = true;
  } else if (starts_with(line, "expect no_warn")) {
    no_warnings = true;
  } else if (starts_with(line, "expect no_info")) {
    no_infos = true;
  } else if (starts_with(line, "expect fail")) {
    failures.push_back(pattern_of(after("expect fail")));
  } else if (starts_with(line, "expect warn")) {
    warnings.push_back(pattern_of(after("expect warn")));
  } else if (starts_with(line, "expect info")) {
    infos.push_back(pattern_of(after("expect info")));
  } else if (starts_with(line, "expect string")) {
    const std::string_view quoted_text = trimmed(after("expect string"));
    if (quoted_text.size() < 2) throw std::runtime_error("expect string without a string");
    // The same notation as a label's value.
    const NotedSeries noted = parse_series_line("{a=" + std::string(quoted_text) + "}");
    string = noted.labels.empty() ? std::string() : noted.labels.front().second;
  } else if (starts_with(line, "expect range vector from ")) {
    std::vector<std::string> words;
    std::string_view rest = after("expect range vector from ");
    while (!(rest = trimmed(rest)).empty()) {
      const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
      words.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    if (words.size() != 5) throw std::runtime_error("expect range vector from A to B step C");
    range_vector = Range{parse_test_duration(words[0]), parse_test_duration(words[2]), parse_test_duration(words[4])};
  } else if (const std::optional<double> number = parse_test_number(line)) {
    scalar = number;
  } else {
    series.push_back(parse_series_line(line));
  }
}

std::string compare_annotations(const Expectation& expected, const QueryResult& result) {
  std::string out = compare_messages(expected.warnings, expected.no_warnings, result.warnings, "warning");
  if (out.empty()) out = compare_messages(expected.infos, expected.no_infos, result.infos, "info");
  return out;
}

std::string compare(const Expectation& expected, const QueryResult& result, std::int64_t from, std::int64_t step,
                    bool is_range) {
  if (expected.string) {
    return result.type == ValueType::string && result.text == *expected.string
               ? ""
               : "expected another string than " + result.text;
  }
  if (expected.scalar) {
    const bool is_one = result.type == ValueType::scalar ||
                        (is_range && result.series.size() == 1 && result.series[0].points.size() == 1);
    if (!is_one) return "expected a scalar, got " + text_of(result);
    const double value = result.type == ValueType::scalar ? result.scalar : result.series[0].points.front().value;
    return almost_equal(*expected.scalar, value)
               ? ""
               : "expected " + format_number(*expected.scalar) + ", got " + format_number(value);
  }
  if (result.type == ValueType::scalar || result.type == ValueType::string) return "expected series, got another type";
  std::map<OwnedLabels, std::size_t> places;
  for (std::size_t i = 0; i < result.series.size(); ++i) {
    if (!places.emplace(owned(result.series[i].labels), i).second)
      return "two results have the same labels: " + text_of(result);
    if (is_range && i > 0 && labels_before(result.series[i].labels, result.series[i - 1].labels))
      return "not sorted by labels";
  }
  for (std::size_t i = 0; i < expected.series.size(); ++i) {
    const NotedSeries& series = expected.series[i];
    const bool has_point =
        std::any_of(series.points.begin(), series.points.end(), [](const NotedPoint& p) { return p.is_there; });
    const auto place = places.find(series.labels);
    if (place == places.end()) {
      if (!has_point) continue;
      return "missing " + text_of(series.labels) + "; got " + text_of(result);
    }
    if (expected.ordered && place->second != i) return "wrong order: " + text_of(result);
    std::string difference = compare_series(series, result.series[place->second], from, step);
    if (!difference.empty()) return difference;
    places.erase(place);
  }
  if (!places.empty()) return "unexpected " + text_of(places.begin()->first) + "; got " + text_of(result);
  return {};
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
