// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/embedded_store.hpp"

#include <algorithm>

#include "paper/store/sqlite_database.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

constexpr std::int32_t state_file_id = 0x42577374;  // "BWst"
constexpr const char* state_schema = "CREATE TABLE state(key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID";

}  // namespace

EmbeddedStore::EmbeddedStore(EmbeddedStoreOptions options, StoreContext context)
    : StateStore(context), options_(std::move(options)) {}
EmbeddedStore::~EmbeddedStore() = default;

std::string EmbeddedStore::describe() const {
  return options_.path.empty() ? "state store in memory" : "state store in " + options_.path;
}

Result<void> EmbeddedStore::open() {
  if (options_.path.empty() || database_ != nullptr) return {};
  auto opened = SqliteDatabase::open({.path = options_.path, .application_id = state_file_id}, state_schema);
  if (!opened) return opened.error();
  auto all = (*opened)->prepare("SELECT key, value FROM state");
  if (!all) return all.error();
  std::map<std::string, std::string, std::less<>> values;
  for (;;) {
    const SqliteStatement::Step step = all->step();
    if (step == SqliteStatement::Step::failed) return (*opened)->error("read");
    if (step == SqliteStatement::Step::done) break;
    values.insert_or_assign(all->text(0), all->text(1));
  }
  values_ = std::move(values);
  database_ = std::move(*opened);
  return {};
}

Result<std::optional<std::string>> EmbeddedStore::do_get(std::string_view key, StoreFault& fault) {
  fault = StoreFault::server;
  if (Result<void> opened = open(); !opened) return opened.error();
  const auto found = values_.find(key);
  return found == values_.end() ? std::optional<std::string>() : std::optional(found->second);
}

Result<std::vector<std::string>> EmbeddedStore::do_keys(std::string_view prefix, StoreFault& fault) {
  fault = StoreFault::server;
  if (Result<void> opened = open(); !opened) return opened.error();
  std::vector<std::string> keys;
  for (auto each = values_.lower_bound(prefix); each != values_.end() && each->first.starts_with(prefix); ++each) {
    if (keys.size() == max_keys) {
      fault = StoreFault::none;
      return Error{"more than " + std::to_string(max_keys) + " keys begin with '" + std::string(prefix) + "'"};
    }
    keys.push_back(each->first);
  }
  return keys;
}

Result<void> EmbeddedStore::do_apply(std::span<const StateChange> changes, StoreFault& fault) {
  fault = StoreFault::server;
  if (Result<void> opened = open(); !opened) return opened;
  if (database_ != nullptr) {
    if (Result<void> written = write(changes); !written) {
      const bool broken = database_->is_broken();
      database_->roll_back();
      if (broken) database_.reset();  // the next call opens it anew, and reads what it holds
      return written;
    }
  }
  for (const StateChange& change : changes) {
    if (change.value) {
      values_.insert_or_assign(change.key, *change.value);
    } else {
      values_.erase(change.key);
    }
  }
  return {};
}

Result<void> EmbeddedStore::write(std::span<const StateChange> changes) {
  if (Result<void> begun = database_->run("BEGIN IMMEDIATE"); !begun) return begun;
  auto set = database_->prepare("INSERT INTO state VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value");
  if (!set) return set.error();
  auto remove = database_->prepare("DELETE FROM state WHERE key = ?");
  if (!remove) return remove.error();
  for (const StateChange& change : changes) {
    SqliteStatement& statement = change.value ? *set : *remove;
    statement.bind_blob(1, change.key);
    if (change.value) statement.bind_blob(2, *change.value);
    if (statement.step() != SqliteStatement::Step::done) return database_->error("write");
    statement.reset();
  }
  return database_->run("COMMIT");
}

Result<void> EmbeddedStore::do_ping(StoreFault& fault) {
  fault = StoreFault::server;
  if (Result<void> opened = open(); !opened) return opened;
  if (database_ == nullptr) return {};
  const Result<std::int64_t> one = database_->number_of("SELECT count(*) FROM sqlite_schema");
  if (one) return {};
  if (database_->is_broken()) database_.reset();
  return one.error();
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
