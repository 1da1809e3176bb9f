// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scrape/discovery.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// `file_sd_configs`: files of target groups, JSON or YAML by their ending, watched.
///
/// inotify watches the files' folders, so that a file that is replaced (rename) or comes later is seen at once; every
/// refresh_interval all are read whatever the kernel says (network file systems tell nothing). A file that breaks keeps the
/// groups it had, and `problem` says so; a file that goes takes its groups along. Each group gets `__meta_filepath`.
///
/// Threads: one at a time. `poll` blocks on the disk only.
class FileDiscovery final : public Discovery {
 public:
  /// Reads nothing yet: the first `poll` does.
  FileDiscovery(config::FileDiscoveryConfig config, const Clock& clock);
  ~FileDiscovery() override;

  bool poll() override;
  const std::vector<DiscoveredGroup>& groups() const noexcept override { return groups_; }
  const std::string& problem() const noexcept override { return problem_; }
  std::chrono::nanoseconds next_poll() const noexcept override { return next_; }
  int fd() const noexcept override { return fd_; }

 private:
  struct File {
    std::vector<config::TargetGroup> groups;
    std::string problem;
  };

  void watch_folders();
  void drain() const;
  void read(const std::string& path);

  config::FileDiscoveryConfig config_;
  const Clock& clock_;
  int fd_ = -1;
  std::map<std::string, File> files_;
  std::vector<DiscoveredGroup> groups_;
  std::string problem_;
  std::chrono::nanoseconds next_{0};
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
