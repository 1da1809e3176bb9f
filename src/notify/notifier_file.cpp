// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/notifier_file.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include "notify/encoding.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

using storage::ByteView;
using storage::SqliteStatement;

constexpr const char* schema = R"sql(
PRAGMA wal_autocheckpoint=4000;
CREATE TABLE IF NOT EXISTS alerts(id INTEGER PRIMARY KEY, fingerprint TEXT, ends_ms INTEGER, body BLOB);
CREATE TABLE IF NOT EXISTS alert_groups(id INTEGER PRIMARY KEY, group_key TEXT, receiver TEXT, due_ms INTEGER, body BLOB);
CREATE TABLE IF NOT EXISTS members(alert_group INTEGER, alert INTEGER, body BLOB, PRIMARY KEY(alert_group, alert)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox(
  id INTEGER PRIMARY KEY, receiver TEXT, integration TEXT, group_key TEXT, deduplication_key TEXT, reason INTEGER, urgent INTEGER,
  created_ms INTEGER, deadline_ms INTEGER, not_before_ms INTEGER, attempts INTEGER, lease_ms INTEGER, told_fallback INTEGER,
  error TEXT, lanes BLOB, payload BLOB, notification BLOB);
CREATE TABLE IF NOT EXISTS outbox_parts(id INTEGER PRIMARY KEY, origin INTEGER, apart INTEGER, recipients BLOB);
CREATE TABLE IF NOT EXISTS held(id INTEGER PRIMARY KEY, receiver TEXT, integration TEXT, lane TEXT, notification BLOB);
CREATE TABLE IF NOT EXISTS message_references(
  receiver TEXT, integration TEXT, lane TEXT, reference TEXT, PRIMARY KEY(receiver, integration, lane)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters(
  id INTEGER PRIMARY KEY, receiver TEXT, integration TEXT, group_key TEXT, created_ms INTEGER, died_ms INTEGER, attempts INTEGER,
  error TEXT, payload BLOB);
CREATE TABLE IF NOT EXISTS heartbeats(name TEXT PRIMARY KEY, last_ms INTEGER) WITHOUT ROWID;
)sql";

constexpr std::int64_t dead_letters_kept = 10'000;

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(const SqliteStatement& row, int column) {
  const ByteView bytes = row.blob(column);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Binds in the order of the parameters and runs a statement that gives no rows.
template <typename... Values>
bool execute(SqliteStatement& statement, const Values&... values) {
  int index = 0;
  const auto bind = [&statement, &index](const auto& value) {
    if constexpr (std::is_convertible_v<decltype(value), std::string_view>) {
      statement.bind(++index, bytes_of(value));
    } else {
      statement.bind(++index, static_cast<std::int64_t>(value));
    }
  };
  (bind(values), ...);
  const bool done = statement.step() == SqliteStatement::Step::done;
  statement.reset();
  return done;
}

template <typename Function>
Result<void> each_row(storage::SqliteFile& file, const char* query, const Function& function) {
  Result<SqliteStatement> rows = file.prepare(query);
  if (!rows) return rows.error();
  for (;;) {
    switch (rows->step()) {
      case SqliteStatement::Step::row:
        function(*rows);
        break;
      case SqliteStatement::Step::done:
        return {};
      default:
        return file.error("read");
    }
  }
}

/// SQLite does not always say that it was for want of room.
Error with_room(Error error, const std::string& path) {
  constexpr std::uintmax_t needed = 64UL * 1024;
  std::error_code fault;
  const auto room = std::filesystem::space(std::filesystem::path(path).parent_path(), fault);
  if (!fault && room.available < needed) error.message += "; the disk is full: make room";
  return error;
}

}  // namespace

Result<std::unique_ptr<NotifierFile>> NotifierFile::open(const std::string& path, std::int64_t now_ms,
                                                         const std::function<void(std::string_view)>& log) {
  for (bool again = false;; again = true) {
    storage::FileFault fault = storage::FileFault::none;
    auto opened = storage::SqliteFile::open({.path = path, .writable = true, .full_sync = true, .vfs = {}}, fault);
    if (opened) {
      std::unique_ptr<NotifierFile> file(new NotifierFile(std::move(*opened)));
      Result<void> prepared = file->prepare();
      if (prepared) return file;
      fault = file->damaged_ ? storage::FileFault::corrupt : file->file_->fault();
      if (fault != storage::FileFault::corrupt || again) return with_room(prepared.error(), path);
    } else if (fault != storage::FileFault::corrupt || again) {
      return with_room(opened.error(), path);
    }
    const std::string aside = path + ".damaged-" + std::to_string(now_ms);
    if (std::rename(path.c_str(), aside.c_str()) != 0) return Error{path + " is damaged and cannot be renamed"};
    std::remove((path + "-wal").c_str());
    std::remove((path + "-shm").c_str());
    std::string told = path;
    told.append(" was damaged: it is now ").append(aside).append(", and what fires will be told anew");
    if (log) log(told);
  }
}

Result<void> NotifierFile::prepare() {
  if (auto made = file_->run(schema); !made) return made;
  // Damage inside a table is found now, while there is a way out.
  if (auto sound = file_->number_of("SELECT count(*) FROM pragma_quick_check(1) WHERE quick_check <> 'ok'"); !sound) {
    return sound.error();
  } else if (*sound > 0) {
    damaged_ = true;
    return Error{file_->path() + " is damaged"};
  }
  // What an earlier version left behind that knew of no parts. Only if there is any: a full disk must not keep us from starting.
  if (auto orphans = file_->number_of("SELECT count(*) FROM outbox_parts WHERE id NOT IN (SELECT id FROM outbox)");
      orphans && *orphans > 0) {
    static_cast<void>(file_->run("DELETE FROM outbox_parts WHERE id NOT IN (SELECT id FROM outbox)"));
  }
  const std::pair<SqliteStatement*, const char*> all[] = {
      {&statements_.put_alert, "INSERT OR REPLACE INTO alerts VALUES(?1, CAST(?2 AS TEXT), ?3, ?4)"},
      {&statements_.drop_alert, "DELETE FROM alerts WHERE id = ?1"},
      {&statements_.put_group,
       "INSERT OR REPLACE INTO alert_groups VALUES(?1, CAST(?2 AS TEXT), CAST(?3 AS TEXT), ?4, ?5)"},
      {&statements_.drop_group, "DELETE FROM alert_groups WHERE id = ?1"},
      {&statements_.put_member, "INSERT OR REPLACE INTO members VALUES(?1, ?2, ?3)"},
      {&statements_.drop_member, "DELETE FROM members WHERE alert_group = ?1 AND alert = ?2"},
      {&statements_.add_row,
       "INSERT OR REPLACE INTO outbox VALUES(?1, CAST(?2 AS TEXT), CAST(?3 AS TEXT), CAST(?4 AS TEXT), CAST(?5 AS "
       "TEXT), ?6, ?7, "
       "?8, ?9, ?10, ?11, ?12, ?13, CAST(?14 AS TEXT), ?15, ?16, ?17)"},
      {&statements_.change_row,
       "UPDATE outbox SET urgent = ?2, not_before_ms = ?3, attempts = ?4, lease_ms = ?5, told_fallback = ?6, "
       "error = CAST(?7 AS TEXT) WHERE id = ?1"},
      {&statements_.drop_row, "DELETE FROM outbox WHERE id = ?1"},
      {&statements_.put_part, "INSERT OR REPLACE INTO outbox_parts VALUES(?1, ?2, ?3, ?4)"},
      {&statements_.drop_part, "DELETE FROM outbox_parts WHERE id = ?1"},
      {&statements_.add_held,
       "INSERT OR REPLACE INTO held VALUES(?1, CAST(?2 AS TEXT), CAST(?3 AS TEXT), CAST(?4 AS TEXT), ?5)"},
      {&statements_.drop_held, "DELETE FROM held WHERE id = ?1"},
      {&statements_.put_reference,
       "INSERT OR REPLACE INTO message_references VALUES(CAST(?1 AS TEXT), CAST(?2 AS TEXT), CAST(?3 AS TEXT), CAST(?4 "
       "AS TEXT))"},
      {&statements_.drop_reference,
       "DELETE FROM message_references WHERE receiver = CAST(?1 AS TEXT) AND integration = CAST(?2 AS TEXT) AND lane = "
       "CAST(?3 AS "
       "TEXT)"},
      {&statements_.put_heartbeat, "INSERT OR REPLACE INTO heartbeats VALUES(CAST(?1 AS TEXT), ?2)"},
      {&statements_.add_dead,
       "INSERT OR REPLACE INTO dead_letters VALUES(?1, CAST(?2 AS TEXT), CAST(?3 AS TEXT), CAST(?4 AS TEXT), ?5, ?6, "
       "?7, CAST(?8 AS "
       "TEXT), ?9)"},
  };
  for (const auto& [statement, text] : all) {
    Result<SqliteStatement> prepared = file_->prepare(text);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  return {};
}

Result<void> NotifierFile::load(NotifierState& state) {
  Result<void> loaded = each_row(*file_, "SELECT body FROM alerts", [&state](const SqliteStatement& row) {
    if (auto alert = decode_alert(text_of(row, 0))) state.alerts.restore(std::move(*alert));
  });
  if (!loaded) return loaded;
  loaded = each_row(*file_, "SELECT body FROM alert_groups", [&state](const SqliteStatement& row) {
    if (auto group = decode_group(text_of(row, 0))) state.groups.restore(std::move(*group));
  });
  if (!loaded) return loaded;
  loaded = each_row(*file_, "SELECT alert_group, alert, body FROM members", [&state](const SqliteStatement& row) {
    Group* const group = state.groups.find(row.integer(0));
    KeptAlert* const alert = state.alerts.find(row.integer(1));
    const auto member = decode_member(text_of(row, 2));
    if (group == nullptr || alert == nullptr || !member) return;
    group->members[alert->id] = *member;
    alert->groups.insert(group->id);
  });
  if (!loaded) return loaded;
  loaded = each_row(
      *file_,
      "SELECT id, receiver, integration, group_key, deduplication_key, reason, urgent, created_ms, deadline_ms, "
      "not_before_ms, attempts, told_fallback, error, lanes, payload, notification, origin, apart, recipients "
      "FROM outbox LEFT JOIN outbox_parts USING(id) ORDER BY id",
      [this, &state](SqliteStatement& row) { load_outbox(state, row); });
  if (!loaded) return loaded;
  loaded = each_row(*file_, "SELECT id, receiver, integration, lane, notification FROM held ORDER BY id",
                    [&state](const SqliteStatement& row) {
                      HeldNotification held;
                      held.id = static_cast<std::uint64_t>(row.integer(0));
                      held.lane = text_of(row, 3);
                      held.notification = std::make_shared<const std::string>(text_of(row, 4));
                      state.next_held_id = held.id + 1;
                      state.digests[{text_of(row, 1), text_of(row, 2)}].hold(std::move(held), 1);
                    });
  if (!loaded) return loaded;
  loaded = each_row(*file_, "SELECT receiver, integration, lane, reference FROM message_references",
                    [&state](const SqliteStatement& row) {
                      state.references[{{text_of(row, 0), text_of(row, 1)}, text_of(row, 2)}] = text_of(row, 3);
                    });
  if (!loaded) return loaded;
  loaded = each_row(*file_, "SELECT name, last_ms FROM heartbeats",
                    [&state](const SqliteStatement& row) { state.heartbeats[text_of(row, 0)] = row.integer(1); });
  if (!loaded) return loaded;
  state.alerts.dirty.clear();
  state.groups.dirty.clear();
  state.groups.dirty_members.clear();
  return {};
}

void NotifierFile::load_outbox(NotifierState& state, SqliteStatement& in) {
  OutboxRow row;
  row.id = static_cast<std::uint64_t>(in.integer(0));
  row.receiver = text_of(in, 1);
  row.integration = text_of(in, 2);
  row.group_key = text_of(in, 3);
  row.deduplication_key = text_of(in, 4);
  row.reason = static_cast<NotificationReason>(in.integer(5));
  row.urgent = in.integer(6) != 0;
  row.created_ms = in.integer(7);
  row.deadline_ms = in.integer(8);
  row.not_before_ms = in.integer(9);
  row.attempts = static_cast<std::uint32_t>(in.integer(10));
  // Its lease was the dead process's: it may have been delivered or not, and goes again.
  row.told_fallback = in.integer(11) != 0;
  row.error = text_of(in, 12);
  if (auto lanes = decode_texts(text_of(in, 13))) row.lanes = std::move(*lanes);
  row.payload = text_of(in, 14);
  row.notification = std::make_shared<const std::string>(text_of(in, 15));
  row.origin = static_cast<std::uint64_t>(in.integer(16));
  if (auto recipients = decode_texts(text_of(in, 18))) row.recipients = std::move(*recipients);
  row.apart = in.integer(17) != 0 && !row.recipients.empty();
  state.outbox.add(std::move(row));
}

Result<void> NotifierFile::save(NotifierState& state) {
  if (state.clean()) return {};
  Result<void> done = file_->run("BEGIN IMMEDIATE");
  if (done) done = write(state);
  if (done) done = file_->run("COMMIT");
  if (!done) {
    file_->roll_back();
    return done;
  }
  state.alerts.dirty.clear();
  state.groups.dirty.clear();
  state.groups.dirty_members.clear();
  state.outbox.added.clear();
  state.outbox.changed.clear();
  state.outbox.removed.clear();
  state.held_added.clear();
  state.held_removed.clear();
  state.dirty_references.clear();
  state.dirty_heartbeats.clear();
  state.dead_added.clear();
  ++saves_since_tidy_;
  return {};
}

Result<void> NotifierFile::write(NotifierState& state) {
  if (write_alerts(state) && write_groups(state) && write_outbox(state) && write_rest(state)) return {};
  return file_->error("write");
}

bool NotifierFile::write_alerts(NotifierState& state) {
  for (const std::int64_t id : state.alerts.dirty) {
    const KeptAlert* const alert = state.alerts.find(id);
    const bool done =
        alert == nullptr ? execute(statements_.drop_alert, id)
                         : execute(statements_.put_alert, id, alert->fingerprint, alert->alert.ends_ms, encode(*alert));
    if (!done) return false;
  }
  return true;
}

bool NotifierFile::write_groups(NotifierState& state) {
  for (const std::int64_t id : state.groups.dirty) {
    const Group* const group = state.groups.find(id);
    const bool done = group == nullptr ? execute(statements_.drop_group, id)
                                       : execute(statements_.put_group, id, group->key, group->receiver, group->due_ms,
                                                 encode(*group));
    if (!done) return false;
  }
  for (const auto& [group_id, alert] : state.groups.dirty_members) {
    const Group* const group = state.groups.find(group_id);
    const Member* member = nullptr;
    if (group != nullptr) {
      const auto found = group->members.find(alert);
      if (found != group->members.end()) member = &found->second;
    }
    const bool done = member == nullptr ? execute(statements_.drop_member, group_id, alert)
                                        : execute(statements_.put_member, group_id, alert, encode(*member));
    if (!done) return false;
  }
  return true;
}

bool NotifierFile::write_outbox(NotifierState& state) {
  for (const std::uint64_t id : state.outbox.removed) {
    if (!execute(statements_.drop_row, id) || !execute(statements_.drop_part, id)) return false;
  }
  for (const std::uint64_t id : state.outbox.added) {
    const OutboxRow* const row = state.outbox.find(id);
    if (row == nullptr) continue;
    if (!execute(statements_.add_row, id, row->receiver, row->integration, row->group_key, row->deduplication_key,
                 static_cast<int>(row->reason), row->urgent, row->created_ms, row->deadline_ms, row->not_before_ms,
                 row->attempts, row->lease_ms, row->told_fallback, row->error, encode(row->lanes), row->payload,
                 *row->notification) ||
        !write_part(*row)) {
      return false;
    }
  }
  for (const std::uint64_t id : state.outbox.changed) {
    const OutboxRow* const row = state.outbox.find(id);
    if (row == nullptr || state.outbox.added.contains(id)) continue;
    if (!execute(statements_.change_row, id, row->urgent, row->not_before_ms, row->attempts, row->lease_ms,
                 row->told_fallback, row->error) ||
        !write_part(*row)) {
      return false;
    }
  }
  return true;
}

bool NotifierFile::write_part(const OutboxRow& row) {
  if (row.recipients.empty()) return true;  // a row never becomes whole again
  return execute(statements_.put_part, row.id, row.origin, row.apart, encode(row.recipients));
}

bool NotifierFile::write_rest(NotifierState& state) {
  for (const auto& [address, held] : state.held_added) {
    if (!execute(statements_.add_held, held.id, address.first, address.second, held.lane, *held.notification)) {
      return false;
    }
  }
  for (const std::uint64_t id : state.held_removed) {
    if (!execute(statements_.drop_held, id)) return false;
  }
  for (const NotifierState::Place& place : state.dirty_references) {
    const auto& [address, lane] = place;
    const auto found = state.references.find(place);
    const bool done = found == state.references.end()
                          ? execute(statements_.drop_reference, address.first, address.second, lane)
                          : execute(statements_.put_reference, address.first, address.second, lane, found->second);
    if (!done) return false;
  }
  for (const std::string& name : state.dirty_heartbeats) {
    if (!execute(statements_.put_heartbeat, name, state.heartbeats[name])) return false;
  }
  for (const DeadLetter& dead : state.dead_added) {
    if (!execute(statements_.add_dead, dead.id, dead.receiver, dead.integration, dead.group_key, dead.created_ms,
                 dead.died_ms, dead.attempts, dead.error, dead.payload)) {
      return false;
    }
  }
  return true;
}

Result<std::vector<DeadLetter>> NotifierFile::dead_letters(std::size_t most) {
  std::vector<DeadLetter> out;
  Result<void> read =
      each_row(*file_,
               "SELECT id, receiver, integration, group_key, created_ms, died_ms, attempts, error, payload "
               "FROM dead_letters ORDER BY id DESC",
               [&out, most](const SqliteStatement& row) {
                 if (out.size() >= most) return;
                 DeadLetter dead;
                 dead.id = static_cast<std::uint64_t>(row.integer(0));
                 dead.receiver = text_of(row, 1);
                 dead.integration = text_of(row, 2);
                 dead.group_key = text_of(row, 3);
                 dead.created_ms = row.integer(4);
                 dead.died_ms = row.integer(5);
                 dead.attempts = static_cast<std::uint32_t>(row.integer(6));
                 dead.error = text_of(row, 7);
                 dead.payload = text_of(row, 8);
                 out.push_back(std::move(dead));
               });
  if (!read) return read.error();
  return out;
}

void NotifierFile::tidy() {
  if (saves_since_tidy_ < 64) return;
  saves_since_tidy_ = 0;
  const std::string trim = "DELETE FROM dead_letters WHERE id <= (SELECT max(id) FROM dead_letters) - " +
                           std::to_string(dead_letters_kept) + "; PRAGMA wal_checkpoint(PASSIVE)";
  if (auto tidied = file_->run(trim.c_str()); !tidied) return;  // the next save tells what is wrong
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
