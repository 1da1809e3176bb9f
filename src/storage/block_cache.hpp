// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/day_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

class StoreFiles;
struct StoreMetrics;

/// The blocks that one query reads from one file: it asks once which blocks a group has, and keeps unpacked ones while they fit,
/// since neighbours of a series lie in the same ones. All that it gives is of one instant of the file; the file itself is opened
/// only where the shelf of the last queries lacks something.
///
///     std::size_t held = 0;  // of all files of a query
///     BlockCache cache(file, files, metrics, held);
///     for (const Block* block : cache.blocks_of(series, from, to, warnings)) use(*block);
///
/// Threads: use from one.
class BlockCache {
 public:
  /// `held`: bytes of the blocks that the query holds, of all its caches.
  BlockCache(std::shared_ptr<DayFile> file, StoreFiles& files, const StoreMetrics& metrics, std::size_t& held)
      : file_(std::move(file)), files_(&files), metrics_(&metrics), held_(&held) {}

  const DayFile& file() const noexcept { return *file_; }

  /// All blocks of the series' groups that overlap the range, in the order in which they were sealed; merged ones are the older.
  /// Good until the next call.
  const std::vector<const Block*>& blocks_of(std::uint32_t series, std::int64_t from, std::int64_t to,
                                             std::vector<std::string>& warnings);

  /// Calls `use(block)` for those of them that are here already.
  template <typename Use>
  void each_ready(std::uint32_t series, std::int64_t from, std::int64_t to, Use&& use) const {
    const auto found = groups_.find(series / block_series);
    if (found == groups_.end()) return;
    const GroupRows& rows = *found->second.rows;
    for (const std::size_t part : {std::size_t{series % block_series / merged_block_series}, rows.ends.size() - 1}) {
      for (std::size_t i = part == 0 ? 0 : rows.ends[part - 1]; i < rows.ends[part]; ++i) {
        const Block* const block = found->second.blocks[i].block.get();
        if (block != nullptr && rows.rows[i].to >= from && rows.rows[i].from <= to) use(*block);
      }
    }
  }

  /// As much as lies on the shelf, so that a query does not hold more than the next one finds.
  static constexpr std::size_t max_bytes = std::size_t{64} << 20U;
  /// What a query met while it held less stays to its end; what came then goes again, the earliest first. For series that stand
  /// side by side by their labels may be far apart in the file, so that a query goes over all blocks several times: if the
  /// longest unused went, it would find none of them again.
  static constexpr std::size_t lasting_bytes = max_bytes / 4 * 3;

 private:
  struct Kept {
    std::shared_ptr<const Block> block;
    std::uint64_t used = 0;
    bool is_damaged = false;  // said once
  };
  struct Group {
    std::shared_ptr<const GroupRows> rows;
    std::vector<Kept> blocks;  // one for each row
  };
  enum class Found : std::uint8_t { all, nothing, moved };
  static constexpr std::uint64_t no_version = 1;  // odd: of no instant that the shelf could have

  Found collect(std::uint32_t series, std::int64_t from, std::int64_t to, std::vector<std::string>& warnings);
  Found find_group(std::uint32_t group, std::vector<std::string>& warnings);
  Found load(const BlockRow& row, Kept& kept, std::vector<std::string>& warnings);
  Found open(std::vector<std::string>& warnings);
  void make_room();
  void forget();
  Found failed(const Error& error, FileFault fault, std::vector<std::string>& warnings);

  std::shared_ptr<DayFile> file_;
  StoreFiles* files_;
  const StoreMetrics* metrics_;
  std::size_t* held_;
  std::unique_ptr<DayReader> reader_;
  bool unreadable_ = false;
  bool has_begun_ = false;
  std::uint64_t version_ = no_version;  // of all that is in groups_
  std::unordered_map<std::uint32_t, Group> groups_;
  Group* last_ = nullptr;
  std::uint32_t last_group_ = 0;
  std::vector<const Block*> found_;
  std::deque<Kept*> passing_;  // that may go again, as they came
  std::uint64_t clock_ = 0;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
