// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "notify/matcher.hpp"
#include "storage/sqlite_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

enum class SilenceState : std::uint8_t { pending, active, expired };
const char* name_of(SilenceState state) noexcept;

/// Alerts that match all matchers are told to nobody from `starts_ms` until `ends_ms` (milliseconds since the epoch).
struct Silence {
  std::string id;  ///< a UUID
  std::vector<config::LabelMatcher> matchers;
  std::int64_t starts_ms = 0;
  std::int64_t ends_ms = 0;
  std::int64_t updated_ms = 0;
  std::string created_by;
  std::string comment;

  /// The end counts as expired already.
  SilenceState state_at(std::int64_t now_ms) const noexcept {
    if (now_ms < starts_ms) return SilenceState::pending;
    return now_ms < ends_ms ? SilenceState::active : SilenceState::expired;
  }

  friend bool operator==(const Silence&, const Silence&) = default;
};

struct SilencesOptions {
  std::string path;  ///< the notifier's SQLite file; made where it is missing
  const Clock& clock = Clock::system();
  std::chrono::milliseconds retention{std::chrono::hours(120)};  ///< how long an expired one is still shown
  std::string vfs;                                               ///< see storage::SqliteOptions
  std::function<void()> on_change;  ///< after each change, from the caller's thread; for who waits to tell anew
};

/// The silences, on disk before a call that changes them returns: one that was made a moment before `kill -9` holds. They have a
/// table of their own (`silences`) and a connection of their own in the notifier's file, so that making one does not wait for more
/// than one transaction of the outbox.
///
///     auto silences = Silences::open({.path = directory + "/alerts.sqlite"}).value();
///     Result<std::string> id = silences->set({.matchers = …, .starts_ms = now, .ends_ms = now + hour, .created_by = "ann",
///                                             .comment = "venue down, ticket 7"});
///     silences->silencing(alert.labels, now);   // ids
///
/// Threads: any. Blocking: changes wait for the disk; questions for a lock. An alert is matched in a microsecond or so a silence.
class Silences {
 public:
  static Result<std::unique_ptr<Silences>> open(SilencesOptions options);

  /// Makes one (`id` empty), or changes one as Alertmanager does: in place while only comment, creator or end differ, or it has not
  /// begun; else the old one expires and a new one begins. Gives the id. A start in the past is now.
  /// Errors: no matchers, only such as match everything, an end that is past or before the start, no such id, the disk.
  Result<std::string> set(Silence silence);
  /// At once. One that expired already: nothing to do. Errors: no such id, the disk.
  Result<void> expire(const std::string& id);

  std::optional<Silence> find(const std::string& id) const;
  /// By end, the latest first.
  std::vector<Silence> all() const;
  /// Ids of the silences that are active now and match, in a stable order; empty: none.
  std::vector<std::string> silencing(const rules::AlertLabels& labels, std::int64_t now_ms) const;
  /// How many are in this state, for metrics.
  std::size_t count(SilenceState state, std::int64_t now_ms) const;
  /// When the next pending one begins or active one ends; 0: never. Groups must be looked at anew then.
  std::int64_t next_change_after(std::int64_t now_ms) const;

  /// Drops those that expired longer ago than `retention`; `set` and `open` do it too.
  Result<void> collect();

 private:
  struct Kept {
    Silence silence;
    LabelMatchers matchers;
  };

  explicit Silences(SilencesOptions options) : options_(std::move(options)) {}
  Result<void> load();
  Result<void> store(const std::vector<Silence>& silences);  // one transaction
  Result<void> collect_locked(std::int64_t now_ms);
  std::int64_t now_ms() const;

  const SilencesOptions options_;
  mutable std::mutex mutex_;
  std::unique_ptr<storage::SqliteFile> file_;
  std::map<std::string, Kept, std::less<>> kept_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
