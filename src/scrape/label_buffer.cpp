// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "scrape/relabel.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

void LabelBuffer::reset() noexcept {
  labels_.clear();
  used_ = 0;
}

std::vector<LabelView>::iterator LabelBuffer::place(std::string_view name) noexcept {
  return std::lower_bound(labels_.begin(), labels_.end(), name,
                          [](const LabelView& label, std::string_view wanted) { return label.name < wanted; });
}

std::string_view LabelBuffer::keep(std::string_view text) {
  if (used_ == texts_.size()) texts_.push_back(std::make_unique<std::string>());
  std::string& own = *texts_[used_++];
  own.assign(text);
  return own;
}

void LabelBuffer::set(std::string_view name, std::string_view value) {
  if (value.empty()) {
    remove(name);
  } else if (labels_.empty() || labels_.back().name < name) {  // the usual order of an input
    labels_.push_back({name, value});
  } else if (const auto at = place(name); at->name == name) {
    at->value = value;
  } else {
    labels_.insert(at, {name, value});
  }
}

void LabelBuffer::set_copy(std::string_view name, std::string_view value) {
  if (value.empty()) {
    remove(name);
    return;
  }
  const auto at = place(name);
  if (at != labels_.end() && at->name == name) {
    if (at->value != value) at->value = keep(value);
    return;
  }
  const auto index = at - labels_.begin();
  const std::string_view own_name = keep(name);
  labels_.insert(labels_.begin() + index, {own_name, keep(value)});
}

void LabelBuffer::remove(std::string_view name) {
  const auto at = place(name);
  if (at != labels_.end() && at->name == name) labels_.erase(at);
}

std::string_view LabelBuffer::value(std::string_view name) const noexcept {
  // Few labels: looking at each costs less than halving.
  for (const LabelView& label : labels_) {
    if (label.name.size() == name.size() && label.name == name) return label.value;
  }
  return {};
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
