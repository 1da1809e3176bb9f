// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/directory_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return Error{"cannot make the data directory " + directory + ": " + code.message()};
  const std::string path = directory + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return Error{"cannot open " + path + ": " + std::strerror(errno)};  // NOLINT(concurrency-mt-unsafe)
  DirectoryLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    char owner[32] = {};
    const ssize_t read = ::read(file, owner, sizeof(owner) - 1);
    return Error{"the data directory " + directory + " is in use by process " +
                 (read > 0 ? std::string(owner, static_cast<std::size_t>(read)) : std::string("unknown")) +
                 "; stop it, or give this one a directory of its own"};
  }
  const std::string id = std::to_string(::getpid());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, id.data(), id.size(), 0) < 0) {
    // A full disk: the lock holds all the same, only its owner's number is missing.
  }
  return lock;
}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
