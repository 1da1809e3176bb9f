// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bellwether/version.hpp>
#include <cstring>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/label_order.hpp"
#include "storage/label_set.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

using storage::LabelView;

/// The labels of a series, sorted by name. They lie in a selection of the source or in a LabelArena.
using storage::Labels;
using storage::labels_before;

inline constexpr std::string_view metric_name_label = "__name__";

/// Where labels live that a query makes, and those of its result: copying a series's labels is copying a span.
///
/// Threads: use from one.
class LabelArena {
 public:
  LabelArena() : memory_(first_block) {}

  std::string_view text(std::string_view from) {
    if (from.empty()) return {};
    auto* const bytes = static_cast<char*>(memory_.allocate(from.size(), 1));
    std::memcpy(bytes, from.data(), from.size());
    return {bytes, from.size()};
  }
  /// The texts live long enough where they are: in this arena, or in a selection while the query runs.
  Labels keep(Labels from) {
    if (from.empty()) return {};
    auto* const labels = static_cast<LabelView*>(memory_.allocate(from.size_bytes(), alignof(LabelView)));
    std::uninitialized_copy(from.begin(), from.end(), labels);
    return {labels, from.size()};
  }
  Labels copy(Labels from) {
    const Labels out = keep(from);
    for (const LabelView& label : out) {
      const_cast<LabelView&>(label) = {text(label.name), text(label.value)};
    }
    return out;
  }

 private:
  static constexpr std::size_t first_block = 16UL * 1024;
  std::pmr::monotonic_buffer_resource memory_;
};

inline std::string_view label_value(Labels labels, std::string_view name) noexcept {
  for (const LabelView& label : labels) {
    if (label.name == name) return label.value;
  }
  return {};
}

/// Sets, replaces, or with an empty value removes a label.
void set_label(std::vector<LabelView>& labels, std::string_view name, std::string_view value);
/// Those whose names are among `names`, which are sorted, or those whose names are not.
std::vector<LabelView> labels_among(Labels labels, std::span<const std::string> names);
std::vector<LabelView> labels_without(Labels labels, std::span<const std::string> names);
Labels without_name(LabelArena& arena, Labels labels);
/// {__name__="up", job="x"}
std::string labels_text(Labels labels);
/// Equal for equal labels only.
void append_key(std::string& key, const LabelView& label);
std::string key_of(Labels labels);

}  // namespace promql
BELLWETHER_NAMESPACE_END
