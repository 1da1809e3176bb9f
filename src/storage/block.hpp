// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "storage/head_reader.hpp"
#include "storage/time_column.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Collects many samples of up to `block_series` series of a file, and makes the content of a block of them
/// (docs/storage-format.md). Series with the same times share them, as all of one target do.
///
///     BlockBuilder builder;
///     builder.add(7, columns);
///     database.insert(builder.finish(level));
class BlockBuilder {
 public:
  void add(std::uint32_t series, const FloatColumns& columns);
  void add(std::uint32_t series, const std::vector<HistogramSample>& samples);

  bool empty() const noexcept { return entries_.empty(); }
  std::size_t samples() const noexcept { return samples_; }
  std::int64_t from() const noexcept { return from_; }
  std::int64_t to() const noexcept { return to_; }

  /// The packed blob; the builder is empty afterwards.
  Bytes finish(int level);

 private:
  struct Entry {
    std::uint32_t series;
    std::size_t times;
    bool histograms;
    Bytes values;
  };
  std::size_t times_of(const std::vector<std::int64_t>& times);

  std::vector<Entry> entries_;
  std::vector<std::vector<std::int64_t>> times_;
  std::size_t samples_ = 0;
  std::int64_t from_ = INT64_MAX;
  std::int64_t to_ = INT64_MIN;
};

/// Series of a block as it is sealed; of merged ones, which reach over more time instead.
inline constexpr std::uint32_t block_series = 256;
inline constexpr std::uint32_t merged_block_series = 16;

/// `series_group` of the blocks that may hold a series.
constexpr std::int64_t sealed_group(std::uint32_t series) noexcept {
  return series / block_series;
}
constexpr std::int64_t merged_group(std::uint32_t series) noexcept {
  return -1 - std::int64_t{series / merged_block_series};
}

/// A block, unpacked. Threads: immutable. Any bytes give a block or nothing; a part that is damaged in spite of the
/// checksum gives no samples.
class Block {
 public:
  static std::optional<Block> open(ByteView blob);

  struct Entry {
    std::uint32_t series = 0;
    std::uint32_t count = 0;
    std::int64_t first_time = 0;
    std::int64_t last_time = 0;
    bool histograms = false;
    std::uint32_t times = 0;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
  };
  /// By series; of one series in the order in which they stand in the block.
  const std::vector<Entry>& entries() const noexcept { return entries_; }
  std::span<const Entry> find(std::uint32_t series) const noexcept;

  /// Asks the processor for what `find` of a series will touch, and, when that is there, for what reading it will.
  void prefetch_entry(std::uint32_t series) const noexcept;
  void prefetch_values(std::uint32_t series) const noexcept;

  /// Appends the samples of one series with from <= time <= to. False when they cannot be decoded. The rows that are appended
  /// ascend; see `settle` for those that are there.
  bool read(std::uint32_t series, std::int64_t from, std::int64_t to, FloatColumns& out) const;
  bool read(std::uint32_t series, std::int64_t from, std::int64_t to, std::vector<HistogramSample>& out) const;
  /// The same of an entry that was found; nothing of one of the other kind.
  bool read(const Entry& entry, std::int64_t from, std::int64_t to, FloatColumns& out) const;
  bool read(const Entry& entry, std::int64_t from, std::int64_t to, std::vector<HistogramSample>& out) const;

  /// Some times of a column, from `begin` on, before `end`.
  struct Times {
    const TimeColumn* column = nullptr;
    std::size_t begin = 0;
    std::size_t end = 0;

    std::size_t size() const noexcept { return end - begin; }
    std::int64_t front() const noexcept { return column->at(begin); }
  };
  /// The times of an entry within the range.
  Times times(const Entry& entry, std::int64_t from, std::int64_t to) const noexcept;

  /// What it holds in memory.
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  bool parse();

  Bytes content_;
  std::vector<TimeColumn> times_;
  std::vector<Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
