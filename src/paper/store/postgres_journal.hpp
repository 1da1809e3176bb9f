// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "paper/store/journal.hpp"
#include "paper/store/reconnect_pause.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

class PostgresConnection;

struct PostgresJournalOptions {
  /// As libpq takes it: postgresql://user:password@host:port/database?sslmode=..., or "host=... dbname=...".
  std::string url = "postgresql://127.0.0.1:5432/bellwether";
  std::string schema = "bellwether";  ///< holds the tables; made if it is not there. Small letters, digits and _ alone
  std::chrono::nanoseconds connect_timeout = std::chrono::seconds{2};
  std::chrono::nanoseconds statement_timeout =
      std::chrono::seconds{2};                                         ///< the server ends a statement that runs longer
  std::chrono::nanoseconds command_timeout = std::chrono::seconds{3};  ///< the client waits no longer for one answer
  ReconnectPauseOptions reconnect = {};
};

/// The journal in a PostgreSQL (13 or later). The first call connects and makes the tables; a connection that failed or did not
/// answer in time is closed, and the next call makes a new one, after a pause that grows.
///
/// Blocking: a call up to `command_timeout`, and `connect_timeout` twice if it connects (then the tables are looked at). A host
/// name is looked up by the system, which has its own time-outs. Errors: the constructor throws `Exception` for
/// a URL or a schema's name that is none; it does not connect.
class PostgresJournal final : public Journal {
 public:
  explicit PostgresJournal(PostgresJournalOptions options, StoreContext context = {});
  ~PostgresJournal() override;

  std::string describe() const override { return description_; }

 private:
  Result<AppendReport> do_append(std::string_view run, std::span<const JournalEntry> entries,
                                 StoreFault& fault) override;
  Result<std::vector<Stored<JournalRecord>>> do_latest(JournalTable table, const JournalQuery& query,
                                                       StoreFault& fault) override;
  Result<void> do_ping(StoreFault& fault) override;
  Result<void> connect(StoreFault& fault);
  Result<void> prepare(PostgresConnection& connection);
  Error failed(const Error& error, StoreFault& fault);
  Result<void> transaction(std::string_view run, std::span<const JournalEntry> entries, AppendReport& report);

  PostgresJournalOptions options_;
  std::string description_;
  ReconnectPause pause_;
  std::string last_error_;  // why there is no connection
  std::unique_ptr<PostgresConnection> connection_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
