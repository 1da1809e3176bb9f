// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/check/metric_catalogue.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "exposition/parsed_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

std::string type_text(exposition::FamilyType type) {
  switch (type) {
    case exposition::FamilyType::counter:
      return "counter";
    case exposition::FamilyType::gauge:
      return "gauge";
    case exposition::FamilyType::histogram:
      return "histogram";
    case exposition::FamilyType::summary:
      return "summary";
    default:
      return "";
  }
}

/// The series of a family that has none yet; what labels they will have is not known.
void declare(const exposition::ParsedFamily& family, MetricCatalogue& catalogue) {
  std::vector<std::string> suffixes{""};
  if (family.type == exposition::FamilyType::counter) suffixes.emplace_back("_total");
  if (family.type == exposition::FamilyType::histogram) suffixes = {"", "_bucket", "_sum", "_count"};
  if (family.type == exposition::FamilyType::summary) suffixes = {"", "_sum", "_count"};
  for (const std::string& suffix : suffixes) {
    catalogue.metrics.emplace(family.name + suffix, MetricFacts{type_text(family.type), {}, false});
  }
}

/// Letters to add, drop or replace.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string MetricCatalogue::suggest(std::string_view name) const {
  constexpr std::size_t longest = 100;
  if (name.size() > longest) return "";
  std::string_view best;
  std::size_t least = name.size() / 4 + 2;
  for (const auto& [known, facts] : metrics) {
    if (known.size() > longest) continue;
    const std::size_t far = distance(name, known);
    if (far < least) {
      least = far;
      best = known;
    }
  }
  return best.empty() ? "" : " (did you mean \"" + std::string(best) + "\"?)";
}

Result<MetricCatalogue> catalogue_of_scrape(std::string_view text) {
  const bool open_metrics = text.find("\n# EOF") != std::string_view::npos || text.starts_with("# EOF");
  auto parsed = exposition::parse_exposition(
      open_metrics ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4", text);
  if (!parsed) return parsed.error();
  MetricCatalogue catalogue;
  for (const exposition::ParsedFamily& family : parsed->families) {
    if (family.samples.empty()) declare(family, catalogue);
    for (const exposition::ParsedSample& sample : family.samples) {
      MetricFacts& facts = catalogue.metrics[sample.name];
      facts.type = type_text(family.type);
      facts.labels_known = true;
      for (const exposition::ParsedLabel& label : sample.labels) facts.labels.insert(label.name);
      facts.labels.insert("instance");
      facts.labels.insert("job");
    }
  }
  for (const char* const added : {"up", "scrape_duration_seconds", "scrape_samples_scraped",
                                  "scrape_samples_post_metric_relabeling", "scrape_series_added"}) {
    catalogue.metrics[added] = {"gauge", {"instance", "job"}, false};
  }
  return catalogue;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
