// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/procfs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <memory>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::size_t largest_file = std::size_t{4} << 20U;
constexpr decltype(statfs::f_type) procfs_magic = 0x9fa0;  // PROC_SUPER_MAGIC of <linux/magic.h>

/// Procfs lists the folder that is being listed among the open files; a copy of it on a disk does not.
bool is_procfs(int descriptor) {
  struct statfs about {};
  return ::fstatfs(descriptor, &about) == 0 && about.f_type == procfs_magic;
}

}  // namespace

std::string read_proc_file(const std::string& path) {
  std::string text;
  // Without O_NONBLOCK a named pipe in its place would stop the scrape for ever.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return text;
  std::size_t size = 0;
  for (;;) {
    if (text.size() == size) text.resize(size + 4096 + size / 2);
    const ssize_t count = ::read(file, text.data() + size, text.size() - size);
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
    if (size >= largest_file) break;
  }
  ::close(file);
  text.resize(size);
  return text;
}

std::optional<std::uint64_t> count_numbered_entries(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (!folder) return std::nullopt;
  const int own = is_procfs(::dirfd(folder.get())) ? ::dirfd(folder.get()) : -1;
  std::uint64_t count = 0;
  while (const dirent* entry = ::readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe): the folder is ours alone
    const auto number = parse_number<std::uint32_t>(entry->d_name);
    if (number && *number != static_cast<std::uint32_t>(own)) ++count;
  }
  return count;
}

double ticks_per_second() noexcept {
  const long ticks = ::sysconf(_SC_CLK_TCK);
  return ticks > 0 ? static_cast<double>(ticks) : 100;
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
