// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/remote_queue.hpp"

#include <algorithm>

#include "scrape/remote/shard_count.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds poll_interval = std::chrono::milliseconds{20};
constexpr nanoseconds adapt_interval = std::chrono::seconds{10};
constexpr nanoseconds forget_interval = std::chrono::minutes{10};
constexpr nanoseconds metadata_again = std::chrono::seconds{5};
constexpr std::int64_t series_kept_ms = 3'600'000;

std::int64_t milliseconds_of(nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

}  // namespace

/// Sleeps until the time is over or the queue gives up.
class RemoteQueue::WakingSleeper final : public Sleeper {
 public:
  explicit WakingSleeper(std::stop_token stop) : stop_(std::move(stop)) {}

  bool sleep(nanoseconds duration) override {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, stop_, duration, [] { return false; }) && !stop_.stop_requested();
  }

 private:
  std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
};

RemoteQueue::RemoteQueue(storage::SeriesStore& store, QueueOptions options, QueueMetrics metrics,
                         std::unique_ptr<PositionFile> position)
    : store_(&store),
      options_(std::move(options)),
      metrics_(metrics),
      position_(std::move(position)),
      feed_(*position_, options_.feed_limit),
      lanes_(*position_, *options_.sender.clock),
      series_(store, options_.external_labels, options_.relabel),
      reader_(store, series_, *position_, feed_, lanes_, metrics_,
              {options_.capacity, options_.send_histograms, options_.exemplars, options_.sender.clock}),
      sender_(options_.sender, metrics_),
      active_shards_(std::max<std::size_t>(options_.min_shards, 1)) {
  store.add_observer(feed_);
  started_at_ms_ = reader_.cursor_ms();
  if (!options_.background) return;
  last_adapted_ = options_.sender.clock->monotonic();
  set_shards(active_shards_);
  reader_thread_ = std::thread([this] { run_reader(); });
}

Result<std::unique_ptr<RemoteQueue>> RemoteQueue::open(storage::SeriesStore& store, QueueOptions options,
                                                       QueueMetrics metrics) {
  options.max_shards = std::clamp<std::size_t>(options.max_shards, 1, lane_count);
  options.min_shards = std::clamp<std::size_t>(options.min_shards, 1, options.max_shards);
  options.max_samples_per_send = std::max<std::size_t>(options.max_samples_per_send, 1);
  options.metadata_per_send = std::max<std::size_t>(options.metadata_per_send, 1);
  const std::int64_t now = milliseconds_of(options.sender.clock->wall());
  Result<std::unique_ptr<PositionFile>> position = PositionFile::open(options.position_path, now);
  if (!position) return position.error();
  return std::unique_ptr<RemoteQueue>(new RemoteQueue(store, std::move(options), metrics, std::move(*position)));
}

RemoteQueue::~RemoteQueue() {
  stop(std::chrono::milliseconds{0});
}

void RemoteQueue::stop(std::chrono::milliseconds flush_for) {
  if (stopped_) return;
  stopped_ = true;
  store_->remove_observer(feed_);
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  const auto is_empty = [this] { return drained_ && lanes_.pending() == 0; };
  if (options_.background) wake_.wait_for(lock, flush_for, is_empty);
  drained_ = true;
  lock.unlock();
  give_up_.request_stop();
  wake_.notify_all();
  if (reader_thread_.joinable()) reader_thread_.join();
  for (std::thread& shard : shards_) shard.join();
  if (Result<void> closed = position_->close_cleanly(); !closed && options_.sender.log) {
    options_.sender.log(closed.error().message);
  }
}

bool RemoteQueue::send_one(Sleeper& sleeper, bool flush) {
  std::optional<LaneQueue::Batch> batch =
      lanes_.take(options_.max_samples_per_send, flush ? nanoseconds{0} : nanoseconds{options_.batch_send_deadline});
  if (!batch) return false;
  const nanoseconds begin = options_.sender.clock->monotonic();
  const bool done = sender_.send(batch->samples, sleeper, give_up_.get_token());
  busy_ns_.fetch_add((options_.sender.clock->monotonic() - begin).count(), std::memory_order_relaxed);
  if (!done) {
    lanes_.put_back(std::move(*batch));
    return false;
  }
  sent_.fetch_add(batch->samples.size(), std::memory_order_relaxed);
  lanes_.complete(*batch);
  return true;
}

void RemoteQueue::send_metadata_when_due() {
  if (!options_.metadata || sender_.version() != MessageVersion::v1) return;
  const nanoseconds now = options_.sender.clock->monotonic();
  if (now < next_metadata_) return;
  const bool sent = sender_.send_metadata(options_.metadata(), options_.metadata_per_send, give_up_.get_token());
  next_metadata_ = now + (sent ? nanoseconds{options_.metadata_interval} : metadata_again);
}

void RemoteQueue::run_shard(std::size_t number) {
  WakingSleeper sleeper(give_up_.get_token());
  while (!give_up_.stop_requested()) {
    bool flush = false;
    bool active = false;
    {
      const std::lock_guard lock(mutex_);
      flush = stopping_;
      active = number < active_shards_;
      if (drained_ && lanes_.waiting() == 0) break;
    }
    if (active && number == 0 && !flush) send_metadata_when_due();
    if (active && send_one(sleeper, flush)) {
      if (flush) wake_.notify_all();
      continue;
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, active ? poll_interval : adapt_interval);
  }
  const std::lock_guard lock(mutex_);
  wake_.notify_all();
}

void RemoteQueue::set_shards(std::size_t shards) {
  const std::lock_guard lock(mutex_);
  active_shards_ = shards;
  while (shards_.size() < shards) {
    shards_.emplace_back([this, number = shards_.size()] { run_shard(number); });
  }
  wake_.notify_all();
}

void RemoteQueue::adapt(nanoseconds now) {
  ShardInput input;
  input.shards = active_shards_;
  input.min_shards = options_.min_shards;
  input.max_shards = options_.max_shards;
  input.period = now - std::exchange(last_adapted_, now);
  input.busy = nanoseconds{busy_ns_.exchange(0, std::memory_order_relaxed)};
  input.sent = sent_.exchange(0, std::memory_order_relaxed);
  input.came_in = reader_.take_count();
  input.backlog = pending();
  const std::size_t shards = shard_count(input);
  if (shards != active_shards_) set_shards(shards);
  if (Result<void> synced = position_->sync(); !synced && options_.sender.log)
    options_.sender.log(synced.error().message);
}

void RemoteQueue::update_metrics() {
  metrics_.pending.set(static_cast<double>(pending()));
  metrics_.shards.set(static_cast<double>(active_shards_));
  const std::int64_t now = milliseconds_of(options_.sender.clock->wall());
  std::int64_t oldest = std::min(lanes_.oldest_ms(), position_->floor());
  if (reader_.is_catching_up()) {
    for (unsigned lane = 0; lane < lane_count; ++lane) oldest = std::min(oldest, position_->acknowledged(lane) + 1);
  }
  metrics_.lag_seconds.set(oldest >= now ? 0 : static_cast<double>(now - oldest) / 1e3);
}

void RemoteQueue::run_reader() {
  for (;;) {
    const bool worked = reader_.step();
    const nanoseconds now = options_.sender.clock->monotonic();
    if (now - last_adapted_ >= adapt_interval) adapt(now);
    if (now - last_forgotten_ >= forget_interval) {
      last_forgotten_ = now;
      series_.forget_before(milliseconds_of(options_.sender.clock->wall()) - series_kept_ms);
    }
    update_metrics();
    std::unique_lock lock(mutex_);
    if (give_up_.stop_requested()) break;
    if (worked) {
      wake_.notify_all();
      continue;
    }
    // Nothing left to read. (Without room it waits: what is not read until the end is read after the next start.)
    if (stopping_ && (drained_ || lanes_.waiting() < options_.capacity)) break;
    wake_.wait_for(lock, poll_interval);
  }
  const std::lock_guard lock(mutex_);
  drained_ = true;
  wake_.notify_all();
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
