// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/directory_watcher.hpp"

#include <fmt/format.h>
#include <sys/inotify.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace fs = std::filesystem;

namespace {

/// Two ways to write one file's name become one.
std::string absolute_name(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error).lexically_normal();
  const fs::path folder = fs::weakly_canonical(whole.parent_path(), error);
  return ((error ? whole.parent_path() : folder) / whole.filename()).string();
}

bool is_below(const std::string& path, const std::string& directory) {
  return path.size() > directory.size() && path.starts_with(directory) && path[directory.size()] == '/';
}

/// Erases what stands at or below a path in a map ordered by path, telling each.
template <typename Map, typename Tell>
void erase_tree(Map& map, const std::string& path, const Tell& tell) {
  if (const auto own = map.find(path); own != map.end()) {
    tell(*own);
    map.erase(own);
  }
  for (auto entry = map.lower_bound(path + '/'); entry != map.end() && is_below(entry->first, path);) {
    tell(*entry);
    entry = map.erase(entry);
  }
}

}  // namespace

Result<DirectoryWatcher> DirectoryWatcher::open(const std::vector<std::string>& roots, PathFilter filter,
                                                const std::vector<std::string>& ignored,
                                                std::unique_ptr<ChangeKernel> kernel) {
  DirectoryWatcher watcher{std::move(filter), std::move(kernel)};
  for (const std::string& file : ignored) watcher.ignored_.insert(absolute_name(file));
  for (std::string root : roots) {
    while (root.size() > 1 && root.back() == '/') root.pop_back();
    std::error_code error;
    if (!fs::is_directory(root, error)) return Error{fmt::format("cannot watch '{}': it is not a directory", root)};
    watcher.roots_.push_back(std::move(root));
  }
  for (std::size_t root = 0; root < watcher.roots_.size(); ++root) {
    Changes changes;
    watcher.watch_tree(watcher.roots_[root], root, changes);
    if (!changes.problems.empty()) return Error{changes.problems.front()};
  }
  return watcher;
}

DirectoryWatcher::Changes DirectoryWatcher::take() {
  Changes changes;
  const std::vector<KernelEvent> events = kernel_->read();
  const bool overflowed = std::any_of(events.begin(), events.end(),
                                      [](const KernelEvent& event) { return (event.mask & IN_Q_OVERFLOW) != 0; });
  for (const KernelEvent& event : events) apply(event, changes);
  if (overflowed) rescan(changes);
  reopen_roots(changes);
  return changes;
}

std::string DirectoryWatcher::relative(const std::string& path, std::size_t root) const {
  const std::string& top = roots_[root];
  return path.size() <= top.size() ? std::string{} : path.substr(top == "/" ? 1 : top.size() + 1);
}

bool DirectoryWatcher::counts(const std::string& path, std::size_t root) const {
  return filter_.takes_file(relative(path, root)) && (ignored_.empty() || !ignored_.contains(absolute_name(path)));
}

bool DirectoryWatcher::watch_one(const std::string& path, std::size_t root, Changes& changes) {
  // A root may be a link: its slash makes the kernel look behind it.
  const int watch = kernel_->add(path == roots_[root] ? path + '/' : path);
  if (watch < 0) {
    if (watch != -ENOENT && watch != -ENOTDIR) changes.problems.push_back(watch_error(path, -watch));
    return false;  // a directory that is gone again is no problem
  }
  directories_[watch] = {.path = path, .root = root};
  watches_[path] = watch;
  return true;
}

void DirectoryWatcher::watch_tree(const std::string& top, std::size_t root, Changes& changes) {
  std::vector<std::string> pending{top};
  while (!pending.empty()) {
    const std::string directory = std::move(pending.back());
    pending.pop_back();
    // First the watch, then the look: what comes in between is seen twice rather than never.
    if (!watch_one(directory, root, changes)) continue;
    std::error_code error;
    for (fs::directory_iterator entry{directory, error}, end; !error && entry != end; entry.increment(error)) {
      std::error_code ignored;
      const std::string path = directory + (directory == "/" ? "" : "/") + entry->path().filename().string();
      if (fs::is_directory(entry->symlink_status(ignored))) {
        if (filter_.takes_directory(relative(path, root))) pending.push_back(path);
      } else {
        look_at(path, root, false, changes);
      }
    }
  }
}

void DirectoryWatcher::look_at(const std::string& path, std::size_t root, bool always, Changes& changes) {
  if (!counts(path, root)) return;
  const auto known = files_.find(path);
  const auto stamp = stamp_of(path);
  if (!stamp) {
    const bool was_known = known != files_.end();
    if (was_known) {  // one that came and went since the last look is no change
      changes.files.insert(path);
      files_.erase(known);
    }
    return;
  }
  const bool same = known != files_.end() && known->second == *stamp;
  files_[path] = *stamp;
  if (always || !same) changes.files.insert(path);
}

void DirectoryWatcher::forget_tree(const std::string& path, Changes& changes) {
  erase_tree(watches_, path, [&](const auto& entry) {
    directories_.erase(entry.second);
    kernel_->remove(entry.second);
  });
  erase_tree(files_, path, [&](const auto& entry) { changes.files.insert(entry.first); });
}

void DirectoryWatcher::apply(const KernelEvent& event, Changes& changes) {
  const auto found = directories_.find(event.watch);
  if (found == directories_.end()) return;  // of a watch that ended meanwhile
  const Directory directory = found->second;
  if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0) {
    // Of a directory within, its parent tells. A root has nobody above it.
    if (directory.path != roots_[directory.root]) return;
    forget_tree(directory.path, changes);
    if (lost_roots_.insert(directory.root).second) {
      changes.problems.push_back(directory.path + " is gone; it is watched again as soon as it is back");
    }
    return;
  }
  if (event.name.empty()) return;
  const std::string path = directory.path + (directory.path == "/" ? "" : "/") + event.name;
  if ((event.mask & IN_ISDIR) == 0) {
    // Closing says little: a file may have been opened for writing and left as it was.
    const bool always = (event.mask & IN_MODIFY) != 0;
    return look_at(path, directory.root, always, changes);
  }
  if ((event.mask & (IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)) != 0) forget_tree(path, changes);
  if ((event.mask & (IN_CREATE | IN_MOVED_TO)) != 0 && filter_.takes_directory(relative(path, directory.root))) {
    watch_tree(path, directory.root, changes);
  }
}

void DirectoryWatcher::rescan(Changes& changes) {
  changes.rescanned = true;
  const std::map<std::string, FileStamp> before = std::exchange(files_, {});
  for (const auto& [path, watch] : watches_) kernel_->remove(watch);
  watches_.clear();
  directories_.clear();
  Changes all;
  for (std::size_t root = 0; root < roots_.size(); ++root) watch_tree(roots_[root], root, all);
  for (const auto& [path, stamp] : files_) {
    const auto known = before.find(path);
    if (known == before.end() || known->second != stamp) changes.files.insert(path);
  }
  for (const auto& [path, stamp] : before) {
    if (!files_.contains(path)) changes.files.insert(path);
  }
  changes.problems.insert(changes.problems.end(), all.problems.begin(), all.problems.end());
}

void DirectoryWatcher::reopen_roots(Changes& changes) {
  for (auto root = lost_roots_.begin(); root != lost_roots_.end();) {
    std::error_code error;
    if (!fs::is_directory(roots_[*root], error)) {
      ++root;
      continue;
    }
    watch_tree(roots_[*root], *root, changes);
    root = lost_roots_.erase(root);
  }
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
