// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/deletions.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::size_t most_matchers = 1000;

void put_text(const std::string& text, ByteWriter& out) {
  out.varint(text.size());
  for (const char c : text) out.u8(static_cast<std::uint8_t>(c));
}

std::optional<std::string> get_text(ByteReader& in) {
  const std::uint64_t size = in.varint();
  if (!in.good() || size > in.left()) return std::nullopt;
  const ByteView bytes = in.raw(static_cast<std::size_t>(size));
  return std::string(bytes.begin(), bytes.end());
}

Bytes encode(const std::vector<Matcher>& matchers) {
  Bytes out;
  ByteWriter writer(out);
  writer.varint(matchers.size());
  for (const Matcher& matcher : matchers) {
    writer.u8(static_cast<std::uint8_t>(matcher.type()));
    put_text(matcher.name(), writer);
    put_text(matcher.value(), writer);
  }
  return out;
}

std::optional<std::vector<Matcher>> decode(ByteView bytes) {
  ByteReader reader(bytes);
  const std::uint64_t count = reader.varint();
  if (!reader.good() || count == 0 || count > most_matchers) return std::nullopt;
  std::vector<Matcher> out;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint8_t type = reader.u8();
    const std::optional<std::string> name = get_text(reader);
    const std::optional<std::string> value = name ? get_text(reader) : std::nullopt;
    if (!value || type > static_cast<std::uint8_t>(MatchType::not_regex)) return std::nullopt;
    Result<Matcher> matcher = Matcher::make(static_cast<MatchType>(type), *name, *value);
    if (!matcher) return std::nullopt;
    out.push_back(std::move(*matcher));
  }
  return out;
}

}  // namespace

bool Deletion::matches(std::span<const LabelView> labels) const {
  return std::all_of(matchers.begin(), matchers.end(),
                     [&](const Matcher& matcher) { return matcher.matches(value_of(labels, matcher.name())); });
}

Result<void> Deletions::open_file() {
  FileFault fault = FileFault::none;
  auto file = SqliteFile::open({.path = path_, .writable = true, .full_sync = full_sync_, .vfs = {}}, fault);
  if (!file) return file.error();
  Result<void> made = (*file)->run(
      "CREATE TABLE IF NOT EXISTS deletion(id INTEGER PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,"
      " matchers BLOB NOT NULL)");
  if (!made) return made;
  file_ = std::move(*file);
  return {};
}

Result<void> Deletions::open(const std::string& directory, bool full_sync, std::int64_t oldest_ms) {
  const std::lock_guard lock(mutex_);
  path_ = path_in(directory);
  full_sync_ = full_sync;
  std::error_code code;
  if (!std::filesystem::exists(path_, code)) return {};
  if (Result<void> opened = open_file(); !opened) return opened;
  Result<SqliteStatement> forget = file_->prepare("DELETE FROM deletion WHERE to_ms<?");
  if (!forget) return forget.error();
  forget->bind(1, oldest_ms);
  if (forget->step() != SqliteStatement::Step::done) return file_->error("write");
  Result<SqliteStatement> rows = file_->prepare("SELECT from_ms, to_ms, matchers FROM deletion ORDER BY id");
  if (!rows) return rows.error();
  List list;
  for (;;) {
    const SqliteStatement::Step step = rows->step();
    if (step == SqliteStatement::Step::failed) return file_->error("read");
    if (step == SqliteStatement::Step::done) break;
    std::optional<std::vector<Matcher>> matchers = decode(rows->blob(2));
    if (!matchers) return Error{path_ + ": a row is damaged"};
    Deletion deletion;
    deletion.matchers = std::move(*matchers);
    deletion.from_ms = rows->integer(0);
    deletion.to_ms = rows->integer(1);
    list.push_back(std::move(deletion));
  }
  if (!list.empty()) list_ = std::make_shared<const List>(std::move(list));
  return {};
}

Result<void> Deletions::add(Deletion deletion) {
  if (deletion.matchers.empty() || deletion.matchers.size() > most_matchers) {
    return Error{"a deletion needs 1 to " + std::to_string(most_matchers) + " matchers"};
  }
  const std::lock_guard lock(mutex_);
  if (file_ == nullptr) {
    if (Result<void> opened = open_file(); !opened) return opened;
  }
  const Bytes matchers = encode(deletion.matchers);
  Result<SqliteStatement> insert = file_->prepare("INSERT INTO deletion(from_ms, to_ms, matchers) VALUES(?,?,?)");
  if (!insert) return insert.error();
  insert->bind(1, deletion.from_ms).bind(2, deletion.to_ms).bind(3, matchers);
  if (insert->step() != SqliteStatement::Step::done) return file_->error("write");
  auto next = list_ == nullptr ? std::make_shared<List>() : std::make_shared<List>(*list_);
  next->push_back(std::move(deletion));
  list_ = std::move(next);
  return {};
}

std::shared_ptr<const Deletions::List> Deletions::list() const {
  const std::lock_guard lock(mutex_);
  return list_;
}

Result<void> Deletions::copy_to(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return file_ == nullptr ? Result<void>() : file_->copy_to(path);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
