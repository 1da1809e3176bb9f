// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN

class Registry;

namespace storage {

struct StoreOptions {
  std::string directory = "./data";

  /// Days that ended longer ago are removed. 0: never.
  std::chrono::milliseconds retention = std::chrono::hours{24 * 15};
  /// The oldest days are removed while the files are larger together; the newest stays. 0: no limit.
  std::uint64_t retention_bytes = 0;

  /// How much older than its series' newest a sample may be.
  std::chrono::milliseconds out_of_order_window = std::chrono::minutes{5};
  /// How far ahead of the clock.
  std::chrono::milliseconds ahead_limit = std::chrono::minutes{10};
  std::size_t series_limit = 1'000'000;

  /// What is acknowledged is on disk after this time and that of one write.
  std::chrono::milliseconds flush_interval{500};
  /// The log becomes blocks when it holds so many samples of each series, or reaches this age.
  std::size_t seal_samples = 100;
  std::chrono::milliseconds seal_after = std::chrono::hours{1};
  /// So many sealed blocks become fewer that reach over more time; and all of a day when it ends.
  int merge_blocks = 24;
  /// Younger samples stay in memory even when they are on disk: recent queries touch no disk.
  std::chrono::milliseconds memory_window = std::chrono::minutes{6};
  /// Samples that wait for a disk that is full or failing; beyond, appending is refused.
  std::size_t waiting_limit = std::size_t{128} << 20U;
  /// zstd's, for blocks: as they are sealed, and merged for good.
  int block_level = 3;
  int merged_block_level = 6;

  /// Each commit survives a power failure (an fsync each flush_interval); else only the process's end.
  bool full_sync = true;
  /// A registered SQLite VFS in place of the system's: for tests of disk faults.
  std::string vfs;
  /// A thread of the store flushes, seals and removes old days. Without it the owner calls `flush` and `maintain`.
  bool background = true;

  const Clock* clock = &Clock::system();
  /// Where the store's own metrics go; null: nowhere. Must outlive the store.
  Registry* registry = nullptr;
  /// What an operator should know: files set aside, a full disk, and its end. Any thread; must not call the store.
  std::function<void(std::string_view)> log;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
