// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "config/prometheus/scrape_reader.hpp"
#include "config/prometheus/scrape_values.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

// $NAME and ${NAME} stand for variables of the environment, $$ for a $: as Prometheus 3 does in external_labels.
std::string expanded(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '$' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    if (text[at + 1] == '$') {
      out += '$';
      ++at;
      continue;
    }
    const bool braces = text[at + 1] == '{';
    const std::size_t begin = at + (braces ? 2 : 1);
    std::size_t end = begin;
    const auto is_name = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    while (end < text.size() && is_name(text[end])) ++end;
    if (end == begin || (braces && (end == text.size() || text[end] != '}'))) {
      out += '$';
      continue;
    }
    const char* const value = std::getenv(text.substr(begin, end - begin).c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value != nullptr) out += value;
    at = braces ? end : end - 1;
  }
  return out;
}

void read_intervals(SectionReader& section, GlobalConfig& global) {
  read_interval(section, "scrape_interval", global.scrape_interval);
  read_interval(section, "evaluation_interval", global.evaluation_interval);
  std::chrono::milliseconds timeout{0};
  section.duration("scrape_timeout", timeout);
  if (timeout.count() == 0) timeout = std::min(global.scrape_timeout, global.scrape_interval);
  if (timeout > global.scrape_interval) {
    section.wrong("scrape_timeout", "scrape_timeout is longer than scrape_interval: make it as long at most");
  }
  global.scrape_timeout = timeout;
  section.duration("rule_query_offset", global.rule_query_offset);
}

}  // namespace

void read_global(const YamlNode& node, ReadContext& context, GlobalConfig& global) {
  SectionReader section(node, "global", context);
  read_intervals(section, global);
  read_name_schemes(section, global.metric_name_validation_scheme, global.metric_name_escaping_scheme);
  context.validation = global.metric_name_validation_scheme;
  section.labels("external_labels", global.external_labels);
  for (auto& [name, value] : global.external_labels) value = expanded(value);
  read_scrape_protocols(section, global.scrape_protocols);
  section.boolean("scrape_native_histograms", global.scrape_native_histograms);
  section.boolean("always_scrape_classic_histograms", global.always_scrape_classic_histograms);
  refuse_conversion(section);
  read_limits(section, global.limits);
  section.refuse("query_log_file", "queries are not logged to a file: remove it");
  section.refuse("scrape_failure_log_file", "/api/v1/targets and the log say why a scrape failed: remove it");
  section.refuse("extra_scrape_metrics", "the series of a scrape are always the same: remove it");
  section.finish();
}

}  // namespace config
BELLWETHER_NAMESPACE_END
