// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/exposition.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "metrics/announcements.hpp"
#include "metrics/registry_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// What a line says of an urgent series, kept beyond the series' end. Texts are made when they are first needed.
class UrgentSeries {
 public:
  UrgentSeries(const detail::FamilyState& family, const std::uint32_t* words);

  const detail::FamilyState& family() const noexcept { return family_; }
  bool is(const detail::FamilyState& family, const std::uint32_t* words) const noexcept;
  void append_lines(std::string& out, Escaping escaping, std::uint64_t value, std::int64_t time_ms);

 private:
  const detail::FamilyState& family_;
  std::vector<std::uint32_t> words_;
  std::array<std::vector<std::string>, 4> fronts_;  ///< by escaping
};

/// An urgent series and what was seen of it last.
struct WatchedSeries {
  /// A series that begins is told at the second look: between its begin and the first `set` its value is 0, which would be
  /// a lie.
  enum class Stage : std::uint8_t { found, awaited, told };

  std::shared_ptr<UrgentSeries> series;
  detail::Slot slot = detail::null_slot;
  detail::Kind kind = detail::Kind::gauge;
  Stage stage = Stage::found;
  std::uint64_t value = 0;  ///< as the cell has it; the sum of a counter
  std::int64_t told_ms = 0;
};

struct UrgentChange {
  std::shared_ptr<UrgentSeries> series;
  std::uint64_t value;
  std::int64_t time_ms;
};

/// The urgent series of a registry and their last changes. See UrgentFeed, which adds readers.
///
/// Threads: one.
class UrgentWatch {
 public:
  UrgentWatch(const Registry& registry, std::size_t changes_kept) : registry_(registry.state()), kept_(changes_kept) {}
  ~UrgentWatch() { stop(); }
  UrgentWatch(const UrgentWatch&) = delete;
  UrgentWatch& operator=(const UrgentWatch&) = delete;

  void start(std::int64_t now_ms);
  void stop();

  /// Compares all series with what was seen of them last.
  void look(std::int64_t now_ms);

  std::vector<WatchedSeries>& series() noexcept { return watched_; }
  /// Changes are numbered; `changes()` has those from `first` on.
  std::uint64_t first() const noexcept { return first_; }
  std::uint64_t end() const noexcept { return first_ + changes_.size(); }
  const UrgentChange& change(std::uint64_t number) const { return changes_[number - first_]; }

 private:
  void refresh();
  void hear(std::int64_t now_ms);
  bool compare(std::int64_t now_ms);
  void tell(WatchedSeries& watched, std::uint64_t value, std::int64_t time_ms, std::int64_t now_ms);

  detail::RegistryState& registry_;
  const std::size_t kept_;
  bool running_ = false;
  std::uint64_t known_changes_ = 0;  ///< of the set of series, see UrgentChanges
  std::vector<WatchedSeries> watched_;
  std::unordered_map<detail::Slot, std::size_t> by_slot_;
  std::deque<UrgentChange> changes_;
  std::uint64_t first_ = 0;
  std::uint64_t heard_ = 0;  ///< position among announcements
  std::vector<detail::Announcement> announcements_;
  std::vector<std::pair<std::size_t, std::uint64_t>> changed_;
};

}  // namespace exposition
BELLWETHER_NAMESPACE_END
