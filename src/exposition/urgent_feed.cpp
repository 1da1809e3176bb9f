// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/urgent_feed.hpp>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "exposition/format_writer.hpp"
#include "exposition/urgent_watch.hpp"

BELLWETHER_NAMESPACE_BEGIN

using exposition::Chunk;
using exposition::UrgentChange;
using exposition::UrgentSeries;
using exposition::WatchedSeries;

struct UrgentFeed::State {
  State(const Registry& watched, UrgentFeedOptions given)
      : options(given), registry(watched.state()), watch(watched, given.changes_kept), interval(given.interval) {}

  std::int64_t now_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(options.clock->wall()).count();
  }

  void join() {
    if (readers++ != 0) return;
    watch.start(now_ms());
    looked_at = options.clock->monotonic();
  }
  void leave() {
    if (--readers == 0) watch.stop();
  }

  /// For all readers that ask within the same half interval.
  void look() {
    const auto begin = options.clock->monotonic();
    if (begin - looked_at < interval / 2) return;
    watch.look(now_ms());
    looked_at = options.clock->monotonic();
    // A mean in which a look that was interrupted counts for little.
    cost = (7 * cost + std::min(looked_at - begin, 4 * cost + std::chrono::nanoseconds{1000})) / 8;
    interval = std::max(options.interval, std::chrono::duration_cast<std::chrono::microseconds>(20 * cost));
  }

  const UrgentFeedOptions options;
  const detail::RegistryState& registry;
  exposition::UrgentWatch watch;
  std::size_t readers = 0;
  std::chrono::nanoseconds looked_at{0};
  std::chrono::nanoseconds cost{0};
  std::chrono::microseconds interval;
};

struct UrgentFeed::Reader::Position {
  Position(std::shared_ptr<State> read, Escaping escaped)
      : state(std::move(read)), escaping(escaped), writer(exposition::make_text_writer({.escaping = escaped})) {
    state->join();
  }
  ~Position() { state->leave(); }
  Position(const Position&) = delete;
  Position& operator=(const Position&) = delete;

  /// After the first look.
  void begin() {
    next_change = state->watch.end();
    for (const WatchedSeries& watched : state->watch.series()) {
      // A series that has just begun comes as a change.
      if (watched.stage == WatchedSeries::Stage::told) present.push_back(watched.series);
    }
  }

  void describe(const detail::FamilyState& family, std::string& lines) {
    if (!described.insert(&family).second) return;
    Chunk head(metadata);
    writer->begin(family, head);
    head.finish();
    lines += metadata;
  }

  void tell_present(std::string& lines) {
    auto& watched = state->watch.series();
    const std::int64_t now = state->now_ms();
    // The list changes while a long one is sent: each is looked up by what it is, near where it stood.
    for (; next_present < present.size() && lines.size() < Chunk::target; ++next_present) {
      const auto same = [&](const WatchedSeries& one) { return one.series == present[next_present]; };
      auto found = watched.begin() + static_cast<std::ptrdiff_t>(std::min(next_present, watched.size()));
      if (found == watched.end() || !same(*found)) found = std::find_if(watched.begin(), watched.end(), same);
      if (found == watched.end()) continue;  // ended
      describe(found->series->family(), lines);
      found->told_ms = std::max(found->told_ms, now);
      found->series->append_lines(lines, escaping, found->value, found->told_ms);
    }
    if (next_present == present.size()) present = {}, next_present = 0;
  }

  void tell_changes(std::string& lines) {
    for (; next_change < state->watch.end() && lines.size() < Chunk::target; ++next_change) {
      const UrgentChange& change = state->watch.change(next_change);
      describe(change.series->family(), lines);
      change.series->append_lines(lines, escaping, change.value, change.time_ms);
    }
  }

  void beat(std::string& lines) {
    const auto now = state->options.clock->monotonic();
    if (begun && now - beaten_at < state->options.heartbeat) return;
    beaten_at = now;
    if (!std::exchange(begun, true)) {
      lines += "# Bellwether push stream 1: what is urgent, now and then with each change.\n";
    }
    lines += "# heartbeat " + std::to_string(state->now_ms()) + '\n';
  }

  std::shared_ptr<State> state;
  const Escaping escaping;
  std::unique_ptr<exposition::FormatWriter> writer;
  std::string metadata;
  std::unordered_set<const detail::FamilyState*> described;
  std::vector<std::shared_ptr<UrgentSeries>> present;  ///< to be told first
  std::size_t next_present = 0;
  std::uint64_t next_change = 0;
  std::chrono::nanoseconds beaten_at{0};
  bool begun = false;
};

UrgentFeed::UrgentFeed(const Registry& registry, UrgentFeedOptions options)
    : state_(std::make_shared<State>(registry, options)) {}
UrgentFeed::UrgentFeed(UrgentFeed&&) noexcept = default;
UrgentFeed& UrgentFeed::operator=(UrgentFeed&&) noexcept = default;
UrgentFeed::~UrgentFeed() = default;

UrgentFeed::Reader UrgentFeed::open(Escaping escaping) const {
  return Reader(std::make_unique<Reader::Position>(state_, escaping));
}
bool UrgentFeed::any() const noexcept {
  return state_->registry.urgent_changes().count() != 0;
}
std::chrono::microseconds UrgentFeed::interval() const noexcept {
  return state_->interval;
}
std::size_t UrgentFeed::readers() const noexcept {
  return state_->readers;
}

UrgentFeed::Reader::Reader(std::unique_ptr<Position> position) noexcept : position_(std::move(position)) {}
UrgentFeed::Reader::Reader(Reader&&) noexcept = default;
UrgentFeed::Reader& UrgentFeed::Reader::operator=(Reader&&) noexcept = default;
UrgentFeed::Reader::~Reader() = default;

bool UrgentFeed::Reader::next(std::string& lines) {
  lines.clear();
  Position& position = *position_;
  position.state->look();
  if (!position.begun) position.begin();
  if (position.next_change < position.state->watch.first()) return false;
  position.beat(lines);
  if (!position.present.empty()) position.tell_present(lines);
  if (position.present.empty()) position.tell_changes(lines);
  return true;
}

BELLWETHER_NAMESPACE_END
