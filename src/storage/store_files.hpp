// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/block_shelf.hpp"
#include "storage/day_file.hpp"
#include "storage/store_metrics.hpp"
#include "storage/store_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// The files of a directory, a day each.
///
/// Threads: any. A file that was removed stays readable for those who have it open.
class StoreFiles {
 public:
  StoreFiles(const StoreOptions& options, const StoreMetrics& metrics) : options_(&options), metrics_(&metrics) {}

  Result<void> scan();
  DayFileOptions file_options() const;

  /// By day, the oldest first.
  std::vector<std::shared_ptr<DayFile>> all() const;
  std::shared_ptr<DayFile> find_or_make(std::int64_t day);

  /// Renames a damaged file to <name>.corrupt (with its -wal and -shm) and says so in the log; the next sample of this day
  /// begins a new one. A day that is open for writing is only marked: its writer closes it first.
  void report_corrupt(const DayFile& file, const std::string& reason);
  void set_aside(const DayFile& file, const std::string& reason);
  /// Days that were marked; the writer asks.
  std::vector<std::pair<std::int64_t, std::string>> take_reported();

  /// Removes days beyond the retention. `now_ms` decides; open days stay.
  void remove_old(std::int64_t now_ms);
  std::uint64_t bytes() const;

  void log(const std::string& message) const;
  BlockShelf& shelf() noexcept { return shelf_; }

 private:
  std::uint64_t bytes_of(const DayFile& file) const;
  void remove(const DayFile& file);

  const StoreOptions* options_;
  const StoreMetrics* metrics_;
  BlockShelf shelf_;
  mutable std::mutex mutex_;
  std::map<std::int64_t, std::shared_ptr<DayFile>> files_;
  std::vector<std::pair<std::int64_t, std::string>> reported_;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
