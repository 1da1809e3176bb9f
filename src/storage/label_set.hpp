// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exposition/exposition_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

using exposition::LabelView;

/// The identity of a series by Prometheus's rules: label names sorted by their bytes, none twice, none empty, no label
/// with an empty value (it means the same as the label's absence), all in UTF-8. The metric's name is the label `__name__`.
///
///     LabelSet labels = LabelSet::make({{"__name__", "orders_total"}, {"venue", "ibkr"}}).value();
///
/// Threads: a plain value.
class LabelSet {
 public:
  LabelSet() = default;

  /// From labels in any order. Errors: an empty or a repeated name, bytes that are not UTF-8, no label at all, more than
  /// `max_labels` labels, a text longer than `max_text`.
  static Result<LabelSet> make(std::span<const LabelView> labels);
  static Result<LabelSet> make(std::initializer_list<LabelView> labels) {
    return make(std::span<const LabelView>(labels.begin(), labels.size()));
  }

  static constexpr std::size_t max_labels = 1024;
  static constexpr std::size_t max_text = 64UL * 1024;

  using Pair = std::pair<std::string, std::string>;
  const std::vector<Pair>& pairs() const noexcept { return pairs_; }

  /// Empty where there is no such label.
  std::string_view value(std::string_view name) const noexcept;

  /// As PromQL writes it: {__name__="orders_total", venue="ibkr"}.
  std::string to_string() const;

  friend bool operator==(const LabelSet&, const LabelSet&) = default;
  // clang-tidy 14 takes the 0 that the compiler writes into a default <=> for a null pointer.
  friend auto operator<=>(const LabelSet&, const LabelSet&) = default;  // NOLINT(modernize-use-nullptr)

 private:
  std::vector<Pair> pairs_;
};

/// The same for labels that somebody else owns; they stand in the order of a LabelSet.
std::string to_string(std::span<const LabelView> labels);
std::string_view value_of(std::span<const LabelView> labels, std::string_view name) noexcept;

}  // namespace storage
BELLWETHER_NAMESPACE_END
