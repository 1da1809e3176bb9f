// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/file_system.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace {

Error failed(const char* step, const std::string& path) {
  return {std::string("cannot ") + step + " " + path + ": " + std::generic_category().message(errno)};
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

Result<void> write_and_sync(const std::string& path, int flags, std::string_view content) {
  const Descriptor file(path, O_WRONLY | O_CREAT | flags);
  if (!file.is_open()) return failed("open", path);
  while (!content.empty()) {
    const ssize_t written = ::write(file.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.number()) != 0) return failed("sync", path);
  return {};
}

class SystemFiles final : public FileSystem {
 public:
  Result<std::optional<std::string>> read(const std::string& path) override {
    const Descriptor file(path, O_RDONLY);
    if (!file.is_open()) {
      if (errno == ENOENT) return std::optional<std::string>();
      return failed("open", path);
    }
    std::string content;
    char part[4096];
    for (;;) {
      const ssize_t count = ::read(file.number(), part, sizeof part);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed("read", path);
      if (count == 0) return std::optional<std::string>(std::move(content));
      content.append(part, static_cast<std::size_t>(count));
    }
  }

  Result<void> write(const std::string& path, std::string_view content) override {
    return write_and_sync(path, O_TRUNC, content);
  }
  Result<void> append(const std::string& path, std::string_view content) override {
    return write_and_sync(path, O_APPEND, content);
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) return failed("rename to", to);
    return {};
  }

  Result<void> sync_directory_of(const std::string& path) override {
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor opened(directory, O_RDONLY | O_DIRECTORY);
    if (!opened.is_open()) return failed("open", directory);
    if (::fsync(opened.number()) != 0) return failed("sync", directory);
    return {};
  }
};

}  // namespace

FileSystem& FileSystem::system() noexcept {
  static SystemFiles files;
  return files;
}

BELLWETHER_NAMESPACE_END
