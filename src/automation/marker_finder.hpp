// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// How many lines are exactly the text, white space around it aside: "NOT COMPLETED" is no "COMPLETED".
std::uint64_t count_marker_lines(std::string_view content, std::string_view text);

/// Finds completion markers, by which people and jobs say that something is done: a file whose name ends in `.done` is one,
/// and so is each line of a text file that is exactly the marker's text.
///
///     MarkerFinder finder{{.places = {"reports"}, .text = "COMPLETED"}};
///     const auto found = finder.find();       // found.fresh: those that were not there the last time
///
/// A place is a directory, in which `*.done`, `*.md`, `*.txt` and `*.log` are looked at, however deep; or a pattern
/// (`reports/**/*.status`), whose files are. Build and version control directories are passed over, links not followed, of a
/// file the first 16 MiB are read.
///
/// Threads: one. Memory: the path of each file with markers. Blocks on the disk.
class MarkerFinder {
 public:
  struct Options {
    std::vector<std::string> places = {};
    std::string text = "COMPLETED";
  };
  struct Found {
    std::uint64_t all = 0;    ///< there now
    std::uint64_t fresh = 0;  ///< more than the last time, by file
    std::vector<std::string> problems = {};
  };

  explicit MarkerFinder(Options options) : options_(std::move(options)) {}

  Found find();

  /// The directory that has all files a place can mean: "reports" of `reports/**/*.status`, "." of `*.done`.
  static std::string directory_of(const std::string& place);

 private:
  Options options_;
  std::map<std::string, std::uint64_t> known_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
