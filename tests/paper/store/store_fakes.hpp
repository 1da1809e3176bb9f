// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "paper/store/journal.hpp"
#include "paper/store/state_store.hpp"

namespace bellwether::test {

/// Polls until it is so, or ten seconds are over.
template <typename Condition>
bool eventually(Condition&& condition, std::chrono::seconds limit = std::chrono::seconds{60}) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

/// What a fake server does to its next calls.
enum class Mood : std::uint8_t { well, away, answer_is_lost, hangs };

/// Holds callers while the mood is `hangs`.
class Moods {
 public:
  void set(Mood mood) {
    {
      const std::lock_guard lock(mutex_);
      mood_ = mood;
    }
    changed_.notify_all();
  }
  /// Waits while it hangs.
  Mood get() {
    std::unique_lock lock(mutex_);
    ++calls_;
    if (mood_ == Mood::hangs) ++hanging_;
    changed_.wait(lock, [&] { return mood_ != Mood::hangs; });
    return mood_;
  }
  int calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  int hanging() const {
    const std::lock_guard lock(mutex_);
    return hanging_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Mood mood_ = Mood::well;
  int calls_ = 0;
  int hanging_ = 0;
};

class FakeStore final : public paper::StateStore {
 public:
  explicit FakeStore(paper::StoreContext context = {}) : StateStore(context) {}
  std::string describe() const override { return "fake store"; }

  Moods moods;
  std::map<std::string, std::string> values;
  std::vector<std::size_t> batches;

 private:
  Result<void> try_call(paper::StoreFault& fault) {
    if (moods.get() != Mood::away) return {};
    fault = paper::StoreFault::connection;
    return Error{"fake store: connection refused"};
  }
  Result<std::optional<std::string>> do_get(std::string_view key, paper::StoreFault& fault) override {
    if (auto tried = try_call(fault); !tried) return tried.error();
    const auto found = values.find(std::string(key));
    return found == values.end() ? std::optional<std::string>() : std::optional(found->second);
  }
  Result<std::vector<std::string>> do_keys(std::string_view, paper::StoreFault& fault) override {
    if (auto tried = try_call(fault); !tried) return tried.error();
    return std::vector<std::string>{};
  }
  Result<void> do_apply(std::span<const paper::StateChange> changes, paper::StoreFault& fault) override {
    if (auto tried = try_call(fault); !tried) return tried;
    batches.push_back(changes.size());
    for (const auto& change : changes) {
      if (change.value) {
        values[change.key] = *change.value;
      } else {
        values.erase(change.key);
      }
    }
    return {};
  }
  Result<void> do_ping(paper::StoreFault& fault) override { return try_call(fault); }
};

class FakeJournal final : public paper::Journal {
 public:
  explicit FakeJournal(paper::StoreContext context = {}) : Journal(context) {}
  std::string describe() const override { return "fake journal"; }

  Moods moods;

  std::vector<paper::JournalEntry> entries() {
    const std::lock_guard lock(mutex_);
    return entries_;
  }
  std::vector<std::uint64_t> sequences() {
    std::vector<std::uint64_t> all;
    for (const auto& entry : entries()) all.push_back(entry.sequence);
    return all;
  }

 private:
  Result<paper::AppendReport> do_append(std::string_view, std::span<const paper::JournalEntry> entries,
                                        paper::StoreFault& fault) override {
    const Mood mood = moods.get();
    fault = paper::StoreFault::connection;
    if (mood == Mood::away) return Error{"fake journal: connection refused"};
    paper::AppendReport report;
    const std::lock_guard lock(mutex_);
    for (const auto& entry : entries) {
      if (seen_.insert(entry.sequence).second) {
        entries_.push_back(entry);
        ++report.appended;
      } else {
        ++report.duplicates;
      }
    }
    if (mood == Mood::answer_is_lost) return Error{"fake journal: no answer in time"};
    return report;
  }
  Result<std::vector<paper::Stored<paper::JournalRecord>>> do_latest(paper::JournalTable, const paper::JournalQuery&,
                                                                     paper::StoreFault&) override {
    return std::vector<paper::Stored<paper::JournalRecord>>{};
  }
  Result<void> do_ping(paper::StoreFault& fault) override {
    if (moods.get() != Mood::away) return {};
    fault = paper::StoreFault::connection;
    return Error{"fake journal: connection refused"};
  }

  std::mutex mutex_;
  std::vector<paper::JournalEntry> entries_;
  std::set<std::uint64_t> seen_;
};

/// Counts what it is told, from any thread.
class CountingObserver final : public paper::StoreObserver {
 public:
  void on_store_operation(std::string_view operation, paper::StoreStatus status, bool connection_error) override {
    const std::lock_guard lock(mutex_);
    ++counts_[std::string(operation) + " " + std::string(name_of(status))];
    if (connection_error) ++counts_["connection error"];
  }
  void on_query(std::string_view operation, std::string_view table, paper::StoreStatus status,
                std::chrono::nanoseconds took) override {
    const std::lock_guard lock(mutex_);
    ++counts_[std::string(operation) + " " + std::string(table) + " " + std::string(name_of(status))];
    if (took.count() < 0) ++counts_["negative time"];
  }
  int count(const std::string& what) {
    const std::lock_guard lock(mutex_);
    return counts_[what];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

}  // namespace bellwether::test
