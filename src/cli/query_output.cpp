// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/query_output.hpp"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

namespace json = boost::json;

struct Point {
  double time = 0;
  std::string text;
  double value = 0;
};
struct Series {
  std::string labels;
  std::vector<Point> points;
};

std::string plain(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

/// up{job="desk"}
std::string label_text(const json::object& labels) {
  std::string name;
  std::string rest;
  for (const auto& [key, value] : labels) {
    if (key == "__name__") {
      name = plain(value);
    } else {
      rest += (rest.empty() ? "" : ",") + std::string(key) + '=' + json::serialize(value);
    }
  }
  return rest.empty() && !name.empty() ? name : name + '{' + rest + '}';
}

Point point(const json::value& pair) {
  Point out{pair.at(0).to_number<double>(), plain(pair.at(1)), std::numeric_limits<double>::quiet_NaN()};
  if (pair.at(1).is_string()) out.value = std::strtod(out.text.c_str(), nullptr);
  return out;
}

std::vector<Series> read_series(const json::object& data) {
  std::vector<Series> out;
  const std::string type = plain(data.at("resultType"));
  if (type == "scalar" || type == "string") return {{"", {point(data.at("result"))}}};
  for (const json::value& each : data.at("result").as_array()) {
    const json::object& object = each.as_object();
    Series series{label_text(object.at("metric").as_object()), {}};
    for (const char* key : {"value", "histogram"}) {
      if (const auto* value = object.if_contains(key)) series.points.push_back(point(*value));
    }
    for (const char* key : {"values", "histograms"}) {
      const auto* values = object.if_contains(key);
      if (values == nullptr) continue;
      for (const json::value& one : values->as_array()) series.points.push_back(point(one));
    }
    std::stable_sort(series.points.begin(), series.points.end(),
                     [](const Point& a, const Point& b) { return a.time < b.time; });
    out.push_back(std::move(series));
  }
  return out;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string csv(const std::vector<Series>& all) {
  std::string out = "series,time,value\n";
  for (const Series& series : all) {
    for (const Point& one : series.points) {
      out += fmt::format("{},{:.3f},{}\n", csv_field(series.labels), one.time, csv_field(one.text));
    }
  }
  return out;
}

std::string clock_text(double seconds) {
  const long long milliseconds = std::llround(seconds * 1e3);
  const long long whole = milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03d}Z", fmt::gmtime(static_cast<std::time_t>(whole)),
                     milliseconds - whole * 1000);
}

std::string table(const std::vector<Series>& all) {
  std::size_t widest = 0;
  for (const Series& series : all) widest = std::max(widest, series.labels.size());
  widest = std::min<std::size_t>(widest, 100);
  std::string out;
  for (const Series& series : all) {
    if (series.points.size() == 1) {
      out += fmt::format("{:<{}}{}{}\n", series.labels, widest, widest == 0 ? "" : "  ", series.points[0].text);
      continue;
    }
    out += series.labels + '\n';
    for (const Point& one : series.points) out += fmt::format("  {}  {}\n", clock_text(one.time), one.text);
  }
  return out.empty() ? "no series\n" : out;
}

/// One column for each part of the time: the mean of what falls into it.
std::string course(const Series& series, double from, double to, double least, double greatest, std::size_t width) {
  constexpr std::array<const char*, 8> blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::vector<double> sums(width, 0);
  std::vector<std::size_t> counts(width, 0);
  for (const Point& one : series.points) {
    if (!std::isfinite(one.value)) continue;
    const double place = to > from ? (one.time - from) / (to - from) * static_cast<double>(width) : 0;
    const std::size_t column = std::min(width - 1, static_cast<std::size_t>(std::max(0.0, place)));
    sums[column] += one.value;
    ++counts[column];
  }
  std::string out;
  for (std::size_t i = 0; i < width; ++i) {
    if (counts[i] == 0) {
      out += ' ';
      continue;
    }
    const double mean = sums[i] / static_cast<double>(counts[i]);
    const double height = greatest > least ? (mean - least) / (greatest - least) : 0;
    out += blocks[std::min<std::size_t>(blocks.size() - 1, static_cast<std::size_t>(height * blocks.size()))];
  }
  return out;
}

std::string chart(const std::vector<Series>& all, std::size_t width) {
  double from = std::numeric_limits<double>::infinity();
  double to = -from;
  for (const Series& series : all) {
    for (const Point& one : series.points) {
      from = std::min(from, one.time);
      to = std::max(to, one.time);
    }
  }
  std::string out;
  std::size_t points = 0;
  for (const Series& series : all) {
    double least = std::numeric_limits<double>::infinity();
    double greatest = -least;
    for (const Point& one : series.points) {
      points = std::max(points, series.points.size());
      if (!std::isfinite(one.value)) continue;
      least = std::min(least, one.value);
      greatest = std::max(greatest, one.value);
    }
    if (series.points.empty()) continue;
    const std::size_t columns = std::min(width, std::max<std::size_t>(points, 1));
    out += fmt::format("{}\n  {}  {:.6g} … {:.6g}, last {}\n", series.labels,
                       course(series, from, to, least, greatest, columns), least, greatest, series.points.back().text);
  }
  if (out.empty()) return "no series\n";
  return out + fmt::format("  from {} to {}\n", clock_text(from), clock_text(to));
}

std::string list(const json::array& items) {
  std::string out;
  for (const json::value& item : items) out += (item.is_object() ? label_text(item.as_object()) : plain(item)) + '\n';
  return out.empty() ? "nothing\n" : out;
}

QueryOutput show(const json::value& answer, QueryFormat format, std::size_t width) {
  QueryOutput out;
  for (const char* kind : {"warnings", "infos"}) {
    const auto* remarks = answer.as_object().if_contains(kind);
    if (remarks == nullptr) continue;
    for (const json::value& remark : remarks->as_array()) out.remarks.push_back(plain(remark));
  }
  const json::value& data = answer.at("data");
  if (data.is_array()) {
    out.text = list(data.as_array());
  } else {
    const std::vector<Series> all = read_series(data.as_object());
    out.text = format == QueryFormat::csv ? csv(all) : format == QueryFormat::chart ? chart(all, width) : table(all);
  }
  return out;
}

}  // namespace

Result<QueryOutput> show_answer(const std::string& answer, QueryFormat format, std::size_t width) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(answer, failed);
  if (failed || !parsed.is_object()) return Error{"the answer is no JSON: " + answer.substr(0, 200)};
  try {
    if (plain(parsed.at("status")) != "success") return Error{plain(parsed.at("error"))};
    QueryOutput out = show(parsed, format, std::max<std::size_t>(width, 1));
    if (format == QueryFormat::json) out.text = answer + '\n';  // numbers as they were written
    return out;
  } catch (const std::exception& exception) {
    return Error{std::string("the answer is not one of Prometheus's API: ") + exception.what()};
  }
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
