// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "storage/block.hpp"
#include "storage/day_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Unpacked blocks of all files, and which blocks there are, for the next query: a dashboard asks for the same ones each few
/// seconds, and then needs no file. Bounded, and what nobody has asked for in about a minute goes, so that a monitor that is
/// not asked holds none.
///
/// Where it is full, the longest unused goes, but only if that was not used in the last ten seconds or so. Else a query over
/// somewhat more than fits would drive out everything just before its next run asks for it; now that finds what did fit. One
/// in `lucky` newcomers is let in nevertheless, so that what is asked for often comes in against what is asked for rarely.
///
/// A block is named by its file's serial number and its row; rows of blocks are never changed and their numbers never given
/// again (merging writes the new ones before it removes the old). The rows of a group are those of one version of the file.
///
/// Threads: any.
class BlockShelf {
 public:
  explicit BlockShelf(std::size_t max_bytes = std::size_t{64} << 20U) : max_bytes_(max_bytes) {}

  /// Null where it is not there.
  std::shared_ptr<const Block> find(std::uint64_t file, std::int64_t row);
  /// Gives what lies there: that of another query where this was faster.
  std::shared_ptr<const Block> put(std::uint64_t file, std::int64_t row, std::shared_ptr<const Block> block);
  /// The same for the rows of a group; null where they are of another version.
  std::shared_ptr<const GroupRows> find_rows(std::uint64_t file, std::uint32_t group, std::uint64_t version);
  void put_rows(std::uint64_t file, std::uint32_t group, std::uint64_t version, std::shared_ptr<const GroupRows> rows);
  /// To be called each ten seconds or so.
  void drop_idle();
  std::size_t bytes() const;

 private:
  struct Name {
    std::uint64_t file = 0;
    std::int64_t number = 0;
    bool is_group = false;

    friend bool operator==(const Name&, const Name&) = default;
  };
  struct Hash {
    std::size_t operator()(const Name& name) const noexcept {
      const std::uint64_t mixed =
          (static_cast<std::uint64_t>(name.number) * 2 + (name.is_group ? 1 : 0) + (name.file << 40U)) *
          0x9e3779b97f4a7c15U;
      return static_cast<std::size_t>(mixed ^ (mixed >> 32U));
    }
  };
  struct Kept {
    Name name;
    std::shared_ptr<const Block> block;  // or else
    std::shared_ptr<const GroupRows> rows;
    std::uint64_t version = 0;  // of the rows
    std::size_t bytes = 0;
    std::uint64_t round = 0;  // of drop_idle, when it was last used
  };
  static constexpr std::uint64_t idle_rounds = 6;
  static constexpr std::uint64_t lucky = 16;

  // With the mutex.
  Kept* use(const Name& name);
  void add(Kept kept);
  bool is_displaced(const Kept& oldest, const Kept& newcomer, bool is_lucky) const noexcept;
  void drop(std::list<Kept>::iterator kept);

  std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::list<Kept> by_use_;  // the newest first
  std::unordered_map<Name, std::list<Kept>::iterator, Hash> by_name_;
  std::size_t bytes_ = 0;
  std::uint64_t round_ = 0;
  std::uint64_t newcomers_ = 0;  // that found no room
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
