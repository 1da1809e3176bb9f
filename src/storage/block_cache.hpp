// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/day_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

class StoreFiles;
struct StoreMetrics;

/// The blocks that one query reads from one file: rows of a group are asked for once, and unpacked blocks are kept while
/// they fit, since neighbours of a series lie in the same ones.
///
/// Threads: use from one.
class BlockCache {
 public:
  BlockCache(std::shared_ptr<DayFile> file, StoreFiles& files, const StoreMetrics& metrics)
      : file_(std::move(file)), files_(&files), metrics_(&metrics) {}

  const DayFile& file() const noexcept { return *file_; }

  /// Calls `use(block)` for all blocks of the series' groups that overlap the range, in the order in which they were sealed.
  template <typename Use>
  void each(std::uint32_t series, std::int64_t from, std::int64_t to, std::vector<std::string>& warnings, Use&& use) {
    for (const std::int64_t group : {merged_group(series), sealed_group(series)}) {  // merged ones are the older
      const std::vector<BlockRow>* const rows = rows_of(group, warnings);
      if (rows == nullptr) return;
      for (const BlockRow& row : *rows) {
        if (row.to < from || row.from > to) continue;
        if (const std::shared_ptr<const Block> block = block_of(row.id, warnings)) use(*block);
      }
    }
  }

  static constexpr std::size_t max_bytes = std::size_t{8} << 20U;

 private:
  const std::vector<BlockRow>* rows_of(std::int64_t group, std::vector<std::string>& warnings);
  std::shared_ptr<const Block> block_of(std::int64_t id, std::vector<std::string>& warnings);
  std::shared_ptr<const Block> keep(std::int64_t id, const std::shared_ptr<const Block>& block);
  bool open(std::vector<std::string>& warnings);
  void failed(const Error& error, FileFault fault, std::vector<std::string>& warnings);

  struct Kept {
    std::shared_ptr<const Block> block;
    std::uint64_t used = 0;
  };

  std::shared_ptr<DayFile> file_;
  StoreFiles* files_;
  const StoreMetrics* metrics_;
  std::unique_ptr<DayReader> reader_;
  bool unreadable_ = false;
  std::map<std::int64_t, std::vector<BlockRow>> rows_;
  std::map<std::int64_t, Kept> blocks_;
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
