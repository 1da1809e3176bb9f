// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Why a file gave no text.
enum class FileFault : std::uint8_t { missing, unreadable, too_large };

struct FileText {
  std::string text;
  std::optional<FileFault> fault = std::nullopt;
  std::string why = {};  ///< with a fault: the file, the reason, what to do
};

/// A whole regular file of at most `max_bytes`. A directory, a pipe or a device is unreadable: reading one could hang.
/// Blocks on the disk.
FileText read_file(const std::string& path, std::size_t max_bytes);

/// What tells one state of a file from another. Files that do not exist are equal.
struct FileStamp {
  std::uint64_t inode = 0;
  std::int64_t modified = 0;  ///< nanoseconds since the Unix epoch
  std::int64_t changed = 0;   ///< of its inode, likewise
  std::uint64_t size = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Nothing if there is no such file. A symbolic link is not followed.
std::optional<FileStamp> stamp_of(const std::string& path);

}  // namespace automation
BELLWETHER_NAMESPACE_END
