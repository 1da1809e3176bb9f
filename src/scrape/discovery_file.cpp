// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/discovery_file.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>

#include "config/prometheus/prometheus_config.hpp"
#include "scrape/discovery_groups.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::size_t max_file_bytes = 16UL << 20;
// What may change a file's content or the list of files: written and closed, renamed, removed, made.
constexpr std::uint32_t interesting =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF;

Result<std::string> read_text(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  std::string text;
  std::array<char, 64UL * 1024> part{};
  while (file && text.size() <= max_file_bytes) {
    const std::size_t size = std::fread(part.data(), 1, part.size(), file.get());
    if (size == 0) break;
    text.append(part.data(), size);
  }
  if (!file || std::ferror(file.get()) != 0) {
    return Error{path + ": cannot read the file: " + std::strerror(errno) + "; check the path and its permissions"};
  }
  if (text.size() > max_file_bytes) return Error{path + ": the file has more than 16 MiB: split it"};
  return text;
}

bool is_json(std::string_view path) {
  const std::string_view ending = path.size() < 5 ? std::string_view{} : path.substr(path.size() - 5);
  return ending == ".json" || ending == ".JSON";
}

}  // namespace

FileDiscovery::FileDiscovery(config::FileDiscoveryConfig config, const Clock& clock)
    : config_(std::move(config)), clock_(clock), fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

FileDiscovery::~FileDiscovery() {
  if (fd_ >= 0) ::close(fd_);
}

void FileDiscovery::watch_folders() {
  if (fd_ < 0) return;
  for (const std::string& glob : config_.files) {
    std::string folder = std::filesystem::path(glob).parent_path().string();
    if (folder.empty()) folder = ".";
    // The kernel knows a folder that is watched already. One that is not there yet is tried again at each poll.
    (void)::inotify_add_watch(fd_, folder.c_str(), interesting);
  }
}

void FileDiscovery::drain() const {
  alignas(inotify_event) std::array<char, 16UL * 1024> events{};
  while (fd_ >= 0 && ::read(fd_, events.data(), events.size()) > 0) {
  }
}

void FileDiscovery::read(const std::string& path) {
  File& file = files_[path];
  const Result<std::string> text = read_text(path);
  Result<std::vector<config::TargetGroup>> groups = !text ? Result<std::vector<config::TargetGroup>>(text.error())
                                                    : is_json(path) ? parse_groups_json(*text, path)
                                                                    : parse_groups_yaml(*text, path);
  if (groups) {
    file.groups = std::move(*groups);
    file.problem.clear();
  } else {
    file.problem = groups.error().message + (file.groups.empty() ? "" : "; the targets it had stay");
  }
}

bool FileDiscovery::poll() {
  next_ = clock_.monotonic() + config_.refresh_interval;
  watch_folders();  // before the files are read: what changes meanwhile is told
  drain();
  std::set<std::string> found;
  for (const std::string& glob : config_.files) {
    for (std::string& path : config::find_files(glob)) found.insert(std::move(path));
  }
  std::erase_if(files_, [&](const auto& file) { return found.count(file.first) == 0; });
  for (const std::string& path : found) read(path);
  std::vector<DiscoveredGroup> groups;
  problem_.clear();
  for (const auto& [path, file] : files_) {
    if (!file.problem.empty()) problem_ += (problem_.empty() ? "" : "\n") + file.problem;
    std::size_t number = 0;
    for (const config::TargetGroup& group : file.groups) {
      groups.push_back({path + ":" + std::to_string(number++), group});
      groups.back().group.labels["__meta_filepath"] = path;
    }
  }
  if (groups == groups_) return false;
  groups_ = std::move(groups);
  return true;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
