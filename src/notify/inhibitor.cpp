// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/inhibitor.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

// The values, each with its length before it, so that no two lists give the same text.
std::string values_of(const std::vector<std::string>& names, const rules::AlertLabels& labels) {
  std::string key;
  for (const std::string& name : names) {
    const auto found = labels.find(name);
    const std::string_view value = found == labels.end() ? std::string_view{} : std::string_view(found->second);
    key += std::to_string(value.size());
    key += ':';
    key += value;
  }
  return key;
}

std::string text_of(std::uint64_t fingerprint) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t at = 16; at > 0; --at, fingerprint >>= 4U) text[at - 1] = digits[fingerprint & 15U];
  return text;
}

}  // namespace

Result<Inhibitor> Inhibitor::build(const std::vector<config::InhibitRule>& rules) {
  Inhibitor inhibitor;
  for (const config::InhibitRule& config : rules) {
    Result<LabelMatchers> source = LabelMatchers::make(config.source_matchers);
    if (!source) return source.error();
    Result<LabelMatchers> target = LabelMatchers::make(config.target_matchers);
    if (!target) return target.error();
    Rule rule;
    rule.source = std::move(*source);
    rule.target = std::move(*target);
    rule.equal = config.equal;
    inhibitor.rules_.push_back(std::move(rule));
  }
  return inhibitor;
}

void Inhibitor::note(const rules::Alert& alert) {
  for (Rule& rule : rules_) {
    if (!rule.source.matches(alert.labels)) continue;
    Source& source = rule.sources[values_of(rule.equal, alert.labels)][rules::fingerprint(alert.labels)];
    source.ends_ms = alert.ends_ms;
    source.also_target = rule.target.matches(alert.labels);
  }
}

void Inhibitor::forget(const rules::AlertLabels& labels) {
  for (Rule& rule : rules_) {
    const auto found = rule.sources.find(values_of(rule.equal, labels));
    if (found == rule.sources.end()) continue;
    found->second.erase(rules::fingerprint(labels));
    if (found->second.empty()) rule.sources.erase(found);
  }
}

std::vector<std::string> Inhibitor::inhibiting(const rules::AlertLabels& labels, std::int64_t now_ms) const {
  std::vector<std::string> fingerprints;
  for (const Rule& rule : rules_) {
    if (rule.sources.empty() || !rule.target.matches(labels)) continue;
    const auto found = rule.sources.find(values_of(rule.equal, labels));
    if (found == rule.sources.end()) continue;
    const bool two_sided = rule.source.matches(labels);
    for (const auto& [fingerprint, source] : found->second) {
      if (source.ends_ms != 0 && source.ends_ms <= now_ms) continue;
      if (two_sided && source.also_target) continue;
      std::string text = text_of(fingerprint);
      if (std::find(fingerprints.begin(), fingerprints.end(), text) == fingerprints.end()) {
        fingerprints.push_back(std::move(text));
      }
      break;
    }
  }
  return fingerprints;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
