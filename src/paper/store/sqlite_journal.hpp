// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "paper/store/journal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

class SqliteDatabase;

struct SqliteJournalOptions {
  std::string path;  ///< made if it is not there; its folder must be
  std::uint64_t max_bytes =
      0;  ///< the file grows no further, and appends are errors then; 0: as far as the disk has room
  std::chrono::milliseconds busy_timeout{1000};  ///< how long another process may hold the file
};

/// The journal in an SQLite file, in WAL mode and synced with each batch: what `append` reported is there after a kill -9 and
/// after a power failure. A full disk is an error of the append, and costs nothing that was written before. Several processes
/// may use the file; `sqlite3` opens it.
///
/// Blocking: for the disk, and for `busy_timeout`. Errors: also a file that is none of ours, or was written by a newer version.
class SqliteJournal final : public Journal {
 public:
  explicit SqliteJournal(SqliteJournalOptions options, StoreContext context = {});
  ~SqliteJournal() override;

  std::string describe() const override;

 private:
  Result<AppendReport> do_append(std::string_view run, std::span<const JournalEntry> entries,
                                 StoreFault& fault) override;
  Result<std::vector<Stored<JournalRecord>>> do_latest(JournalTable table, const JournalQuery& query,
                                                       StoreFault& fault) override;
  Result<void> do_ping(StoreFault& fault) override;
  Result<void> open();
  Error failed(const Error& error);
  Result<void> insert(JournalTable table, std::string_view run, std::span<const JournalEntry> entries,
                      AppendReport& report);
  Result<std::vector<Stored<JournalRecord>>> select(JournalTable table, const JournalQuery& query);

  SqliteJournalOptions options_;
  std::unique_ptr<SqliteDatabase> database_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
