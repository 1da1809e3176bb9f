// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/alert_labels.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

void add_external_labels(rules::AlertLabels& labels, const config::Labels& external) {
  for (const auto& [name, value] : external) {
    if (!value.empty()) labels.try_emplace(name, value);
  }
}

bool relabel(const scrape::Relabeller& relabeller, rules::AlertLabels& labels) {
  if (relabeller.empty()) return true;
  scrape::LabelBuffer buffer;
  for (const auto& [name, value] : labels) buffer.set(name, value);
  if (!relabeller.apply(buffer)) return false;
  rules::AlertLabels out;
  for (const scrape::LabelView& label : buffer.labels()) out.emplace(label.name, label.value);
  labels = std::move(out);
  return !labels.empty();
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
