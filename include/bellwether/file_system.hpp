// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <optional>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN

/// The few steps on files that a state needs which must survive a crash. A parameter, so that tests see what a full disk or
/// a power cut between two steps leaves behind.
///
/// Threads: implementations serve any thread. All calls block on the disk. Errors name the file and the system's reason.
class BELLWETHER_API FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// The whole file; nothing if there is none.
  virtual Result<std::optional<std::string>> read(const std::string& path) = 0;
  /// Makes or overwrites the file and waits until the disk has it. Not atomic.
  virtual Result<void> write(const std::string& path, std::string_view content) = 0;
  /// Adds to the file's end, or makes it, and waits until the disk has it.
  virtual Result<void> append(const std::string& path, std::string_view content) = 0;
  /// Atomic: `to` is the old file or the new one, also after a crash.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  /// Waits until the disk has the names in the directory that holds `path`.
  virtual Result<void> sync_directory_of(const std::string& path) = 0;

  static FileSystem& system() noexcept;
};

BELLWETHER_NAMESPACE_END
