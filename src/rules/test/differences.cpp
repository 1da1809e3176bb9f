// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/test/differences.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "promql/number_text.hpp"
#include "rules/joined_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

template <typename Labels>
std::string labels_text(const Labels& labels) {
  std::string text = "{";
  for (const auto& [name, value] : labels) {
    if (text.size() > 1) text += ", ";
    text += joined_text({name, "=\"", value, "\""});
  }
  return text + "}";
}

std::string list_text(const promql::SparseCounts& counts) {
  std::string text = "[";
  for (std::size_t i = 0; i < counts.indexes.size(); ++i) {
    if (i > 0) text += " ";
    text += std::to_string(counts.indexes[i]) + ":" + promql::format_number(counts.counts[i]);
  }
  return text + "]";
}

std::string value_text(const ExpectedSample& sample) {
  if (!sample.histogram) return promql::format_number(sample.value);
  const promql::Histogram& histogram = *sample.histogram;
  return "{{schema:" + std::to_string(histogram.schema) + " count:" + promql::format_number(histogram.count) +
         " sum:" + promql::format_number(histogram.sum) + " z_bucket:" + promql::format_number(histogram.zero_count) +
         " buckets by index:" + list_text(histogram.positive) + " n_buckets by index:" + list_text(histogram.negative) +
         "}}";
}

std::string sample_text(const ExpectedSample& sample) {
  return labels_text(sample.labels) + " " + value_text(sample);
}

bool same_number(double a, double b, bool fuzzy) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (a == b || !fuzzy || std::isinf(a) || std::isinf(b)) return a == b;
  constexpr double last_bit = 2.3e-16;
  return std::fabs(a - b) <= last_bit * std::max(std::fabs(a), std::fabs(b));
}

bool same_sample(const ExpectedSample& a, const ExpectedSample& b, bool fuzzy) {
  if (a.histogram.has_value() != b.histogram.has_value()) return false;
  if (a.histogram) return promql::same_value(*a.histogram, *b.histogram);
  return same_number(a.value, b.value, fuzzy);
}

void annotation_differences(const ExpectedAlert& expected, const ExpectedAlert& got, std::vector<std::string>& lines) {
  lines.push_back("  annotations of " + labels_text(got.labels));
  for (const auto& [name, value] : expected.annotations) {
    const auto found = got.annotations.find(name);
    if (found != got.annotations.end() && found->second == value) continue;
    lines.push_back(joined_text({"-   ", name, ": ", value}));
    if (found != got.annotations.end()) lines.push_back(joined_text({"+   ", name, ": ", found->second}));
  }
  for (const auto& [name, value] : got.annotations) {
    if (expected.annotations.count(name) == 0) lines.push_back(joined_text({"+   ", name, ": ", value}));
  }
}

}  // namespace

std::vector<std::string> alert_differences(std::vector<ExpectedAlert> expected, std::vector<ExpectedAlert> got) {
  const auto key = [](const ExpectedAlert& alert) { return std::tie(alert.labels, alert.annotations); };
  const auto before = [&](const ExpectedAlert& a, const ExpectedAlert& b) { return key(a) < key(b); };
  std::sort(expected.begin(), expected.end(), before);
  std::sort(got.begin(), got.end(), before);
  std::vector<std::string> lines;
  auto e = expected.begin();
  auto g = got.begin();
  while (e != expected.end() || g != got.end()) {
    if (g == got.end() || (e != expected.end() && e->labels < g->labels)) {
      lines.push_back("- " + labels_text((e++)->labels));
    } else if (e == expected.end() || g->labels < e->labels) {
      lines.push_back("+ " + labels_text((g++)->labels));
    } else {
      if (e->annotations != g->annotations) annotation_differences(*e, *g, lines);
      ++e;
      ++g;
    }
  }
  return lines;
}

std::vector<std::string> sample_differences(std::vector<ExpectedSample> expected, std::vector<ExpectedSample> got,
                                            bool fuzzy) {
  const auto before = [](const ExpectedSample& a, const ExpectedSample& b) { return a.labels < b.labels; };
  std::stable_sort(expected.begin(), expected.end(), before);
  std::stable_sort(got.begin(), got.end(), before);
  std::vector<std::string> lines;
  auto e = expected.begin();
  auto g = got.begin();
  while (e != expected.end() || g != got.end()) {
    if (g == got.end() || (e != expected.end() && before(*e, *g))) {
      lines.push_back("- " + sample_text(*e++));
    } else if (e == expected.end() || before(*g, *e)) {
      lines.push_back("+ " + sample_text(*g++));
    } else {
      if (!same_sample(*e, *g, fuzzy)) {
        lines.push_back("- " + sample_text(*e));
        lines.push_back("+ " + sample_text(*g));
      }
      ++e;
      ++g;
    }
  }
  return lines;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
