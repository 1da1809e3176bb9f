// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paper/store/journal_records.hpp"
#include "paper/store/store_call.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A record with its number. The number, unique within a run and never used for another record, makes writing repeatable.
struct JournalEntry {
  std::uint64_t sequence = 0;
  std::int64_t recorded_at = 0;  ///< wall time, nanoseconds since the Unix epoch
  JournalRecord record = {};
};

/// What became of a batch.
struct AppendReport {
  std::size_t appended = 0;
  std::size_t duplicates = 0;  ///< were there already: an earlier try had succeeded after all
  std::size_t refused = 0;     ///< the database refuses them for what they are; no repetition helps
  std::string refusal = {};    ///< why, of the first one
};

/// Which records are asked for. What is empty does not restrict.
struct JournalQuery {
  std::size_t limit = 100;  ///< 1 to 10,000; out of that: the nearest
  std::string bot = {};
  std::string symbol = {};     ///< not of equity
  std::string order_id = {};   ///< orders, fills; of events: the subject
  std::string kind = {};       ///< of events
  std::int64_t before_id = 0;  ///< for the next page: the last `id` of the page before; 0: from the newest on
};

/// A record as the database holds it.
template <typename Record>
struct Stored {
  std::int64_t id = 0;  ///< grows with each record written
  std::string run = {};
  std::uint64_t sequence = 0;
  std::int64_t recorded_at = 0;
  Record record = {};
};

/// The desk's record, which only grows: orders, fills, events and equity, a table each. In SQLite (`SqliteJournal`) or
/// PostgreSQL (`PostgresJournal`), with the same tables and columns.
///
///     SqliteJournal journal{{.path = "desk.db"}, {.observer = &metrics, .breaker = &breaker}};
///     JournalWriter writer{journal};                                   // the desk writes through this: it never waits
///     writer.write(FillRecord{.at = now, .order_id = "7", .bot = "grid-1"});
///     Result<std::vector<Stored<FillRecord>>> fills = journal.latest_fills({.limit = 20, .bot = "grid-1"});
///
/// Every query is told to the observer and passes through the breaker of the context. The connection is made by the first call,
/// and made again after a failure: a constructor succeeds while the database is away.
///
/// Threads: any; one call at a time, others wait for it. For many readers make a second journal of the same database, with
/// the same breaker. Blocking: up to the implementation's time-outs; while the breaker is open, not at all. Errors: values;
/// nothing throws.
class Journal {
 public:
  virtual ~Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// All entries in one transaction; those that are there already (same run and sequence) are passed over, and those that the
  /// database refuses for what they are, are left out. After an error nothing was written, or all, or it is unknown which:
  /// append the same entries again.
  Result<AppendReport> append(std::string_view run, std::span<const JournalEntry> entries);

  // The newest first.
  Result<std::vector<Stored<OrderRecord>>> latest_orders(const JournalQuery& query = {});
  Result<std::vector<Stored<FillRecord>>> latest_fills(const JournalQuery& query = {});
  Result<std::vector<Stored<EventRecord>>> latest_events(const JournalQuery& query = {});
  Result<std::vector<Stored<EquityRecord>>> latest_equity(const JournalQuery& query = {});

  Result<void> ping();

  /// "sqlite desk.db", "postgresql at 127.0.0.1:5432/desk": for people and logs; holds no password.
  virtual std::string describe() const = 0;

  /// False while the breaker refuses calls for sure. Takes no permit.
  bool allows() const { return context_.breaker == nullptr || breaker_may_pass(*context_.breaker); }
  CircuitBreaker* breaker() const noexcept { return context_.breaker; }

 protected:
  explicit Journal(StoreContext context) : context_(context) {}
  const Clock& clock() const noexcept { return *context_.clock; }

  // One at a time, under the lock. An error must set `fault`. Each query is told by `observe`.
  virtual Result<AppendReport> do_append(std::string_view run, std::span<const JournalEntry> entries,
                                         StoreFault& fault) = 0;
  virtual Result<std::vector<Stored<JournalRecord>>> do_latest(JournalTable table, const JournalQuery& query,
                                                               StoreFault& fault) = 0;
  virtual Result<void> do_ping(StoreFault& fault) = 0;

  void observe(std::string_view operation, std::string_view table, StoreStatus status,
               std::chrono::nanoseconds took) const;

 private:
  template <typename Value, typename Function>
  Result<Value> call(std::string_view operation, std::span<const std::string_view> tables, Function&& function);
  template <typename Record>
  Result<std::vector<Stored<Record>>> latest(JournalTable table, JournalQuery query);

  StoreContext context_;
  std::mutex mutex_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
