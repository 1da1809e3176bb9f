// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Times that ascend strictly, of a block that is kept for the next query. Series of one target share a column, but few series
/// stand in a merged block: at eight bytes each the times would take more room than the values. So steady ones are three
/// numbers, and others mostly four bytes each.
///
///     const std::optional<TimeColumn> times = TimeColumn::decode(reader, count);
///     times->append(times->lower_place(from), times->upper_place(to), rows.times);
///
/// Threads: immutable.
class TimeColumn {
 public:
  /// What `encode_times` wrote, `count` times and not none. Nothing for bytes that it would not write.
  static std::optional<TimeColumn> decode(ByteReader& in, std::size_t count);

  std::size_t size() const noexcept { return size_; }
  std::int64_t front() const noexcept { return first_; }
  std::int64_t back() const noexcept { return last_; }
  /// `place` < size().
  std::int64_t at(std::size_t place) const noexcept {
    if (form_ == Form::full) return full_[place];
    return first_ + (form_ == Form::steady ? static_cast<std::int64_t>(place) * step_ : std::int64_t{offsets_[place]});
  }

  /// The first that is not before `time`, and the first that is after it; size() where none is.
  std::size_t lower_place(std::int64_t time) const noexcept;
  std::size_t upper_place(std::int64_t time) const noexcept;

  /// Those from `begin` on, before `end`.
  void append(std::size_t begin, std::size_t end, std::vector<std::int64_t>& out) const;
  /// Are they the same as as many from `times` on?
  bool equals(std::size_t begin, std::size_t end, const std::int64_t* times) const noexcept;

  /// What it holds in memory, without itself.
  std::size_t bytes() const noexcept {
    return offsets_.capacity() * sizeof(std::uint32_t) + full_.capacity() * sizeof(std::int64_t);
  }

 private:
  enum class Form : std::uint8_t { steady, offsets, full };

  Form form_ = Form::steady;
  std::size_t size_ = 0;
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
  std::int64_t step_ = 1;
  std::vector<std::uint32_t> offsets_;  // from the first one
  std::vector<std::int64_t> full_;      // of a column that reaches over 49 days
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
