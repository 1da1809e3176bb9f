// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <utility>
#include <vector>

#include "promql/label_arena.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// Mixes a label into a hash.
std::uint64_t hash_label(std::uint64_t hash, const LabelView& label) noexcept;

/// Numbers sets of labels that are alike as far as a rule looks at them, from 0, in the order in which they come.
///
///     LabelGroups groups;
///     const auto [number, is_new] = groups.place(labels, [](const LabelView& label) { return label.name == "job"; });
///
/// The labels must live as long as this. Threads: use from one. Allocates for new groups only.
class LabelGroups {
 public:
  /// `keeps(label)`: does it count? The same rule at each call.
  template <typename Keeps>
  std::pair<std::size_t, bool> place(Labels labels, const Keeps& keeps) {
    if (firsts_.size() * 2 >= slots_.size()) grow();
    std::uint64_t hash = 0;
    for (const LabelView& label : labels) {
      if (keeps(label)) hash = hash_label(hash, label);
    }
    std::size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      const std::size_t number = slots_[slot] - 1;
      if (hashes_[number] == hash && alike(firsts_[number], labels, keeps)) return {number, false};
    }
    hashes_.push_back(hash);
    firsts_.push_back(labels);
    slots_[slot] = static_cast<std::uint32_t>(firsts_.size());
    return {firsts_.size() - 1, true};
  }
  std::pair<std::size_t, bool> place(Labels labels) {
    return place(labels, [](const LabelView&) { return true; });
  }
  std::size_t size() const noexcept { return firsts_.size(); }

 private:
  template <typename Keeps>
  static bool alike(Labels a, Labels b, const Keeps& keeps) {
    auto x = a.begin();
    auto y = b.begin();
    while (true) {
      while (x != a.end() && !keeps(*x)) ++x;
      while (y != b.end() && !keeps(*y)) ++y;
      if (x == a.end() || y == b.end()) return x == a.end() && y == b.end();
      if (x->name != y->name || x->value != y->value) return false;
      ++x;
      ++y;
    }
  }
  void grow();

  std::vector<std::uint32_t> slots_;   // a group's number and 1; 0: empty. A power of two of them
  std::vector<std::uint64_t> hashes_;  // by group
  std::vector<Labels> firsts_;         // by group: the first that came
};

/// Among so many names as queries write, mostly one to three.
inline bool is_among(std::string_view name, std::span<const std::string> names) noexcept {
  for (const std::string& other : names) {
    if (name == other) return true;
  }
  return false;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
