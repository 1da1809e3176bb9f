// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/change_kernel.hpp"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

#include "automation/file_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

constexpr std::uint32_t wanted = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE |
                                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;

class Inotify final : public ChangeKernel {
 public:
  explicit Inotify(int fd) noexcept : fd_(fd) {}
  ~Inotify() override { ::close(fd_); }
  Inotify(const Inotify&) = delete;
  Inotify& operator=(const Inotify&) = delete;

  int fd() const noexcept override { return fd_; }

  int add(const std::string& directory) override {
    const int watch = inotify_add_watch(fd_, directory.c_str(), wanted);
    return watch < 0 ? -errno : watch;
  }

  void remove(int watch) noexcept override { inotify_rm_watch(fd_, watch); }

  std::vector<KernelEvent> read() override {
    std::vector<KernelEvent> events;
    std::vector<char> buffer(std::size_t{64} * 1024);
    for (;;) {
      const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return events;  // EAGAIN: all are read
      append(events, buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  static void append(std::vector<KernelEvent>& events, const char* bytes, std::size_t size) {
    for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
      inotify_event event{};
      std::memcpy(&event, bytes + at, sizeof event);
      const char* const name = bytes + at + sizeof event;
      at += sizeof event + event.len;
      if (at > size) return;
      events.push_back({.watch = event.wd, .mask = event.mask, .name = std::string(name, strnlen(name, event.len))});
    }
  }

  int fd_;
};

/// "fs.inotify.max_user_watches = 8192", or without the number.
std::string limit(const std::string& name) {
  std::string text = read_file("/proc/sys/fs/inotify/" + name, 100).text;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return fmt::format("fs.inotify.{}{}", name, text.empty() ? "" : " = " + text);
}

}  // namespace

Result<std::unique_ptr<ChangeKernel>> ChangeKernel::inotify() {
  const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd >= 0) return std::unique_ptr<ChangeKernel>(std::make_unique<Inotify>(fd));
  const int error = errno;
  const std::string why = std::generic_category().message(error);
  if (error != EMFILE) return Error{"cannot watch directories: " + why};
  return Error{
      fmt::format("cannot watch directories: {}; the limit on inotify instances ({}) or on open files is "
                  "reached. Raise it: sysctl fs.inotify.max_user_instances=1024",
                  why, limit("max_user_instances"))};
}

std::string watch_error(const std::string& directory, int error) {
  if (error == ENOSPC) {
    return fmt::format(
        "cannot watch {}: the limit on watched directories ({}) is reached. Raise it: "
        "sysctl fs.inotify.max_user_watches=524288, or watch less: --exclude or a --path further down",
        directory, limit("max_user_watches"));
  }
  return fmt::format("cannot watch {}: {}", directory, std::generic_category().message(error));
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
