// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/discovery_runner.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "scrape/discovery_file.hpp"
#include "scrape/discovery_http.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

class DiscoveryRunner::State {
 public:
  State(const std::vector<config::DiscoveryConfig>& jobs, net::HttpTransport& transport, const Clock& clock,
        Callbacks callbacks)
      : clock_(clock), callbacks_(std::move(callbacks)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    for (std::size_t job = 0; job < jobs.size(); ++job) {
      parts_.push_back({static_groups(jobs[job].static_configs)});
      for (const config::FileDiscoveryConfig& file : jobs[job].file_sd_configs) {
        add(files_, job, std::make_unique<FileDiscovery>(file, clock));
      }
      for (const config::HttpDiscoveryConfig& http : jobs[job].http_sd_configs) {
        add(https_, job, std::make_unique<HttpDiscovery>(http, transport, clock, stop_.get_token()));
      }
    }
  }

  void start() {
    for (Source& file : files_) look(file, Report::problem);
    for (std::size_t job = 0; job < parts_.size(); ++job) report_groups(job);
    if (!files_.empty()) threads_.emplace_back([this] { watch_files(); });
    for (Source& http : https_) threads_.emplace_back([this, &http] { ask_again_and_again(http); });
  }

  ~State() {
    stop_.request_stop();
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    stopped_.notify_all();
    (void)::eventfd_write(wake_, 1);
    for (std::thread& thread : threads_) thread.join();
    if (wake_ >= 0) ::close(wake_);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

 private:
  enum class Report : std::uint8_t { problem, all };

  struct Source {
    std::size_t job;
    std::size_t part;  // of the job's parts: its groups
    std::unique_ptr<Discovery> discovery;
    std::string problem;  // as reported last
  };

  void add(std::vector<Source>& to, std::size_t job, std::unique_ptr<Discovery> discovery) {
    to.push_back({job, parts_[job].size(), std::move(discovery), {}});
    parts_[job].emplace_back();
  }

  void look(Source& source, Report report) {
    const bool changed = source.discovery->poll();
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    if (changed) {
      parts_[source.job][source.part] = source.discovery->groups();
      if (report == Report::all) report_groups_locked(source.job);
    }
    if (source.problem != source.discovery->problem()) {
      source.problem = source.discovery->problem();
      if (callbacks_.on_problem) callbacks_.on_problem(source.job, source.problem);
    }
  }

  void report_groups(std::size_t job) {
    const std::lock_guard lock(mutex_);
    report_groups_locked(job);
  }

  void report_groups_locked(std::size_t job) {
    std::vector<DiscoveredGroup> all;
    for (const auto& part : parts_[job]) all.insert(all.end(), part.begin(), part.end());
    if (callbacks_.on_groups) callbacks_.on_groups(job, std::move(all));
  }

  void watch_files() {
    std::vector<pollfd> fds{{.fd = wake_, .events = POLLIN, .revents = 0}};
    for (const Source& file : files_) fds.push_back({.fd = file.discovery->fd(), .events = POLLIN, .revents = 0});
    while (!stop_.stop_requested()) {
      std::chrono::nanoseconds next = files_[0].discovery->next_poll();
      for (const Source& file : files_) next = std::min(next, file.discovery->next_poll());
      const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - clock_.monotonic()).count();
      (void)::poll(fds.data(), fds.size(), static_cast<int>(std::clamp<std::int64_t>(wait, 0, longest_wait_ms)));
      for (std::size_t i = 0; i < files_.size() && !stop_.stop_requested(); ++i) {
        const bool told = (fds[i + 1].revents & POLLIN) != 0;
        if (told || files_[i].discovery->next_poll() <= clock_.monotonic()) look(files_[i], Report::all);
      }
    }
  }

  void ask_again_and_again(Source& source) {
    while (!stop_.stop_requested()) {
      look(source, Report::all);
      std::unique_lock lock(mutex_);
      while (!stopping_ && clock_.monotonic() < source.discovery->next_poll()) {
        stopped_.wait_for(lock, std::min<std::chrono::nanoseconds>(source.discovery->next_poll() - clock_.monotonic(),
                                                                   std::chrono::milliseconds{longest_wait_ms}));
      }
    }
  }

  static constexpr std::int64_t longest_wait_ms = 60'000;

  const Clock& clock_;
  Callbacks callbacks_;
  int wake_;
  std::stop_source stop_;
  std::mutex mutex_;  // of what follows, and held while a callback runs
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::vector<std::vector<std::vector<DiscoveredGroup>>> parts_;  // of each job: static groups, then of each source
  std::vector<Source> files_;
  std::vector<Source> https_;
  std::vector<std::thread> threads_;
};

DiscoveryRunner::DiscoveryRunner(const std::vector<config::DiscoveryConfig>& jobs, net::HttpTransport& transport,
                                 const Clock& clock, Callbacks callbacks)
    : state_(std::make_unique<State>(jobs, transport, clock, std::move(callbacks))) {
  state_->start();
}

DiscoveryRunner::~DiscoveryRunner() = default;

}  // namespace scrape
BELLWETHER_NAMESPACE_END
