// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "paper/store/journal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct JournalWriterOptions {
  bool background = true;          ///< a thread of its own writes; false: `run_once` does, on its caller's thread
  std::string instance = "desk";   ///< begins the run's name: which desk of several
  std::size_t capacity = 100'000;  ///< records that wait to be written; a further one is lost and counted
  std::size_t batch = 256;         ///< records in one transaction
  std::chrono::nanoseconds interval = std::chrono::milliseconds{50};         ///< between two passes
  std::chrono::nanoseconds retry_interval = std::chrono::milliseconds{500};  ///< after a failure
  std::chrono::nanoseconds stop_timeout = std::chrono::seconds{2};  ///< how long the end tries to write what waits
  /// Told once when records begin to be lost, and again only after all that waited was written. On the writing thread.
  std::function<void(const std::string& why)> on_loss = {};
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
};

struct JournalWriterStatus {
  std::size_t waiting = 0;       ///< records that are not in the database yet
  std::size_t capacity = 0;      ///< of these, at most
  std::uint64_t accepted = 0;    ///< records that found room
  std::uint64_t written = 0;     ///< records that are in the database
  std::uint64_t duplicates = 0;  ///< of these, those that a repeated batch found there already
  std::uint64_t refused = 0;     ///< the database refuses them for what they are
  std::uint64_t lost = 0;        ///< no room, or the end came first. Each leaves a gap in the run's sequence numbers
  std::uint64_t failures = 0;    ///< batches that failed
  unsigned failures_in_a_row = 0;
  std::string last_error = {};  ///< of the latest failure or refusal; empty after a success
};

/// Writes the desk's records into a journal behind the desk's back: the desk's call never waits for the database. While that is
/// away, records are kept in memory up to `capacity`, and written in order when it is back. What finds no room is lost: it is
/// counted, told once, and stands in the journal as an event "journal_gap" where it is missing.
///
///     JournalWriter writer{journal, {.instance = "desk-1"}};
///     writer.write(OrderRecord{.at = now, .order_id = "7", .bot = "grid-1", .symbol = "BTCUSDT"});   // returns at once
///     writer.write(event_of(KillEvent{.at = now, .type = "drawdown", .action = "tripped"}));
///
/// Each record gets a number that is unique in this run, so that a batch whose outcome is unknown is written again and
/// nothing is there twice. Delivery is at least once; with the journal's check for duplicates exactly once.
///
/// Threads: any; records of one thread keep their order. Blocking: `write` takes a mutex that nobody holds during a query.
/// Allocation: the record's texts are moved; room for it in blocks. `stop` and the destructor take up to
/// `stop_timeout` and one call of the journal. The journal must outlive it.
class JournalWriter {
 public:
  explicit JournalWriter(Journal& journal, JournalWriterOptions options = {});
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// False where the record is lost.
  bool write(JournalRecord record);

  /// Writes what waits, until all is written or the journal fails. Does nothing while the breaker is open.
  /// The number of records that the database took.
  Result<std::size_t> run_once();

  /// Tries to write the rest, then ends the thread; what could not be written is counted as lost. What comes later is lost.
  void stop();

  JournalWriterStatus status() const;
  const std::string& run()
      const noexcept;  ///< "desk-18f3c2a90b1c6e40": the instance, and what no other start of it has

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
