// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of the label index that answers matchers.
#include <algorithm>
#include <iterator>
#include <mutex>

#include "storage/label_index.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::uint32_t none = IdTable::none;
using Ids = std::vector<std::uint32_t>;

Ids intersection(const Ids& a, const Ids& b) {
  Ids out;
  out.reserve(std::min(a.size(), b.size()));
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

Ids difference(const Ids& a, const Ids& b) {
  Ids out;
  out.reserve(a.size());
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

}  // namespace

std::vector<LabelIndex::Value> LabelIndex::values_of(std::string_view name) const {
  std::vector<Value> out;
  const std::shared_lock lock(mutex_);
  const std::uint32_t text = find_text(name);
  if (text == none || text >= values_.size()) return out;
  out.reserve(values_[text].size());
  for (const std::uint32_t postings : values_[text]) {
    if (!postings_[postings].ids.empty()) out.push_back({texts_[postings_[postings].pair.value], postings});
  }
  return out;
}

Ids LabelIndex::copy_of(std::string_view name, const std::vector<std::string>& values) const {
  Ids lists;
  {
    const std::shared_lock lock(mutex_);
    const std::uint32_t text = find_text(name);
    if (text == none) return {};
    for (const std::string& value : values) {
      const std::uint32_t value_text = find_text(value);
      if (value_text == none) continue;
      const std::uint32_t postings = find_postings({text, value_text});
      if (postings != none) lists.push_back(postings);
    }
  }
  return union_of(lists);
}

Ids LabelIndex::union_of(const Ids& postings) const {
  Ids out;
  const std::shared_lock lock(mutex_);
  for (const std::uint32_t list : postings) {
    out.insert(out.end(), postings_[list].ids.begin(), postings_[list].ids.end());
  }
  if (postings.size() > 1) std::sort(out.begin(), out.end());  // a series has one value of a name: no duplicates
  return out;
}

Ids LabelIndex::all() const {
  Ids out;
  const std::shared_lock lock(mutex_);
  out.reserve(live_);
  for (std::uint32_t id = 0; id < series_.size(); ++id) {
    if (series_[id] != nullptr) out.push_back(id);
  }
  return out;
}

Ids LabelIndex::keep_matching(const Ids& ids, const Matcher& matcher) const {
  const std::vector<Value> values = values_of(matcher.name());
  Ids lists;
  // A series without the label passes where an empty value does: then those with a wrong value are taken away.
  for (const Value& value : values) {
    if (matcher.matches(value.text) != matcher.matches_empty()) lists.push_back(value.postings);
  }
  const Ids found = union_of(lists);
  return matcher.matches_empty() ? difference(ids, found) : intersection(ids, found);
}

std::vector<std::uint32_t> LabelIndex::select(std::span<const Matcher> matchers) const {
  std::optional<Ids> result;
  std::vector<const Matcher*> others;
  for (const Matcher& matcher : matchers) {
    const bool positive = matcher.type() == MatchType::equal || matcher.type() == MatchType::regex;
    if (!positive || matcher.matches_empty() || matcher.literals().empty()) {
      others.push_back(&matcher);
      continue;
    }
    Ids found = copy_of(matcher.name(), matcher.literals());
    result = result ? intersection(*result, found) : std::move(found);
    if (result->empty()) return {};
  }
  if (!result) result = all();
  for (const Matcher* matcher : others) {
    if (result->empty()) break;
    result = keep_matching(*result, *matcher);
  }
  return std::move(*result);
}

std::vector<std::string> LabelIndex::label_names(std::span<const Matcher> matchers) const {
  const Ids ids = matchers.empty() ? Ids{} : select(matchers);
  std::vector<std::uint32_t> names;
  const std::shared_lock lock(mutex_);
  if (matchers.empty()) {
    for (const Postings& postings : postings_) {
      if (!postings.ids.empty()) names.push_back(postings.pair.name);
    }
  }
  for (const std::uint32_t id : ids) {
    if (series_[id] == nullptr) continue;
    for (const Pair* pair = series_[id].get(); pair->name != none; ++pair) names.push_back(pair->name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<std::string> out;
  out.reserve(names.size());
  for (const std::uint32_t name : names) out.push_back(texts_[name]);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> LabelIndex::label_values(std::string_view name, std::span<const Matcher> matchers) const {
  std::vector<std::string> out;
  if (matchers.empty()) {
    for (const Value& value : values_of(name)) out.emplace_back(value.text);
  } else {
    for (const std::vector<LabelView>& labels : labels(select(matchers))) {
      if (const std::string_view value = value_of(labels, name); !value.empty()) out.emplace_back(value);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
