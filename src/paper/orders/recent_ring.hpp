// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bellwether/version.hpp>
#include <cstddef>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The newest few of something, for whoever asks later. Allocation: in the constructor and in `newest`.
template <typename T>
class RecentRing {
 public:
  explicit RecentRing(std::size_t most) : most_(most) { items_.reserve(most); }

  void push(const T& item) {
    if (most_ == 0) return;
    if (items_.size() < most_) {
      items_.push_back(item);
    } else {
      items_[oldest_] = item;
      oldest_ = oldest_ + 1 == most_ ? 0 : oldest_ + 1;
    }
  }

  std::size_t size() const noexcept { return items_.size(); }

  /// Newest first.
  std::vector<T> newest(std::size_t count) const {
    std::vector<T> result;
    count = std::min(count, items_.size());
    result.reserve(count);
    for (std::size_t back = 1; back <= count; ++back) {
      result.push_back(items_[(oldest_ + items_.size() - back) % items_.size()]);
    }
    return result;
  }

  /// The newest one that fits, or nullptr. Holds until the next `push`.
  template <typename Predicate>
  T* find(Predicate&& predicate) {
    for (std::size_t back = 1; back <= items_.size(); ++back) {
      T& item = items_[(oldest_ + items_.size() - back) % items_.size()];
      if (predicate(item)) return &item;
    }
    return nullptr;
  }

 private:
  std::size_t most_;
  std::size_t oldest_ = 0;
  std::vector<T> items_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
