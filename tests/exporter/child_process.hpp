// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace bellwether::test {

/// A folder for the files of a test, which goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path folder_;
};

/// A program that runs as a child, and is killed with its owner.
class ChildProcess {
 public:
  /// Both of its outputs go to the file.
  ChildProcess(std::vector<std::string> arguments, const std::string& output_file,
               const std::string& input_file = "/dev/null");
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  bool is_running();
  /// Waits for its end; what it returned, or -1 when a signal ended it.
  int wait();

 private:
  pid_t pid_ = -1;
};

std::string file_text(const std::string& path);

/// Runs a program to its end; its outputs. `status` is what it returned.
std::string output_of(std::vector<std::string> arguments, const std::string& input, int& status);

/// A TCP port of the loopback that is free at the moment.
std::uint16_t free_port();

}  // namespace bellwether::test
