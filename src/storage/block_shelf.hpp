// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "storage/block.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Unpacked blocks of all files, for the next query: a dashboard asks for the same ones each few seconds. Bounded, the longest
/// unused go first; what nobody has asked for in about a minute goes too, so that a monitor that is not asked holds none.
///
/// A block is named by its file's serial number and its row; rows of blocks are never changed and their numbers never given
/// again (merging writes the new ones before it removes the old).
///
/// Threads: any.
class BlockShelf {
 public:
  explicit BlockShelf(std::size_t max_bytes = std::size_t{32} << 20U) : max_bytes_(max_bytes) {}

  /// Null where it is not there.
  std::shared_ptr<const Block> find(std::uint64_t file, std::int64_t row);
  void put(std::uint64_t file, std::int64_t row, std::shared_ptr<const Block> block);
  /// To be called each ten seconds or so.
  void drop_idle();
  std::size_t bytes() const;

 private:
  using Name = std::pair<std::uint64_t, std::int64_t>;
  struct Kept {
    Name name;
    std::shared_ptr<const Block> block;
    std::uint64_t round = 0;  ///< of drop_idle, when it was last used
  };
  static constexpr std::uint64_t idle_rounds = 6;
  void drop_last();

  std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::list<Kept> by_use_;  // the newest first
  std::map<Name, std::list<Kept>::iterator> by_name_;
  std::size_t bytes_ = 0;
  std::uint64_t round_ = 0;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
