// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/label_order.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

/// Negative, zero or positive. Texts of one index are equal where they stand at one place.
int compare(std::string_view a, std::string_view b) noexcept {
  return a.data() == b.data() && a.size() == b.size() ? 0 : a.compare(b);
}

int compare(const LabelView& a, const LabelView& b) noexcept {
  const int names = compare(a.name, b.name);
  return names != 0 ? names : compare(a.value, b.value);
}

int compare_from(Labels a, Labels b, std::size_t place) noexcept {
  for (; place < a.size() && place < b.size(); ++place) {
    if (const int labels = compare(a[place], b[place]); labels != 0) return labels;
  }
  return static_cast<int>(a.size() > b.size()) - static_cast<int>(a.size() < b.size());
}

bool is_same_text(const LabelView& a, const LabelView& b) noexcept {
  return a.name.data() == b.name.data() && a.value.data() == b.value.data() && a.name.size() == b.name.size() &&
         a.value.size() == b.value.size();
}

/// The distinct labels at one place, by where their texts stand: a label may be there twice where two indexes have it.
class PlaceRanks {
 public:
  /// Ranks of all series' labels at this place: 0 where it has none, then ascending with the label. False when they are all
  /// the same, and need not be looked at.
  bool rank(std::span<const Labels> series, std::size_t place, std::vector<std::uint32_t>& ranks) {
    distinct_.clear();
    slots_.assign(std::max<std::size_t>(16, slots_.size()), 0);
    bool has_absent = false;
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (place >= series[i].size()) {
        has_absent = true;
        ranks[i] = 0;
        continue;
      }
      const LabelView& label = series[i][place];
      if (last == 0 || !is_same_text(distinct_[last - 1], label)) last = find_or_add(label);
      ranks[i] = last;
    }
    if (distinct_.size() < 2 && !has_absent) return false;
    std::vector<std::uint32_t> order(distinct_.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return compare(distinct_[a], distinct_[b]) < 0; });
    std::vector<std::uint32_t> rank_of(distinct_.size() + 1);
    highest_ = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || compare(distinct_[order[i - 1]], distinct_[order[i]]) != 0) ++highest_;
      rank_of[order[i] + 1] = highest_;
    }
    for (std::uint32_t& each : ranks) each = rank_of[each];
    return highest_ > 1 || has_absent;
  }
  std::uint32_t highest() const noexcept { return highest_; }

 private:
  static std::size_t hash(const LabelView& label) noexcept {
    const auto mixed = (reinterpret_cast<std::uintptr_t>(label.name.data()) * 31 +
                        reinterpret_cast<std::uintptr_t>(label.value.data())) *
                       std::uint64_t{0x9e3779b97f4a7c15U};
    return static_cast<std::size_t>(mixed >> 32U);
  }

  /// Its number, from 1 on.
  std::uint32_t find_or_add(const LabelView& label) {
    if ((distinct_.size() + 1) * 2 > slots_.size()) {
      slots_.assign(slots_.size() * 4, 0);
      for (std::uint32_t i = 0; i < distinct_.size(); ++i) slot_of(distinct_[i]) = i + 1;
    }
    std::uint32_t& slot = slot_of(label);
    if (slot == 0) {
      distinct_.push_back(label);
      slot = static_cast<std::uint32_t>(distinct_.size());
    }
    return slot;
  }

  std::uint32_t& slot_of(const LabelView& label) {
    std::size_t i = hash(label) & (slots_.size() - 1);
    while (slots_[i] != 0 && !is_same_text(distinct_[slots_[i] - 1], label)) i = (i + 1) & (slots_.size() - 1);
    return slots_[i];
  }

  std::vector<LabelView> distinct_;
  std::vector<std::uint32_t> slots_;  // number of a distinct one; 0 is free
  std::uint32_t highest_ = 0;
};

}  // namespace

bool labels_before(Labels a, Labels b) noexcept {
  return compare_from(a, b, 0) < 0;
}

bool labels_equal(Labels a, Labels b) noexcept {
  return a.size() == b.size() && compare_from(a, b, 0) == 0;
}

std::vector<std::uint32_t> order_by_labels(std::span<const Labels> series) {
  std::vector<std::uint32_t> order(series.size());
  std::iota(order.begin(), order.end(), 0);
  if (std::is_sorted(series.begin(), series.end(), labels_before)) return order;
  constexpr std::size_t few = 32;
  if (series.size() < few) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return labels_before(series[a], series[b]); });
    return order;
  }
  struct Key {
    std::uint64_t ranks;
    std::uint32_t place;
  };
  std::vector<Key> keys(series.size());
  std::size_t longest = 0;
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    keys[i] = {0, i};
    longest = std::max(longest, series[i].size());
  }
  std::vector<std::uint32_t> ranks(series.size());
  PlaceRanks at_place;
  int bits = 0;
  std::size_t place = 0;
  for (; place < longest; ++place) {
    if (!at_place.rank(series, place, ranks)) continue;
    const int width = std::bit_width(at_place.highest());
    if (bits + width > 64) break;  // the ranks of the places before are in the keys; texts tell the rest
    bits += width;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      keys[i].ranks = (width == 64 ? 0 : keys[i].ranks << static_cast<unsigned>(width)) | ranks[i];
    }
  }
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    if (a.ranks != b.ranks) return a.ranks < b.ranks;
    const int rest = place < longest ? compare_from(series[a.place], series[b.place], place) : 0;
    return rest != 0 ? rest < 0 : a.place < b.place;
  });
  for (std::size_t i = 0; i < keys.size(); ++i) order[i] = keys[i].place;
  return order;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
