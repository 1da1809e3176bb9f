// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/silences.hpp"

#include <algorithm>
#include <random>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::string_view not_found = "there is no silence ";

// A random UUID, version 4.
std::string new_id() {
  std::random_device device;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string id;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) id += '-';
    std::uint32_t digit = device() & 15U;
    if (i == 12) digit = 4;
    if (i == 16) digit = 8 | (digit & 3U);
    id += digits[digit];
  }
  return id;
}

storage::ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(storage::ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string matchers_text(const std::vector<config::LabelMatcher>& matchers) {
  // Each with its type as a digit and the lengths of its texts: any text comes back as it was.
  std::string text;
  for (const config::LabelMatcher& matcher : matchers) {
    text += static_cast<char>('0' + static_cast<int>(matcher.type));
    for (const std::string* part : {&matcher.name, &matcher.value}) text += std::to_string(part->size()) + ":" + *part;
  }
  return text;
}

bool read_part(std::string_view& rest, std::string& into) {
  std::size_t size = 0;
  std::size_t at = 0;
  while (at < rest.size() && rest[at] >= '0' && rest[at] <= '9' && at < 9) {
    size = size * 10 + static_cast<std::size_t>(rest[at++] - '0');
  }
  if (at == rest.size() || rest[at] != ':' || size > rest.size() - at - 1) return false;
  into = rest.substr(at + 1, size);
  rest.remove_prefix(at + 1 + size);
  return true;
}

bool read_matchers(std::string_view rest, std::vector<config::LabelMatcher>& into) {
  while (!rest.empty()) {
    if (rest[0] < '0' || rest[0] > '3') return false;
    config::LabelMatcher matcher;
    matcher.type = static_cast<config::LabelMatcherType>(rest[0] - '0');
    rest.remove_prefix(1);
    if (!read_part(rest, matcher.name) || !read_part(rest, matcher.value)) return false;
    into.push_back(std::move(matcher));
  }
  return true;
}

Result<void> check(const Silence& silence, const LabelMatchers& matchers, std::int64_t now_ms) {
  if (silence.matchers.empty()) return Error{"a silence needs matchers: name the alerts, as in alertname=\"X\""};
  if (matchers.matches_empty()) {
    return Error{"the matchers of this silence take every alert: at least one must need a label"};
  }
  if (silence.ends_ms <= silence.starts_ms) return Error{"a silence must end after it begins: correct its times"};
  if (silence.ends_ms <= now_ms) return Error{"this silence ends in the past: give it a later end"};
  return {};
}

// Whether the old one can be changed without its history being falsified.
bool same_history(const Silence& old, const Silence& changed, std::int64_t now_ms) {
  if (old.matchers != changed.matchers) return false;
  switch (old.state_at(now_ms)) {
    case SilenceState::active:
      return old.starts_ms / 1000 == changed.starts_ms / 1000;
    case SilenceState::pending:
      return changed.starts_ms >= now_ms;
    default:
      return false;
  }
}

}  // namespace

const char* name_of(SilenceState state) noexcept {
  switch (state) {
    case SilenceState::pending:
      return "pending";
    case SilenceState::active:
      return "active";
    default:
      return "expired";
  }
}

Result<std::unique_ptr<Silences>> Silences::open(SilencesOptions options) {
  std::unique_ptr<Silences> silences(new Silences(std::move(options)));
  storage::FileFault fault{};
  auto file = storage::SqliteFile::open(
      {.path = silences->options_.path, .writable = true, .full_sync = true, .vfs = silences->options_.vfs}, fault);
  if (!file) return file.error();
  silences->file_ = std::move(*file);
  Result<void> made = silences->file_->run(
      "CREATE TABLE IF NOT EXISTS silences (id BLOB PRIMARY KEY, matchers BLOB NOT NULL, starts_ms INTEGER NOT NULL, "
      "ends_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, created_by BLOB NOT NULL, comment BLOB NOT NULL) "
      "WITHOUT ROWID");
  if (!made) return made.error();
  if (Result<void> loaded = silences->load(); !loaded) return loaded.error();
  if (Result<void> collected = silences->collect(); !collected) return collected.error();
  return silences;
}

std::int64_t Silences::now_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(options_.clock.wall()).count();
}

Result<void> Silences::load() {
  Result<storage::SqliteStatement> rows =
      file_->prepare("SELECT id, matchers, starts_ms, ends_ms, updated_ms, created_by, comment FROM silences");
  if (!rows) return rows.error();
  while (true) {
    const auto step = rows->step();
    if (step == storage::SqliteStatement::Step::done) return {};
    if (step == storage::SqliteStatement::Step::failed) return file_->error("read silences of");
    Silence silence;
    silence.id = text_of(rows->blob(0));
    if (!read_matchers(text_of(rows->blob(1)), silence.matchers)) continue;  // not of ours
    silence.starts_ms = rows->integer(2);
    silence.ends_ms = rows->integer(3);
    silence.updated_ms = rows->integer(4);
    silence.created_by = text_of(rows->blob(5));
    silence.comment = text_of(rows->blob(6));
    Result<LabelMatchers> matchers = LabelMatchers::make(silence.matchers);
    if (!matchers) continue;
    std::string id = silence.id;
    kept_.insert_or_assign(std::move(id), Kept{std::move(silence), std::move(*matchers)});
  }
}

Result<void> Silences::store(const std::vector<Silence>& silences) {
  const auto failed = [&](Error error) {
    file_->roll_back();
    return error;
  };
  if (Result<void> begun = file_->run("BEGIN IMMEDIATE"); !begun) return begun.error();
  Result<storage::SqliteStatement> row = file_->prepare(
      "INSERT OR REPLACE INTO silences (id, matchers, starts_ms, ends_ms, updated_ms, created_by, comment) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)");
  if (!row) return failed(row.error());
  for (const Silence& silence : silences) {
    const std::string matchers = matchers_text(silence.matchers);
    row->bind(1, bytes_of(silence.id)).bind(2, bytes_of(matchers));
    row->bind(3, silence.starts_ms).bind(4, silence.ends_ms).bind(5, silence.updated_ms);
    row->bind(6, bytes_of(silence.created_by)).bind(7, bytes_of(silence.comment));
    const auto step = row->step();
    row->reset();
    if (step != storage::SqliteStatement::Step::done) return failed(file_->error("keep a silence in"));
  }
  if (Result<void> committed = file_->run("COMMIT"); !committed) return failed(committed.error());
  return {};
}

Result<std::string> Silences::set(Silence silence) {
  Result<LabelMatchers> matchers = LabelMatchers::make(silence.matchers);
  if (!matchers) return matchers.error();
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = now_ms();
    std::vector<Silence> written;
    const auto old = silence.id.empty() ? kept_.end() : kept_.find(silence.id);
    if (!silence.id.empty() && old == kept_.end()) return Error{std::string(not_found) + silence.id};
    const bool in_place = old != kept_.end() && same_history(old->second.silence, silence, now);
    if (in_place && old->second.silence.starts_ms / 1000 == silence.starts_ms / 1000) {
      silence.starts_ms = old->second.silence.starts_ms;
    } else {
      silence.starts_ms = std::max(silence.starts_ms, now);
    }
    if (Result<void> checked = check(silence, *matchers, now); !checked) return checked.error();
    silence.updated_ms = now;
    if (!in_place) {
      silence.id = new_id();
      if (old != kept_.end() && old->second.silence.state_at(now) != SilenceState::expired) {
        Silence ended = old->second.silence;
        ended.starts_ms = std::min(ended.starts_ms, now);
        ended.ends_ms = ended.updated_ms = now;
        written.push_back(std::move(ended));
      }
    }
    written.push_back(silence);
    if (Result<void> stored = store(written); !stored) return stored.error();
    if (written.size() == 2) old->second.silence = written.front();
    kept_.insert_or_assign(silence.id, Kept{silence, std::move(*matchers)});
    (void)collect_locked(now);  // another time, then
  }
  if (options_.on_change) options_.on_change();
  return silence.id;
}

Result<void> Silences::expire(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(id);
    if (found == kept_.end()) return Error{std::string(not_found) + id};
    const std::int64_t now = now_ms();
    Silence ended = found->second.silence;
    if (ended.state_at(now) == SilenceState::expired) return {};
    ended.starts_ms = std::min(ended.starts_ms, now);
    ended.ends_ms = ended.updated_ms = now;
    if (Result<void> stored = store({ended}); !stored) return stored.error();
    found->second.silence = std::move(ended);
  }
  if (options_.on_change) options_.on_change();
  return {};
}

std::optional<Silence> Silences::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return std::nullopt;
  return found->second.silence;
}

std::vector<Silence> Silences::all() const {
  std::vector<Silence> silences;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, kept] : kept_) silences.push_back(kept.silence);
  }
  std::stable_sort(silences.begin(), silences.end(),
                   [](const Silence& a, const Silence& b) { return a.ends_ms > b.ends_ms; });
  return silences;
}

std::vector<std::string> Silences::silencing(const rules::AlertLabels& labels, std::int64_t now_ms) const {
  std::vector<std::string> ids;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, kept] : kept_) {
    if (kept.silence.state_at(now_ms) == SilenceState::active && kept.matchers.matches(labels)) ids.push_back(id);
  }
  return ids;
}

std::size_t Silences::count(SilenceState state, std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      kept_.begin(), kept_.end(), [&](const auto& kept) { return kept.second.silence.state_at(now_ms) == state; }));
}

std::int64_t Silences::next_change_after(std::int64_t now_ms) const {
  std::int64_t next = 0;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, kept] : kept_) {
    for (const std::int64_t moment : {kept.silence.starts_ms, kept.silence.ends_ms}) {
      if (moment > now_ms && (next == 0 || moment < next)) next = moment;
    }
  }
  return next;
}

Result<void> Silences::collect() {
  const std::lock_guard lock(mutex_);
  return collect_locked(now_ms());
}

Result<void> Silences::collect_locked(std::int64_t now_ms) {
  const std::int64_t before = now_ms - options_.retention.count();
  const auto too_old = [&](const auto& kept) { return kept.second.silence.ends_ms < before; };
  if (std::none_of(kept_.begin(), kept_.end(), too_old)) return {};
  const std::string deletion = "DELETE FROM silences WHERE ends_ms < " + std::to_string(before);
  if (Result<void> deleted = file_->run(deletion.c_str()); !deleted) return deleted;
  std::erase_if(kept_, too_old);
  return {};
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
