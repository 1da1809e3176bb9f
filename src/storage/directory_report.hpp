// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "storage/head_reader.hpp"
#include "storage/label_set.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// What a look at one day's file found.
struct DayReport {
  std::string path;
  std::uint64_t bytes = 0;  ///< of the file and its WAL
  std::uint64_t series = 0;
  std::uint64_t blocks = 0;
  std::uint64_t block_samples = 0;
  std::uint64_t log_rows = 0;
  std::uint64_t log_samples = 0;
  std::vector<std::string> problems;
};

/// Reads a data directory without its lock: for tools, beside a running store.
///
/// Threads: use from one. Blocking: for the disk.
class DirectoryReport {
 public:
  explicit DirectoryReport(std::string directory) : directory_(std::move(directory)) {}

  /// The days, the oldest first. An error when the directory cannot be listed.
  Result<std::vector<std::string>> files() const;
  /// `deep`: also SQLite's own check, and every block is unpacked and decoded.
  DayReport look(const std::string& path, bool deep) const;
  /// Calls `row(labels, time, value)` for the samples of blocks and log that match, series by series.
  using Row = std::function<void(const LabelSet& labels, std::int64_t time, double value)>;
  Result<void> dump(const std::string& path, const std::vector<Matcher>& matchers, const Row& row) const;

 private:
  std::string directory_;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
