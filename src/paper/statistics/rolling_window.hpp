// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <span>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The newest values of a series, in order and in one piece of memory.
///
///     RollingWindow window{250};
///     window.add(r);
///     volatility(window.newest(30), 365);
///
/// Threads: use from one. Allocation: in the constructor alone (twice the size, so that the values move seldom).
class RollingWindow {
 public:
  explicit RollingWindow(std::size_t size) : size_(size > 0 ? size : 1) { values_.reserve(2 * size_); }

  void add(double value) {
    if (values_.size() == 2 * size_)
      values_.erase(values_.begin(), values_.end() - static_cast<std::ptrdiff_t>(size_ - 1));
    values_.push_back(value);
  }
  void clear() { values_.clear(); }

  std::size_t size() const noexcept { return size_; }
  std::size_t filled() const noexcept { return values_.size() < size_ ? values_.size() : size_; }
  bool full() const noexcept { return values_.size() >= size_; }

  /// The newest `count`, or all there are, oldest first. Valid until the next change.
  std::span<const double> newest(std::size_t count) const noexcept {
    const std::size_t have = filled();
    return std::span<const double>{values_}.last(count < have ? count : have);
  }
  std::span<const double> all() const noexcept { return newest(size_); }

 private:
  std::size_t size_;
  std::vector<double> values_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
