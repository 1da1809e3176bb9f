// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bellwether::bench {

/// A program that is started, looked at through /proc, and ended by its process id. Its output goes to a file.
class WatchedProcess {
 public:
  WatchedProcess(const std::vector<std::string>& arguments, const std::string& output);
  ~WatchedProcess();
  WatchedProcess(WatchedProcess&& other) noexcept : pid_(other.pid_) { other.pid_ = -1; }
  WatchedProcess& operator=(WatchedProcess&&) = delete;

  bool is_running() const;
  double cpu_seconds() const;
  /// By the nanosecond, of the threads that are still there.
  double fine_cpu_seconds() const;
  /// MiB; the program's own pages and those of files, as the kernel counts them.
  double resident() const;

  void end(int signal);

 private:
  pid_t pid_ = -1;
};

/// The body of an answer with status 200 from 127.0.0.1, or nothing. Blocks for up to two seconds.
std::optional<std::string> get(std::uint16_t port, const std::string& path);
std::uint16_t free_port();
/// Sum of all samples of a page whose line begins with `name`.
double value_of(const std::string& page, const std::string& name);

}  // namespace bellwether::bench
