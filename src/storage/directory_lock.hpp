// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// Keeps a second process (or a second store of this one) out of a directory. The system lets go of it when the
/// process ends, however it ends; the file `lock` stays and holds the process id of its last owner.
class DirectoryLock {
 public:
  /// Makes the directory where there is none. An error names the process that has it.
  static Result<DirectoryLock> take(const std::string& directory);

  DirectoryLock() = default;
  DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) noexcept : file_(file) {}
  int file_ = -1;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
