// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/disk_writer.hpp"

#include <algorithm>
#include <chrono>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

DiskWriter::DiskWriter(Head& head, StoreFiles& files, const StoreOptions& options, const StoreMetrics& metrics)
    : head_(&head), files_(&files), options_(&options), metrics_(&metrics), last_seal_(options.clock->monotonic()) {}

DiskWriter::~DiskWriter() {
  stop();
}

std::int64_t DiskWriter::now_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(options_->clock->wall()).count();
}

void DiskWriter::start() {
  thread_ = std::thread([this] { run(); });
}

void DiskWriter::stop() {
  {
    const std::lock_guard lock(stop_mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  stop_condition_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (Result<void> sealed = seal(); !sealed) files_->log("at the end: " + sealed.error().message);
}

void DiskWriter::run() {
  std::unique_lock lock(stop_mutex_);
  while (!stopping_) {
    stop_condition_.wait_for(lock, options_->flush_interval);
    if (stopping_) break;
    lock.unlock();
    (void)flush();  // what went wrong stands in the state, the metrics and the log
    maintain();
    lock.lock();
  }
}

void DiskWriter::queue(PendingCommit commit) {
  waiting_.fetch_add(commit.bytes(), std::memory_order_relaxed);
  const std::lock_guard lock(queue_mutex_);
  queue_.push_back(std::move(commit));
}

std::string DiskWriter::state_message() const {
  const std::lock_guard lock(message_mutex_);
  return message_;
}

Result<DayLog*> DiskWriter::log_of(std::int64_t day) {
  std::unique_ptr<DayLog>& slot = logs_[day];
  if (slot != nullptr) return slot.get();
  const std::shared_ptr<DayFile> file = files_->find_or_make(day);
  if (Result<void> loaded = load(file); !loaded) {
    if (logs_[day] == nullptr) logs_.erase(day);
    return loaded.error();
  }
  return logs_[day].get();
}

Result<void> DiskWriter::stage(PendingCommit& commit) {
  std::int64_t day = INT64_MIN;
  DayLog* log = nullptr;
  const auto log_for = [&](std::int64_t time) -> Result<void> {
    if (log != nullptr && day_of(time) == day) return {};
    Result<DayLog*> found = log_of(day_of(time));
    if (!found) return found.error();
    log = *found;
    day = day_of(time);
    return {};
  };
  // All days first, so that a commit is staged whole or not at all.
  for (const LoggedFloat& row : commit.floats) {
    if (Result<void> opened = log_for(row.time); !opened) return opened;
  }
  for (const LoggedHistogram& row : commit.histograms) {
    if (Result<void> opened = log_for(row.time); !opened) return opened;
  }
  for (LoggedFloat row : commit.floats) {
    (void)log_for(row.time);
    row.series = log->local_of(row.series, head_->index);
    if (row.series != DaySeries::none) log->stage(row);
  }
  for (LoggedHistogram& row : commit.histograms) {
    (void)log_for(row.time);
    row.series = log->local_of(row.series, head_->index);
    if (row.series != DaySeries::none) log->stage(std::move(row));
  }
  unsealed_samples_ += commit.floats.size() + commit.histograms.size();
  return {};
}

Result<void> DiskWriter::failed(DayLog* log, const Error& error, FileFault fault) {
  metrics_->write_errors.inc();
  if (log != nullptr && fault == FileFault::corrupt) {
    drop_log(log->file().day(), error.message);
    return error;
  }
  const DiskState next = fault == FileFault::full ? DiskState::full : DiskState::failing;
  const DiskState before = state_.exchange(next, std::memory_order_relaxed);
  {
    const std::lock_guard lock(message_mutex_);
    message_ = error.message;
  }
  metrics_->disk_writable.set(0);
  if (before != next) {
    files_->log(error.message + "; samples stay in memory and can be queried, writing is tried again");
  }
  return error;
}

void DiskWriter::recovered() {
  if (state_.exchange(DiskState::writable, std::memory_order_relaxed) == DiskState::writable) return;
  {
    const std::lock_guard lock(message_mutex_);
    message_.clear();
  }
  metrics_->disk_writable.set(1);
  files_->log("samples reach the disk again");
}

/// The file is damaged: it is closed and set aside. What was in its log only is in memory too, and is sealed into a new file.
void DiskWriter::drop_log(std::int64_t day, const std::string& reason) {
  const auto found = logs_.find(day);
  if (found == logs_.end() || found->second == nullptr) return;
  const std::shared_ptr<DayFile> file = files_->find_or_make(day);
  logs_.erase(found);
  file->set_open_series(nullptr);
  files_->set_aside(*file, reason);
  reseal_ = true;
}

Result<void> DiskWriter::write_taken() {
  std::size_t staged_bytes = 0;
  Result<void> result;
  while (result && !taken_.empty()) {
    const std::size_t bytes = taken_.front().bytes();
    result = stage(taken_.front());
    if (!result) break;
    staged_bytes += bytes;
    taken_.pop_front();
  }
  waiting_.fetch_sub(staged_bytes, std::memory_order_relaxed);
  if (!result) (void)failed(nullptr, result.error(), FileFault::other);
  std::vector<std::int64_t> days;
  for (const auto& [day, log] : logs_) days.push_back(day);
  for (const std::int64_t day : days) {
    DayLog& log = *logs_[day];
    const std::size_t before = log.waiting_bytes();
    log.encode_staged();
    waiting_.fetch_add(log.waiting_bytes() - before, std::memory_order_relaxed);
    const std::size_t waiting = log.waiting_bytes();
    if (Result<void> written = log.write(); !written) {
      const FileFault fault = log.database().fault();
      log.database().roll_back();
      if (fault == FileFault::corrupt) waiting_.fetch_sub(waiting, std::memory_order_relaxed);
      result = failed(&log, written.error(), fault);
      continue;
    }
    waiting_.fetch_sub(waiting, std::memory_order_relaxed);
    metrics_->log_bytes.inc(waiting);
  }
  return result;
}

void DiskWriter::take_queue() {
  const std::lock_guard lock(queue_mutex_);
  for (PendingCommit& commit : queue_) taken_.push_back(std::move(commit));
  queue_.clear();
}

bool DiskWriter::flush_is_due() const {
  return options_->clock->monotonic() - last_flush_ >= options_->flush_interval;
}

Result<void> DiskWriter::flush_locked() {
  take_queue();
  const std::chrono::nanoseconds start = options_->clock->monotonic();
  last_flush_ = start;
  Result<void> written = write_taken();
  metrics_->flush_duration.observe(options_->clock->monotonic() - start);
  if (written) recovered();
  return written;
}

Result<void> DiskWriter::flush() {
  const std::lock_guard lock(work_mutex_);
  Result<void> flushed = flush_locked();
  if (reseal_) flushed = seal_locked();
  return flushed;
}

Result<void> DiskWriter::seal() {
  const std::lock_guard lock(work_mutex_);
  return seal_locked();
}

bool DiskWriter::seal_is_due() const {
  if (unsealed_samples_ == 0) return false;
  return unsealed_samples_ >= options_->seal_samples * std::max<std::size_t>(head_->index.size(), 1) ||
         options_->clock->monotonic() - last_seal_ >= options_->seal_after;
}

void DiskWriter::maintain() {
  const std::lock_guard lock(work_mutex_);
  for (const auto& [day, reason] : files_->take_reported()) drop_log(day, reason);
  if (reseal_ || seal_is_due()) (void)seal_locked();
  merge_some();
  const std::chrono::nanoseconds now = options_->clock->monotonic();
  if (last_retention_.count() >= 0 && now - last_retention_ < std::chrono::seconds{10}) return;
  last_retention_ = now;
  files_->shelf().drop_idle();
  close_old_days();
  files_->remove_old(clock_is_steady() ? now_ms() : INT64_MIN);
  metrics_->series.set(static_cast<double>(head_->index.size()));
  metrics_->disk_bytes.set(static_cast<double>(files_->bytes()));
  metrics_->waiting_bytes.set(static_cast<double>(waiting_.load(std::memory_order_relaxed)));
  const Epochs::Guard guard = head_->epochs.enter();
  std::size_t memory = head_->index.bytes() + head_->epochs.waiting_bytes() + files_->shelf().bytes();
  for (std::uint32_t id = 0; id < head_->end_id(); ++id) {
    if (const HeadSeries* const series = head_->find(id)) memory += memory_of(*series);
  }
  metrics_->memory_bytes.set(static_cast<double>(memory));
}

/// A clock that was set to next year must not cost every day on disk: after a jump, days are not removed by their age for an
/// hour, in which somebody can set it right.
bool DiskWriter::clock_is_steady() {
  constexpr auto harmless = std::chrono::minutes{10};
  const std::chrono::nanoseconds now = options_->clock->monotonic();
  const std::chrono::nanoseconds offset = options_->clock->wall() - now;
  const std::chrono::nanoseconds jump = clock_offset_ ? offset - *clock_offset_ : std::chrono::nanoseconds{0};
  clock_offset_ = offset;
  if (std::chrono::abs(jump) > harmless) {
    metrics_->clock_jumps.inc();
    steady_from_ = now + std::chrono::hours{1};
    files_->log("the machine's clock jumped by " +
                std::to_string(std::chrono::duration_cast<std::chrono::seconds>(jump).count()) +
                " s; no day is removed for its age within the next hour");
  }
  return now >= steady_from_;
}

void DiskWriter::close_old_days() {
  const std::int64_t today = day_of(now_ms());
  for (auto each = logs_.begin(); each != logs_.end();) {
    // The last and the next day stay: late samples, and clocks that are a little ahead.
    const bool idle = each->first + 1 < today || (each->first < today && now_ms() % day_ms > 2 * 3'600'000);
    if (!idle || !each->second->is_sealed() || !is_merged(*each->second)) {
      ++each;
      continue;
    }
    each->second->file().set_open_series(nullptr);
    each = logs_.erase(each);
  }
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
