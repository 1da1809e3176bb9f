// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

/// Our environment with these added; one that is there already is replaced.
std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> result;
  for (const char* const* entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    bool replaced = false;
    for (const auto& [name, value] : added) {
      replaced = replaced || (text.starts_with(name) && text.size() > name.size() && text[name.size()] == '=');
    }
    if (!replaced) result.emplace_back(text);
  }
  for (const auto& [name, value] : added) result.push_back(fmt::format("{}={}", name, value));
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// What posix_spawn does between fork and exec.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGHUP, SIGQUIT}) sigaddset(&signals, signal);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  const posix_spawn_file_actions_t* files() const noexcept { return &files_; }
  const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

Result<Process> Process::start(const Options& options) {
  if (options.arguments.empty() || options.arguments.front().empty()) return Error{"no command to run"};
  std::vector<std::string> arguments = options.arguments;
  std::vector<std::string> environment = environment_with(options.environment);
  const SpawnSettings settings;
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, arguments.front().c_str(), settings.files(), settings.attributes(),
                                 pointers(arguments).data(), pointers(environment).data());
  if (error != 0) {
    return Error{fmt::format("cannot run '{}': {}", arguments.front(), std::generic_category().message(error))};
  }
  return Process{pid, static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      fd_(std::exchange(other.fd_, -1)),
      ended_(std::exchange(other.ended_, true)) {}

Process::~Process() {
  if (pid_ > 0 && !ended_) {
    signal_group(SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (fd_ >= 0) ::close(fd_);
}

void Process::signal_group(int signal) const noexcept {
  if (pid_ > 0 && !ended_) kill(-pid_, signal);
}

std::optional<ProcessEnd> Process::end() {
  if (pid_ <= 0 || ended_) return std::nullopt;
  int status = 0;
  rusage usage{};
  if (wait4(pid_, &status, WNOHANG, &usage) != pid_) return std::nullopt;
  ended_ = true;
  ProcessEnd end;
  if (WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  end.peak_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // Linux gives kilobytes
  return end;
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
