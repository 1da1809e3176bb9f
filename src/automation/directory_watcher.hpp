// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "automation/change_kernel.hpp"
#include "automation/file_text.hpp"
#include "automation/path_filter.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Which files changed below some directories, however deep.
///
///     auto watcher = DirectoryWatcher::open({"src", "tests"}, PathFilter{{}}, {}, std::move(kernel));
///     poll(watcher->fd()) ...
///     for (const std::string& file : watcher->take().files) ...   // "src/net/http_server.cpp", also one that is gone
///
/// New directories are watched as they come, with what is in them already; moved ones under their new name. Symbolic links
/// to directories are not followed: they could lead in circles. When the kernel's queue overflows, all is
/// looked at anew and compared with what was known (inode, size and times), so that no change is lost.
///
/// Threads: one. Memory: a path and a stamp for each file. Blocks on the disk only.
class DirectoryWatcher {
 public:
  /// What happened since the last call.
  struct Changes {
    std::set<std::string> files;        ///< as the roots were given: root/relative/path
    std::vector<std::string> problems;  ///< in words: a directory that cannot be watched, a root that is gone
    bool rescanned = false;             ///< the kernel's queue had overflowed
  };

  /// `ignored` are files that never count, wherever they lie: the report that the tests write.
  /// Errors: no such directory; a limit of inotify, with what to do.
  static Result<DirectoryWatcher> open(const std::vector<std::string>& roots, PathFilter filter,
                                       const std::vector<std::string>& ignored, std::unique_ptr<ChangeKernel> kernel);

  /// Readable when `take` may have something.
  int fd() const noexcept { return kernel_->fd(); }
  Changes take();

  std::size_t watched_directories() const noexcept { return directories_.size(); }
  std::size_t known_files() const noexcept { return files_.size(); }

 private:
  struct Directory {
    std::string path;
    std::size_t root = 0;
  };

  DirectoryWatcher(PathFilter filter, std::unique_ptr<ChangeKernel> kernel)
      : filter_(std::move(filter)), kernel_(std::move(kernel)) {}

  void watch_tree(const std::string& path, std::size_t root, Changes& changes);
  bool watch_one(const std::string& path, std::size_t root, Changes& changes);
  void forget_tree(const std::string& path, Changes& changes);
  void look_at(const std::string& path, std::size_t root, bool always, Changes& changes);
  void rescan(Changes& changes);
  void reopen_roots(Changes& changes);
  void apply(const KernelEvent& event, Changes& changes);
  std::string relative(const std::string& path, std::size_t root) const;
  bool counts(const std::string& path, std::size_t root) const;

  PathFilter filter_;
  std::unique_ptr<ChangeKernel> kernel_;
  std::vector<std::string> roots_;
  std::set<std::size_t> lost_roots_;
  std::set<std::string> ignored_;  // absolute
  std::unordered_map<int, Directory> directories_;
  std::map<std::string, int> watches_;
  std::map<std::string, FileStamp> files_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
