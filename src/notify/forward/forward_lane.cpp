// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/forward_lane.hpp"

#include <algorithm>
#include <utility>

#include "notify/forward/alert_body.hpp"
#include "notify/forward/alert_labels.hpp"
#include "scrape/client_request.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

ForwardLane::ForwardLane(std::string url, LaneSettings settings, const ForwarderOptions& options, LaneMetrics metrics)
    : url_(std::move(url)),
      options_(options),
      metrics_(std::move(metrics)),
      settings_(std::move(settings)),
      queue_(options.capacity) {
  metrics_.queue_capacity->set(static_cast<double>(options.capacity));
  metrics_.queue_length->set(0);
  thread_ = std::thread([this] { run(); });
}

ForwardLane::~ForwardLane() {
  stop_.request_stop();
  join();
}

void ForwardLane::join() {
  if (!thread_.joinable()) return;
  {
    std::unique_lock lock(mutex_);
    if (finishing_) wake_.wait_until(lock, stop_.get_token(), deadline_, [this] { return done_; });
  }
  stop_.request_stop();
  thread_.join();
}

void ForwardLane::set(LaneSettings settings) {
  const std::lock_guard lock(mutex_);
  settings_ = std::move(settings);
}

std::size_t ForwardLane::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size() + under_way_;
}

void ForwardLane::finish(steady_clock::time_point deadline) {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    deadline_ = deadline;
    if (queue_.empty() && under_way_ == 0) stop_.request_stop();
  }
  wake_.notify_all();
  if (deadline <= steady_clock::now()) stop_.request_stop();
}

void ForwardLane::push(const std::vector<QueuedAlert>& alerts) {
  std::size_t dropped = 0;
  {
    const std::lock_guard lock(mutex_);
    if (finishing_) return;
    for (QueuedAlert alert : alerts) {
      if (!relabel(*settings_.alert_relabel, alert.alert.labels)) continue;
      dropped += queue_.push(std::move(alert));
    }
    metrics_.queue_length->set(static_cast<double>(queue_.size()));
  }
  wake_.notify_all();
  count_dropped(dropped);
}

void ForwardLane::count_dropped(std::size_t alerts) {
  if (alerts == 0) return;
  metrics_.dropped->inc(alerts);
  if (options_.log) {
    options_.log(std::to_string(alerts) + " alerts were not given to " + url_ + ": more than " +
                 std::to_string(options_.capacity) + " wait for it");
  }
}

void ForwardLane::report(const std::string& error) {
  if (error == reported_) return;  // once, not at every attempt
  reported_ = error;
  if (!options_.log) return;
  options_.log(error.empty() ? "alerts are taken by " + url_ + " again"
                             : "alerts cannot be sent to " + url_ + ": " + error);
}

ForwardLane::Attempt ForwardLane::send(const std::vector<QueuedAlert>& batch) {
  LaneSettings settings;
  {
    const std::lock_guard lock(mutex_);
    settings = settings_;
  }
  Attempt attempt;
  auto request = scrape::make_request(settings.http, url_);
  if (!request) return {Attempt::Outcome::again, milliseconds{0}, request.error().message};
  std::vector<rules::Alert> alerts;
  alerts.reserve(batch.size());
  for (const QueuedAlert& one : batch) alerts.push_back(one.alert);
  request->method = "POST";
  request->headers.emplace_back("Content-Type", "application/json");
  request->body = alert_body(alerts);
  request->timeout = settings.timeout;
  request->max_redirects = 0;
  request->max_response_bytes = 64UL * 1024;
  request->stop = stop_.get_token();
  const net::HttpResult result = options_.transport->send(*request);
  metrics_.sent->inc(batch.size());
  if (!result) {
    const bool hopeless = result.kind() == net::HttpErrorKind::bad_request;
    return {hopeless ? Attempt::Outcome::refused : Attempt::Outcome::again, milliseconds{0}, result.error().message};
  }
  metrics_.latency->observe(result->total_time);
  if (result->is_success()) return attempt;
  constexpr int too_many = 429;
  constexpr int request_timeout = 408;
  constexpr std::size_t shown = 200;
  attempt.error = "status " + std::to_string(result->status) + ": " + result->body.substr(0, shown);
  const bool again = result->status >= 500 || result->status == too_many || result->status == request_timeout;
  attempt.outcome = again ? Attempt::Outcome::again : Attempt::Outcome::refused;
  if (const auto asked = result->retry_after(options_.clock->wall()); again && asked) attempt.pause = *asked;
  return attempt;
}

milliseconds ForwardLane::next_pause(const Attempt& attempt) {
  constexpr std::uint32_t most_doublings = 20;
  const std::int64_t factor = std::int64_t{1} << std::min(failures_, most_doublings);
  ++failures_;
  const auto longest = std::min<std::int64_t>(options_.longest_pause.count(), options_.first_pause.count() * factor);
  const auto random = static_cast<std::int64_t>(options_.random->uniform() * static_cast<double>(longest));
  return attempt.pause + milliseconds{random};
}

void ForwardLane::failed(std::vector<QueuedAlert> batch, const Attempt& attempt) {
  metrics_.errors->inc(batch.size());
  report(attempt.error);
  std::size_t dropped = 0;
  std::unique_lock lock(mutex_);
  if (attempt.outcome == Attempt::Outcome::refused) {
    metrics_.dropped->inc(batch.size());
    batch.clear();
  } else if (options_.need == ForwardNeed::any) {
    const auto told = [](const QueuedAlert& one) { return one.taken->load(); };
    metrics_.dropped->inc(std::erase_if(batch, told));
  }
  dropped = queue_.put_back(std::move(batch));
  under_way_ = 0;
  metrics_.queue_length->set(static_cast<double>(queue_.size()));
  lock.unlock();
  count_dropped(dropped);
  if (attempt.outcome == Attempt::Outcome::refused) return;
  lock.lock();
  const auto until = steady_clock::now() + next_pause(attempt);
  // New alerts do not end a pause; the end of us does.
  wake_.wait_until(lock, stop_.get_token(), until, [this] { return finishing_; });
  if (finishing_) wake_.wait_until(lock, stop_.get_token(), std::min(until, deadline_), [] { return false; });
}

void ForwardLane::run() {
  send_all();
  const std::lock_guard lock(mutex_);
  done_ = true;
  wake_.notify_all();
}

void ForwardLane::send_all() {
  while (!stop_.stop_requested()) {
    std::vector<QueuedAlert> batch;
    {
      std::unique_lock lock(mutex_);
      if (finishing_ && (queue_.empty() || steady_clock::now() >= deadline_)) return;
      wake_.wait(lock, stop_.get_token(), [this] { return !queue_.empty() || finishing_; });
      if (stop_.stop_requested()) return;
      batch = queue_.take(options_.batch);
      under_way_ = batch.size();
      metrics_.queue_length->set(static_cast<double>(queue_.size()));
    }
    if (batch.empty()) continue;
    const Attempt attempt = send(batch);
    if (attempt.outcome != Attempt::Outcome::taken) {
      if (!stop_.stop_requested()) failed(std::move(batch), attempt);
      continue;
    }
    for (const QueuedAlert& one : batch) one.taken->store(true);
    failures_ = 0;
    report({});
    const std::lock_guard lock(mutex_);
    under_way_ = 0;
  }
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
