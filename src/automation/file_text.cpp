// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/file_text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileText refused(FileFault fault, std::string why) {
  return {.text = {}, .fault = fault, .why = std::move(why)};
}

FileText read_all(int file, const std::string& path, std::size_t max_bytes) {
  struct stat status {};
  if (fstat(file, &status) != 0) return refused(FileFault::unreadable, path + ": " + reason(errno));
  if (!S_ISREG(status.st_mode)) return refused(FileFault::unreadable, path + ": not a regular file");
  FileText result;
  result.text.reserve(std::min<std::size_t>(static_cast<std::size_t>(status.st_size), max_bytes));
  std::array<char, 64 * 1024> block;
  for (;;) {
    const ssize_t got = ::read(file, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused(FileFault::unreadable, path + ": " + reason(errno));
    if (got == 0) return result;
    if (result.text.size() + static_cast<std::size_t>(got) > max_bytes) {
      return refused(FileFault::too_large,
                     fmt::format("{}: larger than {} bytes, which is the most that is read", path, max_bytes));
    }
    result.text.append(block.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

FileText read_file(const std::string& path, std::size_t max_bytes) {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    const int error = errno;
    const bool missing = error == ENOENT || error == ENOTDIR;
    return refused(missing ? FileFault::missing : FileFault::unreadable, path + ": " + reason(error));
  }
  FileText result = read_all(file, path, max_bytes);
  ::close(file);
  return result;
}

std::optional<FileStamp> stamp_of(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return std::nullopt;
  return FileStamp{.inode = status.st_ino,
                   .modified = nanoseconds(status.st_mtim),
                   .changed = nanoseconds(status.st_ctim),
                   .size = static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
