// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// True if a path matches a pattern, segment by segment: `*`, `?` and `[a-z]` within a segment, `**` for any number of
/// segments. A pattern without a slash matches the last segment alone: `*.cpp` is any C++ file below.
bool matches_glob(std::string_view pattern, std::string_view path);

/// Which files below a watched directory are worth a run.
///
///     PathFilter filter{{.include = {"*.cpp", "*.hpp"}, .exclude = {"generated"}}};
///     filter.takes_file("src/net/http_server.cpp");   // true
///     filter.takes_directory("build");                 // false: nothing below it is looked at
///
/// Paths are relative to the watched directory. Threads: reading from any.
class PathFilter {
 public:
  struct Options {
    std::vector<std::string> include = {};  ///< files that match none are passed over; empty: all files
    std::vector<std::string> exclude = {};  ///< files, and directories with all below
    bool directories = true;                ///< false: only what lies directly in the watched directory
    bool default_excludes = true;           ///< version control, build directories, caches, editors' own files
  };

  explicit PathFilter(Options options);

  bool takes_file(std::string_view path) const;
  bool takes_directory(std::string_view path) const;

  /// .git, build, build-*, ...: for the help.
  static const std::vector<std::string>& default_excludes();

 private:
  bool excluded(std::string_view path) const;

  std::vector<std::string> include_;
  std::vector<std::string> exclude_;
  bool directories_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
