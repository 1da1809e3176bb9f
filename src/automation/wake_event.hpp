// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <bellwether/result.hpp>
#include <cerrno>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Wakes a thread that waits in poll(2).
///
///     WakeEvent event;
///     std::stop_callback on_stop{stop, [&] { event.wake(); }};
///     pollfd files[] = {{event.fd(), POLLIN, 0}, ...};
///
/// Threads: `wake` from any. The constructor throws `Exception` when no file is left to open.
class WakeEvent {
 public:
  WakeEvent() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw Exception(Error{"cannot make an event: " + std::generic_category().message(errno)});
  }
  ~WakeEvent() { ::close(fd_); }
  WakeEvent(const WakeEvent&) = delete;
  WakeEvent& operator=(const WakeEvent&) = delete;

  int fd() const noexcept { return fd_; }
  void wake() const noexcept { eventfd_write(fd_, 1); }
  void clear() const noexcept {
    eventfd_t ignored = 0;
    eventfd_read(fd_, &ignored);
  }

 private:
  int fd_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
