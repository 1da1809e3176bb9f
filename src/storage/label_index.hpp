// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/id_table.hpp"
#include "storage/label_set.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Label sets by number and numbers by label: each distinct text is kept once, each series as pairs of text numbers, and
/// for each pair the sorted list of its series ("postings").
///
///     std::uint32_t id = index.add(labels);                    // 0, 1, 2, ...: never given twice
///     std::vector<std::uint32_t> ids = index.select(matchers); // ascending
///
/// Threads: one adds and removes, any number read. A reader holds the lock for the copy of a list, not while expressions
/// are matched. Views of label texts stay good as long as the index: texts are never freed.
class LabelIndex {
 public:
  std::uint32_t add(const LabelSet& labels);
  std::optional<std::uint32_t> find(const LabelSet& labels) const;
  void remove(std::span<const std::uint32_t> ids);

  /// Ids of the series that pass all matchers, ascending.
  std::vector<std::uint32_t> select(std::span<const Matcher> matchers) const;

  /// Requires an id that is there. Views are sorted by name.
  std::vector<LabelView> labels(std::uint32_t id) const;
  /// For many at once, under one lock.
  std::vector<std::vector<LabelView>> labels(std::span<const std::uint32_t> ids) const;
  /// The same without a list for each: the labels of all, one after the other, and where those of each end.
  void labels(std::span<const std::uint32_t> ids, std::vector<LabelView>& all, std::vector<std::size_t>& ends) const;

  /// Sorted; of the series that pass the matchers.
  std::vector<std::string> label_names(std::span<const Matcher> matchers) const;
  std::vector<std::string> label_values(std::string_view name, std::span<const Matcher> matchers) const;

  /// The label with the most distinct values: where an explosion of series comes from, most likely.
  struct Variety {
    std::string name;
    std::size_t values = 0;
  };
  Variety largest_variety() const;

  std::size_t size() const;
  /// Bytes held, about.
  std::size_t bytes() const;

 private:
  struct Pair {
    std::uint32_t name = 0;
    std::uint32_t value = 0;
  };
  struct Postings {
    Pair pair;
    std::vector<std::uint32_t> ids;
  };
  struct Value {
    std::string_view text;
    std::uint32_t postings = 0;
  };

  std::uint32_t find_text(std::string_view text) const;
  std::uint32_t intern(std::string_view text);
  std::uint32_t find_postings(Pair pair) const;
  std::uint64_t hash_of_series(std::uint32_t id) const;
  bool equals(std::uint32_t id, const LabelSet& labels) const;
  std::vector<LabelView> labels_locked(std::uint32_t id) const;
  std::vector<Value> values_of(std::string_view name) const;
  std::vector<std::uint32_t> copy_of(std::string_view name, const std::vector<std::string>& values) const;
  std::vector<std::uint32_t> union_of(const std::vector<std::uint32_t>& postings) const;
  std::vector<std::uint32_t> all() const;
  std::vector<std::uint32_t> keep_matching(const std::vector<std::uint32_t>& ids, const Matcher& matcher) const;

  mutable std::shared_mutex mutex_;
  std::deque<std::string> texts_;  // a deque: texts never move
  IdTable text_ids_;
  std::deque<std::unique_ptr<Pair[]>> series_;  // null: removed; ends with {none, none}
  IdTable series_ids_;
  std::deque<Postings> postings_;
  IdTable postings_ids_;
  std::vector<std::vector<std::uint32_t>> values_;  // by text number of the name: the postings of its values
  std::size_t live_ = 0;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
