// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/scrape_values.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

void read_limit(SectionReader& section, std::string_view key, std::uint64_t& into) {
  std::uint64_t limit = 0;
  if (section.count(key, limit) && limit != 0) into = limit;
}

}  // namespace

void read_interval(SectionReader& section, std::string_view key, std::chrono::milliseconds& into) {
  std::chrono::milliseconds interval{0};
  if (!section.duration(key, interval) || interval.count() == 0) return;
  if (interval < least_interval) {
    section.wrong(key, std::string(key) +
                           " is below 50ms: raise it; what must be seen sooner is an urgent metric, which is pushed");
    return;
  }
  into = interval;
}

void read_limits(SectionReader& section, ScrapeLimits& limits) {
  std::uint64_t body_size = 0;
  if (section.byte_size("body_size_limit", body_size) && body_size != 0) limits.body_size = body_size;
  read_limit(section, "sample_limit", limits.samples);
  read_limit(section, "label_limit", limits.labels);
  read_limit(section, "label_name_length_limit", limits.label_name_length);
  read_limit(section, "label_value_length_limit", limits.label_value_length);
  read_limit(section, "target_limit", limits.targets);
  read_limit(section, "keep_dropped_targets", limits.keep_dropped_targets);
}

void read_scrape_protocols(SectionReader& section, std::vector<ScrapeProtocol>& into) {
  static const std::vector<std::string_view> names = names_of_first<ScrapeProtocol, 5>();
  std::vector<ScrapeProtocol> protocols;
  section.each("scrape_protocols", [&](const YamlNode& node) {
    const auto found = std::find(names.begin(), names.end(), node.text());
    if (node.kind() != YamlNode::Kind::Scalar || found == names.end()) {
      section.context().wrong(node,
                              "an unknown scrape protocol: known are PrometheusProto, OpenMetricsText0.0.1, "
                              "OpenMetricsText1.0.0, PrometheusText0.0.4, PrometheusText1.0.0");
      return;
    }
    const auto protocol = static_cast<ScrapeProtocol>(found - names.begin());
    if (std::find(protocols.begin(), protocols.end(), protocol) != protocols.end()) {
      section.context().wrong(node, node.text() + " stands twice in scrape_protocols: keep one");
      return;
    }
    protocols.push_back(protocol);
  });
  if (!protocols.empty()) into = std::move(protocols);
}

void read_name_schemes(SectionReader& section, NameValidation& validation, NameEscaping& escaping) {
  static const std::vector<std::string_view> validations = names_of_first<NameValidation, 2>();
  static const std::vector<std::string_view> escapings = names_of_first<NameEscaping, 4>();
  if (const auto chosen = section.choice("metric_name_validation_scheme", validations)) {
    validation = static_cast<NameValidation>(*chosen);
    if (validation == NameValidation::legacy && escaping == NameEscaping::allow_utf_8)
      escaping = NameEscaping::underscores;
  }
  const auto chosen = section.choice("metric_name_escaping_scheme", escapings);
  if (!chosen) return;
  escaping = static_cast<NameEscaping>(*chosen);
  if (validation == NameValidation::legacy && escaping == NameEscaping::allow_utf_8) {
    section.wrong("metric_name_escaping_scheme",
                  "allow-utf-8 goes only with metric_name_validation_scheme utf8: take underscores, dots or values");
  }
}

void refuse_conversion(SectionReader& section) {
  bool convert = false;
  if (section.boolean("convert_classic_histograms_to_nhcb", convert) && convert) {
    section.wrong("convert_classic_histograms_to_nhcb",
                  "convert_classic_histograms_to_nhcb is not supported: set it to false; classic histograms are kept "
                  "as they are");
  }
}

}  // namespace config
BELLWETHER_NAMESPACE_END
