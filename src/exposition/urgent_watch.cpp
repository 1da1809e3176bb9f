// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/urgent_watch.hpp"

#include <algorithm>

#include "exposition/number_writer.hpp"
#include "exposition/series_text.hpp"
#include "metrics/shard_arena.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

using detail::Kind;
using detail::SeriesRows;
using detail::ShardArena;
using detail::Slot;
using Stage = WatchedSeries::Stage;

/// Of changes in one millisecond the later are dated ahead; so far and no further.
constexpr std::int64_t furthest_ahead_ms = 100;

std::uint64_t read_cell(Kind kind, Slot slot) noexcept {
  const ShardArena& arena = ShardArena::process();
  switch (kind) {
    case Kind::counter:
      return arena.sum_integer(slot);
    case Kind::counter_double:
      return std::bit_cast<std::uint64_t>(arena.sum_double(slot));
    default:
      return arena.shared(slot).load(std::memory_order_relaxed);
  }
}

}  // namespace

UrgentSeries::UrgentSeries(const detail::FamilyState& family, const std::uint32_t* words) : family_(family) {
  for (std::size_t i = 0; i <= family.description().label_names.size(); ++i) {
    words_.push_back(SeriesRows::load(words + i));
  }
}

bool UrgentSeries::is(const detail::FamilyState& family, const std::uint32_t* words) const noexcept {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (&family != &family_ || SeriesRows::load(words + i) != words_[i]) return false;
  }
  return true;
}

void UrgentSeries::append_lines(std::string& out, Escaping escaping, std::uint64_t value, std::int64_t time_ms) {
  std::vector<std::string>& fronts = fronts_[static_cast<std::size_t>(escaping)];
  if (fronts.empty()) fronts = line_fronts(family_, words_.data(), escaping);
  const Kind kind = family_.description().kind;
  for (std::size_t line = 0; line < fronts.size(); ++line) {
    out += fronts[line];
    if (kind == Kind::state_set) {
      append_number(out, std::uint64_t{value == line});
    } else if (kind == Kind::counter) {
      append_number(out, value);
    } else {
      append_number(out, std::bit_cast<double>(value));
    }
    out += ' ';
    out += std::to_string(time_ms);
    out += '\n';
  }
}

void UrgentWatch::start(std::int64_t now_ms) {
  if (running_) return;
  running_ = true;
  heard_ = detail::Announcements::process().listen();
  first_ = end();
  changes_.clear();
  refresh();
  for (WatchedSeries& watched : watched_) {
    watched.stage = WatchedSeries::Stage::told;
    watched.value = read_cell(watched.kind, watched.slot);
    watched.told_ms = std::max(watched.told_ms, now_ms);
  }
}

void UrgentWatch::stop() {
  if (!running_) return;
  running_ = false;
  detail::Announcements::process().unlisten();
}

void UrgentWatch::look(std::int64_t now_ms) {
  if (known_changes_ != registry_.urgent_changes().count()) refresh();
  hear(now_ms);
  // A slot that changes hands meanwhile must not be taken for the series it was: then all is compared anew.
  for (int attempt = 0; attempt < 3 && !compare(now_ms); ++attempt) refresh();
}

void UrgentWatch::refresh() {
  known_changes_ = registry_.urgent_changes().count();
  // Rows change hands only behind the scrapes that run: while this is one, a row's words belong together.
  const std::uint64_t epoch = registry_.epochs().begin();
  std::vector<WatchedSeries> present;
  std::unordered_map<Slot, std::size_t> by_slot;
  for (const detail::FamilyState* family : registry_.families()) {
    if (!family->urgent()) continue;
    for (std::uint32_t row = 0; row < family->row_count(); ++row) {
      const std::uint32_t* const words = family->row(row);
      const Slot slot = SeriesRows::load(words);
      if (slot == detail::null_slot) continue;
      const auto known = by_slot_.find(slot);
      WatchedSeries watched;
      if (known != by_slot_.end() && watched_[known->second].series->is(*family, words)) {
        watched = std::move(watched_[known->second]);
      } else {
        watched.series = std::make_shared<UrgentSeries>(*family, words);
        watched.slot = slot;
        watched.kind = family->description().kind;
      }
      by_slot.emplace(slot, present.size());
      present.push_back(std::move(watched));
    }
  }
  registry_.epochs().end(epoch);
  watched_ = std::move(present);
  by_slot_ = std::move(by_slot);
}

void UrgentWatch::hear(std::int64_t now_ms) {
  announcements_.clear();
  detail::Announcements::process().take(heard_, announcements_);
  for (const detail::Announcement& heard : announcements_) {
    auto found = by_slot_.find(heard.slot);
    if (found == by_slot_.end() && known_changes_ != registry_.urgent_changes().count()) {
      refresh();  // of a series that has just begun: it is announced once
      found = by_slot_.find(heard.slot);
    }
    if (found == by_slot_.end()) continue;
    WatchedSeries& watched = watched_[found->second];
    // What a look has found already is not told twice.
    if (watched.stage == Stage::told && watched.value == heard.bits) continue;
    tell(watched, heard.bits, std::min(heard.wall_nanoseconds / 1'000'000, now_ms), now_ms);
  }
}

bool UrgentWatch::compare(std::int64_t now_ms) {
  changed_.clear();
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    const WatchedSeries& watched = watched_[i];
    const std::uint64_t value = read_cell(watched.kind, watched.slot);
    if (value != watched.value || watched.stage != Stage::told) changed_.emplace_back(i, value);
  }
  if (known_changes_ != registry_.urgent_changes().count()) return false;
  for (const auto& [i, value] : changed_) {
    WatchedSeries& watched = watched_[i];
    if (watched.stage == Stage::found) {
      watched.stage = Stage::awaited;
    } else {
      tell(watched, value, now_ms, now_ms);
    }
  }
  return true;
}

void UrgentWatch::tell(WatchedSeries& watched, std::uint64_t value, std::int64_t time_ms, std::int64_t now_ms) {
  if (watched.told_ms > now_ms + furthest_ahead_ms) watched.told_ms = 0;  // somebody set the clock back
  time_ms = std::max(time_ms, watched.told_ms + 1);
  if (time_ms > now_ms + furthest_ahead_ms) return;  // what is there at a later look will be told
  watched.stage = Stage::told;
  watched.value = value;
  watched.told_ms = time_ms;
  changes_.push_back({watched.series, value, time_ms});
  if (changes_.size() > kept_) {
    changes_.pop_front();
    ++first_;
  }
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
