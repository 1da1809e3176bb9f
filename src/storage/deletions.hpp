// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "storage/label_set.hpp"
#include "storage/matcher.hpp"
#include "storage/sqlite_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Samples of these series and times are not shown any more.
struct Deletion {
  std::vector<Matcher> matchers;
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;

  bool matches(std::span<const LabelView> labels) const;
};

/// What was deleted, in `deletions.sqlite` beside the days. Queries leave it out; the bytes go with their day. A sample that
/// comes later into deleted times, out of order, is not shown either.
///
/// Threads: any. Blocking: `add` for the disk.
class Deletions {
 public:
  using List = std::vector<Deletion>;

  /// Forgets what ended before `oldest_ms`: its days are gone. A damaged file is an error; without one there are none.
  Result<void> open(const std::string& directory, bool full_sync, std::int64_t oldest_ms);
  /// On disk when it returns without an error.
  Result<void> add(Deletion deletion);
  /// Null where there is none.
  std::shared_ptr<const List> list() const;
  /// For a backup; nothing where there is none.
  Result<void> copy_to(const std::string& path) const;

  static std::string path_in(const std::string& directory) { return directory + "/deletions.sqlite"; }

 private:
  Result<void> open_file();

  std::string path_;
  bool full_sync_ = true;
  mutable std::mutex mutex_;
  std::unique_ptr<SqliteFile> file_;
  std::shared_ptr<const List> list_;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
