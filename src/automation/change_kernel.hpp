// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// What the kernel says of a watched directory: `mask` in inotify's bits, `name` of the entry in it.
struct KernelEvent {
  int watch = -1;
  std::uint32_t mask = 0;
  std::string name = {};
};

/// inotify as a parameter, so that tests meet its limits and its overflow without reaching them.
///
/// Threads: one.
class ChangeKernel {
 public:
  virtual ~ChangeKernel() = default;

  /// Readable when events wait.
  virtual int fd() const noexcept = 0;
  /// Watches a directory, not following a symbolic link. The number of the watch, or the negative errno.
  virtual int add(const std::string& directory) = 0;
  virtual void remove(int watch) noexcept = 0;
  /// All events that wait now, in their order. Never blocks.
  virtual std::vector<KernelEvent> read() = 0;

  /// Errors: the limits on inotify instances or open files, with what to do.
  static Result<std::unique_ptr<ChangeKernel>> inotify();
};

/// What to tell the user when `add` gave this error for this directory: at the limit on watches, how to raise it.
std::string watch_error(const std::string& directory, int error);

}  // namespace automation
BELLWETHER_NAMESPACE_END
