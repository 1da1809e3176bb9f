// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <bellwether/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// How a process ended.
struct ProcessEnd {
  int exit_code = -1;                   ///< -1: a signal ended it
  int signal = 0;                       ///< 0: it ended by itself
  std::uint64_t peak_memory_bytes = 0;  ///< resident, of the largest among the process and those it waited for
};

/// A program that runs in a process group of its own, so that what it starts can be ended with it.
///
///     auto process = Process::start({.arguments = {"ctest", "--output-junit", "r.xml"}});
///     if (!process) return fail(process.error().message);      // cannot run 'ctest': No such file or directory
///     poll(process->fd()) ... if (auto end = process->end()) ...
///
/// It reads nothing (/dev/null) and writes where we write; of our open files it gets none but these, of our signals none is
/// blocked. Destroyed while it runs, it is killed with its group.
///
/// Threads: one. Never blocks, but for the moment the kernel takes to end a killed process.
class Process {
 public:
  struct Options {
    std::vector<std::string> arguments;                                 ///< the first one is looked for in PATH
    std::vector<std::pair<std::string, std::string>> environment = {};  ///< added to ours
  };

  static Result<Process> start(const Options& options);

  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) = delete;

  /// Readable when it has ended; -1 where the kernel has no such thing: then ask `end` now and then.
  int fd() const noexcept { return fd_; }
  pid_t pid() const noexcept { return pid_; }

  /// Sends a signal to the whole group. Nothing happens once `end` has given the end.
  void signal_group(int signal) const noexcept;

  /// How it ended; nothing while it runs.
  std::optional<ProcessEnd> end();

 private:
  Process(pid_t pid, int fd) noexcept : pid_(pid), fd_(fd) {}

  pid_t pid_;
  int fd_;
  bool ended_ = false;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
