// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/series_store.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "storage/fetch_ahead.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

/// Times that are allowed now.
struct TimeLimits {
  std::int64_t oldest;
  std::int64_t newest;

  Outcome check(std::int64_t time) const noexcept {
    if (time > newest) return Outcome::too_far_ahead;
    return time < oldest ? Outcome::too_old : Outcome::appended;
  }
};

TimeLimits limits_now(const StoreOptions& options) {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(options.clock->wall()).count();
  const std::int64_t kept = options.retention.count();
  return {kept == 0 ? INT64_MIN : now - kept, now + options.ahead_limit.count()};
}

bool is_taken(Outcome outcome) {
  return outcome == Outcome::appended || outcome == Outcome::out_of_order;
}

}  // namespace

CommitReport Appender::commit() {
  CommitReport report = store_->commit(floats_, histograms_);
  clear();
  return report;
}

void Appender::clear() noexcept {
  floats_.clear();
  histograms_.clear();
}

SeriesStore::SeriesStore(StoreOptions options, DirectoryLock lock)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      metrics_(options_.registry == nullptr ? StoreMetrics() : StoreMetrics(*options_.registry)),
      head_(options_.series_limit),
      files_(options_, metrics_),
      disk_(head_, files_, options_, metrics_) {}

SeriesStore::~SeriesStore() = default;

Result<std::unique_ptr<SeriesStore>> SeriesStore::open(StoreOptions options) {
  Result<DirectoryLock> lock = DirectoryLock::take(options.directory);
  if (!lock) return lock.error();
  std::unique_ptr<SeriesStore> store(new SeriesStore(std::move(options), std::move(*lock)));
  if (Result<void> scanned = store->files_.scan(); !scanned) return scanned.error();
  if (Result<void> opened = store->open_deletions(); !opened) return opened.error();
  if (Result<void> opened = store->disk_.open(); !opened) return opened.error();
  if (store->options_.background) store->disk_.start();
  return store;
}

Result<void> SeriesStore::open_deletions() {
  const std::int64_t oldest = options_.retention.count() == 0 ? INT64_MIN : limits_now(options_).oldest - day_ms;
  return deletions_.open(options_.directory, options_.full_sync, oldest);
}

Result<void> SeriesStore::delete_samples(std::vector<Matcher> matchers, std::int64_t from_ms, std::int64_t to_ms) {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(options_.clock->wall()).count();
  Deletion deletion;
  deletion.matchers = std::move(matchers);
  deletion.from_ms = from_ms;
  deletion.to_ms = std::min(to_ms, now);
  return deletions_.add(std::move(deletion));
}

Result<SeriesRef> SeriesStore::find_or_add(const LabelSet& labels) {
  Result<SeriesRef> ref = head_.find_or_add(labels);
  if (!ref) refuse_series(ref.error());
  return ref;
}

void SeriesStore::refuse_series(const Error& error) {
  metrics_.series_refused.inc();
  const std::int64_t now = options_.clock->monotonic().count();
  std::int64_t next = next_refusal_log_.load(std::memory_order_relaxed);
  constexpr std::int64_t pause = 60'000'000'000;
  if (now < next || !next_refusal_log_.compare_exchange_strong(next, now + pause)) return;
  const LabelIndex::Variety most = head_.index.largest_variety();
  files_.log(error.message + ". Of all labels `" + most.name + "` has the most values: " + std::to_string(most.values));
}

CommitReport SeriesStore::commit(std::vector<LoggedFloat>& floats, std::vector<LoggedHistogram>& histograms) {
  CommitReport report;
  const auto count = [&](Outcome outcome, std::uint32_t series) {
    ++report.counts[static_cast<std::size_t>(outcome)];
    if (outcome == Outcome::unknown_series) report.unknown.push_back(SeriesRef{series});
    return is_taken(outcome);
  };
  const TimeLimits limits = limits_now(options_);
  const std::int64_t window = options_.out_of_order_window.count();
  PendingCommit pending;
  pending.floats.reserve(floats.size());
  {
    const std::lock_guard lock(head_.writer_mutex);
    const bool has_room = disk_.has_room();
    pending.commit = head_.visible.load(std::memory_order_relaxed) + 1;
    for (std::size_t i = 0; i < floats.size(); ++i) {
      fetch_ahead(i, floats.size(), [&](std::size_t k) { return head_.find(floats[k].series); });
      const LoggedFloat& sample = floats[i];
      Outcome outcome = has_room ? limits.check(sample.time) : Outcome::store_full;
      HeadSeries* const series = outcome == Outcome::appended ? head_.find(sample.series) : nullptr;
      if (outcome == Outcome::appended) {
        outcome = series == nullptr ? Outcome::unknown_series
                                    : head_.writer.append(*series, sample.time, sample.value, pending.commit, window);
      }
      if (count(outcome, sample.series)) pending.floats.push_back(sample);
      if (outcome == Outcome::conflict) report.conflicts.push_back(sample);
    }
    for (LoggedHistogram& sample : histograms) {
      Outcome outcome = has_room ? limits.check(sample.time) : Outcome::store_full;
      HeadSeries* const series = outcome == Outcome::appended ? head_.find(sample.series) : nullptr;
      if (outcome == Outcome::appended) {
        outcome = series == nullptr ? Outcome::unknown_series
                                    : head_.writer.append(*series, sample.time, sample.value, pending.commit);
      }
      if (count(outcome, sample.series)) {
        pending.histograms.push_back(std::move(sample));
      } else if (outcome == Outcome::conflict) {
        report.histogram_conflicts.push_back(std::move(sample));
      }
    }
    if (!pending.floats.empty() || !pending.histograms.empty()) {
      head_.visible.store(pending.commit, std::memory_order_release);
      for (CommitObserver* const observer : observers_) {
        observer->committed({pending.commit, pending.floats, pending.histograms, report.of(Outcome::out_of_order) > 0});
      }
      disk_.queue(std::move(pending));
    }
    head_.epochs.reclaim();
  }
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (report.counts[i] > 0) metrics_.samples[i].inc(report.counts[i]);
  }
  return report;
}

std::vector<std::vector<LabelView>> SeriesStore::labels(std::span<const SeriesRef> series) {
  std::vector<std::uint32_t> ids;
  ids.reserve(series.size());
  for (const SeriesRef ref : series) ids.push_back(ref.id);
  return head_.index.labels(ids);
}

void SeriesStore::add_observer(CommitObserver& observer) {
  const std::lock_guard lock(head_.writer_mutex);
  observers_.push_back(&observer);
}

void SeriesStore::remove_observer(CommitObserver& observer) {
  const std::lock_guard lock(head_.writer_mutex);
  std::erase(observers_, &observer);
}

Result<void> SeriesStore::backup(const std::string& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return Error{"cannot make " + directory + ": " + code.message()};
  if (Result<void> flushed = flush(); !flushed) return flushed;
  for (const std::shared_ptr<DayFile>& file : files_.all()) {
    if (!file->is_ready()) continue;
    const std::string target = directory + "/" + day_file_name(file->day());
    if (std::filesystem::exists(target, code)) return Error{target + " exists; give an empty directory"};
    FileFault fault = FileFault::none;
    auto reader = DayReader::open(file->path(), file->vfs(), fault);
    if (!reader) return reader.error();
    if (Result<void> copied = (*reader)->file().copy_to(target); !copied) return copied;
  }
  return deletions_.copy_to(Deletions::path_in(directory));
}

StoreStatistics SeriesStore::statistics() {
  StoreStatistics out;
  out.series = head_.index.size();
  out.files = files_.all().size();
  out.disk_bytes = files_.bytes();
  out.memory_from_ms = head_.memory_from.load(std::memory_order_relaxed);
  out.memory_bytes = head_.index.bytes() + head_.epochs.waiting_bytes();
  if (options_.registry != nullptr) {
    out.samples = metrics_.samples[static_cast<std::size_t>(Outcome::appended)].value() +
                  metrics_.samples[static_cast<std::size_t>(Outcome::out_of_order)].value();
    out.log_bytes = metrics_.log_bytes.value();
    out.block_samples = metrics_.block_samples.value();
    out.block_bytes = metrics_.block_bytes.value();
  }
  const Epochs::Guard guard = head_.epochs.enter();
  for (std::uint32_t id = 0; id < head_.end_id(); ++id) {
    if (const HeadSeries* const series = head_.find(id)) out.memory_bytes += memory_of(*series);
  }
  return out;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
