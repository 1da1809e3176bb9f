// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/label_arena.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

void set_label(std::vector<LabelView>& labels, std::string_view name, std::string_view value) {
  const auto place = std::lower_bound(labels.begin(), labels.end(), name,
                                      [](const LabelView& label, std::string_view text) { return label.name < text; });
  const bool is_there = place != labels.end() && place->name == name;
  if (value.empty()) {
    if (is_there) labels.erase(place);
  } else if (is_there) {
    place->value = value;
  } else {
    labels.insert(place, LabelView{name, value});
  }
}

std::vector<LabelView> labels_among(Labels labels, std::span<const std::string> names) {
  std::vector<LabelView> out;
  for (const LabelView& label : labels) {
    if (std::binary_search(names.begin(), names.end(), label.name)) out.push_back(label);
  }
  return out;
}

std::vector<LabelView> labels_without(Labels labels, std::span<const std::string> names) {
  std::vector<LabelView> out;
  for (const LabelView& label : labels) {
    if (!std::binary_search(names.begin(), names.end(), label.name)) out.push_back(label);
  }
  return out;
}

Labels without_name(LabelArena& arena, Labels labels) {
  if (!labels.empty() && labels.front().name == metric_name_label) return labels.subspan(1);
  std::vector<LabelView> out;
  for (const LabelView& label : labels) {
    if (label.name != metric_name_label) out.push_back(label);
  }
  return out.size() == labels.size() ? labels : arena.keep(out);
}

std::string labels_text(Labels labels) {
  return storage::to_string(labels);
}

void append_key(std::string& key, const LabelView& label) {
  key += label.name;
  key += '\xff';  // in no UTF-8 text
  key += label.value;
  key += '\xff';
}

std::string key_of(Labels labels) {
  std::string key;
  for (const LabelView& label : labels) append_key(key, label);
  return key;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
