// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "notify/notifier_state.hpp"
#include "storage/sqlite_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// The notifier's tables in alerts.sqlite: alerts, alert_groups, members, outbox, outbox_parts (rows of it that are for some of their
/// recipients), held, message_references, dead_letters, heartbeats.
/// `sqlite3 alerts.sqlite 'SELECT receiver, integration, attempts, error FROM outbox'` tells what waits and why.
///
/// Threads: one at a time. Blocking: for the disk. A save is one transaction, on disk when it returns.
class NotifierFile {
 public:
  /// A file that is damaged is set aside (`alerts.sqlite.damaged-<milliseconds>`) and a new one begun; `log` is told.
  static Result<std::unique_ptr<NotifierFile>> open(const std::string& path, std::int64_t now_ms,
                                                    const std::function<void(std::string_view)>& log);

  Result<void> load(NotifierState& state);
  /// Writes what changed. On an error everything stays marked as changed.
  Result<void> save(NotifierState& state);
  /// The newest first.
  Result<std::vector<DeadLetter>> dead_letters(std::size_t most);
  /// Moves the log of writes into the file, where nobody waits for it.
  void tidy();

 private:
  explicit NotifierFile(std::unique_ptr<storage::SqliteFile> file) : file_(std::move(file)) {}
  Result<void> prepare();
  Result<void> write(NotifierState& state);
  bool write_alerts(NotifierState& state);
  bool write_groups(NotifierState& state);
  bool write_outbox(NotifierState& state);
  bool write_part(const OutboxRow& row);
  bool write_rest(NotifierState& state);
  void load_outbox(NotifierState& state, storage::SqliteStatement& rows);

  struct Statements {
    storage::SqliteStatement put_alert, drop_alert, put_group, drop_group, put_member, drop_member;
    storage::SqliteStatement add_row, change_row, drop_row, put_part, drop_part, add_held, drop_held, put_reference,
        drop_reference;
    storage::SqliteStatement put_heartbeat, add_dead;
  };

  std::unique_ptr<storage::SqliteFile> file_;
  Statements statements_;
  bool damaged_ = false;
  unsigned saves_since_tidy_ = 0;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
