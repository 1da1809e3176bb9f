// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/label_index.hpp"

#include <xxhash.h>

#include <algorithm>
#include <mutex>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::uint32_t none = IdTable::none;

std::uint64_t hash_text(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  seed ^= value + 0x9e3779b97f4a7c15U + (seed << 6U) + (seed >> 2U);
  seed *= 0xff51afd7ed558ccdU;
  return seed ^ (seed >> 33U);
}

std::uint64_t hash_pair(std::uint32_t name, std::uint32_t value) {
  return mix(name, value);
}

using Ids = std::vector<std::uint32_t>;

}  // namespace

std::uint32_t LabelIndex::find_text(std::string_view text) const {
  return text_ids_.find(hash_text(text), [&](std::uint32_t id) { return texts_[id] == text; });
}

std::uint32_t LabelIndex::intern(std::string_view text) {
  const std::uint64_t hash = hash_text(text);
  const std::uint32_t found = text_ids_.find(hash, [&](std::uint32_t id) { return texts_[id] == text; });
  if (found != none) return found;
  const auto id = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  text_ids_.insert(hash, id, [&](std::uint32_t other) { return hash_text(texts_[other]); });
  return id;
}

std::uint32_t LabelIndex::find_postings(Pair pair) const {
  return postings_ids_.find(hash_pair(pair.name, pair.value), [&](std::uint32_t id) {
    return postings_[id].pair.name == pair.name && postings_[id].pair.value == pair.value;
  });
}

std::uint64_t LabelIndex::hash_of_series(std::uint32_t id) const {
  std::uint64_t hash = 0;
  for (const Pair* pair = series_[id].get(); pair->name != none; ++pair) {
    hash = mix(mix(hash, hash_text(texts_[pair->name])), hash_text(texts_[pair->value]));
  }
  return hash;
}

bool LabelIndex::equals(std::uint32_t id, const LabelSet& labels) const {
  const Pair* pair = series_[id].get();
  for (const LabelSet::Pair& label : labels.pairs()) {
    if (pair->name == none || texts_[pair->name] != label.first || texts_[pair->value] != label.second) return false;
    ++pair;
  }
  return pair->name == none;
}

namespace {

std::uint64_t hash_labels(const LabelSet& labels) {
  std::uint64_t hash = 0;
  for (const auto& [name, value] : labels.pairs()) hash = mix(mix(hash, hash_text(name)), hash_text(value));
  return hash;
}

}  // namespace

std::optional<std::uint32_t> LabelIndex::find(const LabelSet& labels) const {
  const std::shared_lock lock(mutex_);
  const std::uint32_t id = series_ids_.find(hash_labels(labels), [&](std::uint32_t i) { return equals(i, labels); });
  if (id == none) return std::nullopt;
  return id;
}

std::uint32_t LabelIndex::add(const LabelSet& labels) {
  const std::unique_lock lock(mutex_);
  const std::uint64_t hash = hash_labels(labels);
  if (const std::uint32_t id = series_ids_.find(hash, [&](std::uint32_t i) { return equals(i, labels); }); id != none) {
    return id;
  }
  const auto id = static_cast<std::uint32_t>(series_.size());
  auto pairs = std::make_unique<Pair[]>(labels.pairs().size() + 1);
  std::size_t count = 0;
  for (const auto& [name, value] : labels.pairs()) {
    const Pair pair{intern(name), intern(value)};
    pairs[count++] = pair;
    std::uint32_t postings = find_postings(pair);
    if (postings == none) {
      postings = static_cast<std::uint32_t>(postings_.size());
      postings_.push_back({pair, {}});
      postings_ids_.insert(hash_pair(pair.name, pair.value), postings, [&](std::uint32_t other) {
        return hash_pair(postings_[other].pair.name, postings_[other].pair.value);
      });
      if (values_.size() <= pair.name) values_.resize(pair.name + 1);
      values_[pair.name].push_back(postings);
    }
    postings_[postings].ids.push_back(id);
  }
  pairs[count] = {none, none};
  series_.push_back(std::move(pairs));
  series_ids_.insert(hash, id, [&](std::uint32_t other) { return hash_of_series(other); });
  ++live_;
  return id;
}

void LabelIndex::remove(std::span<const std::uint32_t> ids) {
  const std::unique_lock lock(mutex_);
  Ids touched;
  for (const std::uint32_t id : ids) {
    if (id >= series_.size() || series_[id] == nullptr) continue;
    series_ids_.erase(hash_of_series(id), id);
    for (const Pair* pair = series_[id].get(); pair->name != none; ++pair) touched.push_back(find_postings(*pair));
    series_[id].reset();
    --live_;
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const std::uint32_t postings : touched) {
    Ids& list = postings_[postings].ids;
    list.erase(std::remove_if(list.begin(), list.end(), [&](std::uint32_t id) { return series_[id] == nullptr; }),
               list.end());
    list.shrink_to_fit();
  }
}

std::vector<LabelView> LabelIndex::labels_locked(std::uint32_t id) const {
  std::vector<LabelView> out;
  if (id >= series_.size() || series_[id] == nullptr) return out;  // removed in the meantime
  for (const Pair* pair = series_[id].get(); pair->name != none; ++pair) {
    out.push_back({texts_[pair->name], texts_[pair->value]});
  }
  return out;
}

std::vector<LabelView> LabelIndex::labels(std::uint32_t id) const {
  const std::shared_lock lock(mutex_);
  return labels_locked(id);
}

std::vector<std::vector<LabelView>> LabelIndex::labels(std::span<const std::uint32_t> ids) const {
  std::vector<std::vector<LabelView>> out;
  out.reserve(ids.size());
  const std::shared_lock lock(mutex_);
  for (const std::uint32_t id : ids) out.push_back(labels_locked(id));
  return out;
}

void LabelIndex::labels(std::span<const std::uint32_t> ids, std::vector<LabelView>& all,
                        std::vector<std::size_t>& ends) const {
  ends.reserve(ends.size() + ids.size());
  const std::shared_lock lock(mutex_);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::uint32_t id = ids[i];
    if (constexpr std::size_t step = 8; i + step < ids.size() && ids[i + step] < series_.size()) {
      __builtin_prefetch(series_[ids[i + step]].get());
    }
    if (id < series_.size() && series_[id] != nullptr) {
      for (const Pair* pair = series_[id].get(); pair->name != none; ++pair) {
        all.push_back({texts_[pair->name], texts_[pair->value]});
      }
    }
    ends.push_back(all.size());
    if (ends.size() == 1) all.reserve(ids.size() * all.size());  // the others have about as many
  }
}

LabelIndex::Variety LabelIndex::largest_variety() const {
  const std::shared_lock lock(mutex_);
  Variety most;
  for (std::uint32_t name = 0; name < values_.size(); ++name) {
    if (values_[name].size() > most.values) most = {texts_[name], values_[name].size()};
  }
  return most;
}

std::size_t LabelIndex::size() const {
  const std::shared_lock lock(mutex_);
  return live_;
}

std::size_t LabelIndex::bytes() const {
  const std::shared_lock lock(mutex_);
  std::size_t total = text_ids_.bytes() + series_ids_.bytes() + postings_ids_.bytes();
  for (const std::string& text : texts_)
    total += sizeof(std::string) + (text.capacity() > 15 ? text.capacity() + 17 : 0);
  for (const auto& pairs : series_) {
    total += sizeof(pairs);
    if (pairs == nullptr) continue;
    total += 16;
    for (const Pair* pair = pairs.get(); pair->name != none; ++pair) total += sizeof(Pair);
  }
  for (const Postings& postings : postings_) total += sizeof(postings) + postings.ids.capacity() * 4 + 16;
  for (const auto& values : values_) total += sizeof(std::vector<std::uint32_t>) + values.capacity() * 4;
  return total;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
