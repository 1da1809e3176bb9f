// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/scrape_manager.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/http_client.hpp"
#include "scrape/http_fetcher.hpp"
#include "scrape/scrape_pool.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Locks, in the order in which they are taken: apply_mutex_, pools_mutex_, schedule_mutex_. Discovery calls with none of them,
/// targets end with at most the first.
class ScrapeManager::Impl {
 public:
  Impl(storage::SeriesStore& store, ScrapeOptions with);
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> apply(const config::PrometheusConfig& config);
  TargetStates targets() const;
  Result<void> push(TargetId id, std::string_view content_type, std::string_view body);
  void stop();
  std::optional<std::chrono::nanoseconds> run_due();

  MetadataStore metadata;
  ExemplarStore exemplars;

 private:
  using TargetPtr = std::shared_ptr<ScrapedTarget>;

  void run_schedule();
  std::optional<std::chrono::nanoseconds> begin_due();
  void wake_schedule();
  std::vector<std::pair<TargetPtr, Schedule::Due>> take_due();
  void build(ScrapePool& pool, std::vector<TargetPtr>& removed);
  void start_runner(const config::ScrapeConfig& job);
  void on_groups(const std::string& job, std::uint64_t runner, std::vector<DiscoveredGroup> groups);
  void on_problem(const std::string& job, std::uint64_t runner, const std::string& problem);
  ScrapePool* find(const std::string& job);
  void log(const std::string& text) const {
    if (options_.log) options_.log(text);
  }
  void count_targets();

  ScrapeOptions options_;
  ScrapeMetrics metrics_;
  std::unique_ptr<HttpFetcher> own_fetcher_;
  std::unique_ptr<net::HttpClient> own_transport_;
  std::shared_ptr<WorkQueue> queue_;
  ScrapeFloor floor_;

  std::mutex apply_mutex_;
  bool stopped_ = false;  // with it and pools_mutex_

  mutable std::mutex pools_mutex_;
  std::vector<ScrapePool> pools_;
  TargetId next_id_ = 1;
  std::uint64_t next_runner_ = 1;

  mutable std::mutex schedule_mutex_;
  std::condition_variable schedule_changed_;
  Schedule schedule_;
  std::unordered_map<TargetId, TargetPtr> by_id_;
  bool schedule_is_new_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

ScrapeManager::Impl::Impl(storage::SeriesStore& store, ScrapeOptions with)
    : options_(std::move(with)),
      metrics_(options_.registry == nullptr ? ScrapeMetrics() : ScrapeMetrics(*options_.registry)),
      queue_(std::make_shared<WorkQueue>(options_.ingestion_threads)),
      floor_{.options = &options_, .ingestion = {}, .fetcher = options_.fetcher, .queue = queue_},
      schedule_(*options_.clock) {
  floor_.ingestion = {.store = &store,
                      .clock = options_.clock,
                      .metadata = &metadata,
                      .exemplars = &exemplars,
                      .metrics = &metrics_,
                      .log = options_.log,
                      .extra_metrics = options_.extra_metrics};
  if (floor_.fetcher == nullptr) {
    HttpFetcher::Turn turn;
    if (options_.ingestion_threads > 0) turn = [this] { return begin_due(); };
    floor_.takes_in_at_once = options_.ingestion_threads > 0;
    own_fetcher_ = std::make_unique<HttpFetcher>(std::move(turn));
    floor_.fetcher = own_fetcher_.get();
  } else if (options_.ingestion_threads > 0) {
    thread_ = std::thread([this] { run_schedule(); });
  }
  if (options_.transport == nullptr) {
    own_transport_ = std::make_unique<net::HttpClient>();
    options_.transport = own_transport_.get();
  }
}

ScrapePool* ScrapeManager::Impl::find(const std::string& job) {
  const auto found =
      std::find_if(pools_.begin(), pools_.end(), [&](const ScrapePool& pool) { return pool.job->job_name == job; });
  return found == pools_.end() ? nullptr : &*found;
}

Result<void> ScrapeManager::Impl::apply(const config::PrometheusConfig& config) {
  const std::lock_guard applying(apply_mutex_);
  if (stopped_) return Error{"scraping has been stopped"};
  std::vector<ScrapePool> made;
  for (const config::ScrapeConfig& job : config.scrape_configs) {
    Result<ScrapePool> pool = ScrapePool::make(job);
    if (!pool) {
      metrics_.reloads_failed.inc();
      return pool.error();
    }
    made.push_back(std::move(*pool));
  }
  // From here on nothing fails.
  exemplars.resize(config.storage.max_exemplars);
  std::vector<TargetPtr> removed;
  std::vector<const config::ScrapeConfig*> without_runner;
  std::vector<std::unique_ptr<DiscoveryRunner>> ended_runners;
  {
    const std::lock_guard lock(pools_mutex_);
    for (ScrapePool& pool : made) {
      if (ScrapePool* const before = find(pool.job->job_name)) pool.take_over(*before);
      build(pool, removed);
      if (pool.needs_runner() && pool.runner == nullptr) without_runner.push_back(pool.job.get());
    }
    for (ScrapePool& before : pools_) {
      for (auto& [key, target] : before.targets) removed.push_back(target);
      if (before.runner != nullptr) ended_runners.push_back(std::move(before.runner));
    }
    {
      const std::lock_guard schedule(schedule_mutex_);
      for (const TargetPtr& target : removed) {
        schedule_.remove(target->id());
        by_id_.erase(target->id());
      }
    }
    pools_ = std::move(made);
    count_targets();
  }
  wake_schedule();
  ended_runners.clear();
  for (const TargetPtr& target : removed) target->end();
  for (const config::ScrapeConfig* const job : without_runner) start_runner(*job);
  metrics_.reloads_done.inc();
  return {};
}

void ScrapeManager::Impl::count_targets() {
  std::size_t count = 0;
  for (const ScrapePool& pool : pools_) count += pool.targets.size();
  metrics_.targets.set(static_cast<double>(count));
  metrics_.jobs.set(static_cast<double>(pools_.size()));
}

void ScrapeManager::Impl::build(ScrapePool& pool, std::vector<TargetPtr>& removed) {
  const std::vector<std::string> problems_before = std::move(pool.problems);
  ScrapePool::Change change =
      pool.build([this](Target target, std::shared_ptr<const IngestionSettings> settings, std::string refusal) {
        return std::make_shared<ScrapedTarget>(floor_, next_id_++, std::move(target), std::move(settings),
                                               std::move(refusal));
      });
  if (pool.problems != problems_before) {
    for (const std::string& problem : pool.problems) log("job " + pool.job->job_name + ": " + problem);
  }
  const std::lock_guard lock(schedule_mutex_);
  for (const TargetPtr& target : change.added) by_id_.emplace(target->id(), target);
  change.moved.insert(change.moved.end(), change.added.begin(), change.added.end());
  for (const TargetPtr& target : change.moved) {
    schedule_.add(target->id(), target->hash() ^ options_.seed, target->interval());
  }
  for (TargetPtr& target : change.removed) {
    schedule_.remove(target->id());
    by_id_.erase(target->id());
    removed.push_back(std::move(target));
  }
}

void ScrapeManager::Impl::start_runner(const config::ScrapeConfig& job) {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(pools_mutex_);
    ScrapePool* const pool = find(job.job_name);
    if (pool == nullptr) return;
    number = pool->runner_number = next_runner_++;
  }
  const std::string name = job.job_name;
  auto runner = std::make_unique<DiscoveryRunner>(
      std::vector<config::DiscoveryConfig>{job.discovery}, *options_.transport, *options_.clock,
      DiscoveryRunner::Callbacks{
          .on_groups = [this, name, number](
                           std::size_t,
                           std::vector<DiscoveredGroup> groups) { on_groups(name, number, std::move(groups)); },
          .on_problem = [this, name, number](std::size_t,
                                             const std::string& problem) { on_problem(name, number, problem); }});
  const std::lock_guard lock(pools_mutex_);
  if (ScrapePool* const pool = find(name)) pool->runner = std::move(runner);
}

void ScrapeManager::Impl::on_groups(const std::string& job, std::uint64_t runner, std::vector<DiscoveredGroup> groups) {
  std::vector<TargetPtr> removed;
  {
    const std::lock_guard lock(pools_mutex_);
    ScrapePool* const pool = find(job);
    if (stopped_ || pool == nullptr || pool->runner_number != runner) return;
    if (pool->runner == nullptr) {
      // The runner's first word, before its URLs have answered: what they said to the one before holds until then.
      std::set<std::string> sources;
      for (const DiscoveredGroup& group : groups) sources.insert(group.source);
      for (const config::HttpDiscoveryConfig& http : pool->job->discovery.http_sd_configs) {
        for (const DiscoveredGroup& before : pool->groups) {
          if (before.source.starts_with(http.url + ":") && sources.count(before.source) == 0) groups.push_back(before);
        }
      }
    }
    pool->groups = std::move(groups);
    build(*pool, removed);
    count_targets();
  }
  wake_schedule();
  for (const TargetPtr& target : removed) target->end();
}

void ScrapeManager::Impl::on_problem(const std::string& job, std::uint64_t runner, const std::string& problem) {
  {
    const std::lock_guard lock(pools_mutex_);
    ScrapePool* const pool = find(job);
    if (pool == nullptr || pool->runner_number != runner) return;
    pool->discovery_problem = problem;
  }
  log("job " + job + ": discovery " + (problem.empty() ? "is well again" : "failed: " + problem));
}

TargetStates ScrapeManager::Impl::targets() const {
  TargetStates out;
  const std::lock_guard lock(pools_mutex_);
  for (const ScrapePool& pool : pools_) {
    const std::string& name = pool.job->job_name;
    for (const std::string& key : pool.order) out.active.push_back(pool.targets.at(key)->state());
    for (const DroppedTarget& target : pool.dropped) out.dropped.push_back({name, target.discovered});
    out.dropped_counts.emplace_back(name, pool.dropped_count);
    if (!pool.discovery_problem.empty()) out.problems.push_back("job " + name + ": " + pool.discovery_problem);
    const std::string job = "job " + name + ": ";
    for (const std::string& problem : pool.problems) out.problems.push_back(job + problem);
  }
  return out;
}

Result<void> ScrapeManager::Impl::push(TargetId id, std::string_view content_type, std::string_view body) {
  TargetPtr target;
  {
    const std::lock_guard lock(schedule_mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return Error{"no target " + std::to_string(id) + " is scraped"};
    target = found->second;
  }
  return target->push(content_type, body);
}

std::vector<std::pair<std::shared_ptr<ScrapedTarget>, Schedule::Due>> ScrapeManager::Impl::take_due() {
  std::vector<std::pair<TargetPtr, Schedule::Due>> out;
  while (const std::optional<Schedule::Due> due = schedule_.take_due()) {
    const auto found = by_id_.find(due->id);
    if (found != by_id_.end()) out.emplace_back(found->second, *due);
  }
  return out;
}

/// Begins what is due. Returns after how long there will be more.
std::optional<std::chrono::nanoseconds> ScrapeManager::Impl::begin_due() {
  std::unique_lock lock(schedule_mutex_);
  while (!stopping_) {
    const auto due = take_due();
    if (due.empty()) {
      const std::optional<std::chrono::nanoseconds> next = schedule_.next();
      return next ? std::optional(std::max(*next - options_.clock->monotonic(), std::chrono::nanoseconds{0})) : next;
    }
    lock.unlock();
    for (const auto& [target, when] : due) target->begin(when);
    lock.lock();
  }
  return std::nullopt;
}

/// Beside a fetcher that is not ours, the schedule has a thread.
void ScrapeManager::Impl::run_schedule() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  for (;;) {
    const std::optional<std::chrono::nanoseconds> next = begin_due();
    std::unique_lock lock(schedule_mutex_);
    const auto changed = [&] { return stopping_ || std::exchange(schedule_is_new_, false); };
    if (next) {
      schedule_changed_.wait_for(lock, *next, changed);
    } else {
      schedule_changed_.wait(lock, changed);
    }
    if (stopping_) return;
  }
}

void ScrapeManager::Impl::wake_schedule() {
  if (own_fetcher_ != nullptr) own_fetcher_->wake();
  {
    const std::lock_guard lock(schedule_mutex_);
    schedule_is_new_ = true;
  }
  schedule_changed_.notify_one();
}

std::optional<std::chrono::nanoseconds> ScrapeManager::Impl::run_due() {
  (void)queue_->run_all();  // answers first: who was busy may be due again
  std::vector<std::pair<TargetPtr, Schedule::Due>> due;
  {
    const std::lock_guard lock(schedule_mutex_);
    due = take_due();
  }
  for (const auto& [target, when] : due) target->begin(when);
  (void)queue_->run_all();
  const std::lock_guard lock(schedule_mutex_);
  return schedule_.next();
}

void ScrapeManager::Impl::stop() {
  const std::lock_guard applying(apply_mutex_);
  std::vector<ScrapePool> ended;
  {
    const std::lock_guard lock(pools_mutex_);
    if (stopped_) return;
    stopped_ = true;
    ended = std::move(pools_);
    pools_.clear();
  }
  {
    const std::lock_guard lock(schedule_mutex_);
    stopping_ = true;
  }
  schedule_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (ScrapePool& pool : ended) pool.runner.reset();
  queue_->stop();        // what is under way is no failed scrape: its answer is dropped
  own_fetcher_.reset();  // no answer comes any more
  for (ScrapePool& pool : ended) {
    for (auto& [key, target] : pool.targets) target->end();
  }
  const std::lock_guard lock(schedule_mutex_);
  by_id_.clear();
}

ScrapeManager::ScrapeManager(storage::SeriesStore& store, ScrapeOptions options)
    : impl_(std::make_unique<Impl>(store, std::move(options))) {}
ScrapeManager::~ScrapeManager() = default;

Result<void> ScrapeManager::apply(const config::PrometheusConfig& config) {
  return impl_->apply(config);
}
TargetStates ScrapeManager::targets() const {
  return impl_->targets();
}
Result<void> ScrapeManager::ingest_pushed(TargetId target, std::string_view content_type, std::string_view body) {
  return impl_->push(target, content_type, body);
}
MetadataStore& ScrapeManager::metadata() noexcept {
  return impl_->metadata;
}
ExemplarStore& ScrapeManager::exemplars() noexcept {
  return impl_->exemplars;
}
void ScrapeManager::stop() {
  impl_->stop();
}
std::optional<std::chrono::nanoseconds> ScrapeManager::run_due() {
  return impl_->run_due();
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
