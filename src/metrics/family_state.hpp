// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/registry.hpp>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "metrics/histogram_layout.hpp"
#include "metrics/label_index.hpp"
#include "metrics/series_key.hpp"
#include "metrics/series_rows.hpp"
#include "metrics/symbol_table.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

/// Tells how old a removal must be before its row and slots may serve another series: no scrape that began before it
/// may still be running.
class ScrapeEpochs {
 public:
  std::uint64_t begin();
  void end(std::uint64_t epoch);

  /// Takes the mutex: whatever was written before is seen by all scrapes that begin after it.
  std::uint64_t current() const noexcept {
    const std::scoped_lock lock(mutex_);
    return current_;
  }
  /// The largest number if no scrape runs.
  std::uint64_t oldest_running() const noexcept { return oldest_.load(std::memory_order_acquire); }

 private:
  static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> running_;
  std::uint64_t current_ = 0;
  std::atomic<std::uint64_t> oldest_{none};
};

/// How often the set of a registry's urgent series changed. Whoever watches them looks here first: while the number stands
/// still, the slots that it knows are those series'.
class UrgentChanges {
 public:
  void note() noexcept { count_.fetch_add(1, std::memory_order_acq_rel); }
  std::uint64_t count() const noexcept { return count_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> count_{0};
};

/// All there is about a family before it has series.
struct FamilyDescription {
  Kind kind;
  std::string name;
  std::string help;
  std::string unit;
  std::vector<std::string> label_names;
  std::vector<std::string> states;
  Buckets buckets = Buckets::of({});
  bool legacy_names = true;  ///< no name needs quoting
};

/// A family's series: from label values to slots, without types.
///
/// Threads: any. Look-ups of known series and readers take no lock; all changes take the mutex. A row of a series
/// that ended is used again, with its slots, once no running scrape can be reading it and enough others ended after it.
class FamilyState {
 public:
  FamilyState(FamilyDescription description, const FamilyOptions& options, std::unique_ptr<HistogramLayout> layout,
              const ScrapeEpochs& epochs, const Clock& clock, UrgentChanges& urgent_changes);
  ~FamilyState();
  FamilyState(const FamilyState&) = delete;
  FamilyState& operator=(const FamilyState&) = delete;

  const FamilyDescription& description() const noexcept { return description_; }
  const HistogramLayout* layout() const noexcept { return layout_.get(); }
  bool exemplars() const noexcept { return options_.exemplars; }
  bool created() const noexcept { return options_.created; }
  bool urgent() const noexcept { return options_.urgent; }

  // For handles.
  SeriesRef find_or_add(const std::string_view* values) noexcept;
  SeriesRef own(const std::string_view* values) noexcept;
  SeriesRef overflow() noexcept;
  void disown(Slot slot) noexcept;
  bool remove(const std::string_view* values) noexcept;

  // For scrapes.
  std::uint32_t row_count() const noexcept { return rows_.size(); }
  /// The words of a row: the slot, or 0 if the series ended, and then a symbol for each label.
  const std::uint32_t* row(std::uint32_t index) const noexcept { return rows_.row(index); }
  std::chrono::nanoseconds created_at(std::uint32_t row) const;
  /// Null where no cell was left.
  Slot overflow_counter() const noexcept { return overflow_counter_; }
  std::uint64_t overflow_count() const noexcept { return sum_integer(overflow_counter_); }
  std::size_t series_count() const;
  /// Removes the series that did not change for the number of scrapes that the options name.
  void expire();

 private:
  struct Ended {
    std::uint32_t row;
    Slot slot;
    std::uint64_t epoch;
  };
  struct Owned {
    std::uint32_t row = 0;
    std::uint32_t owners = 0;
  };
  struct Age {
    std::uint64_t fingerprint = 0;
    unsigned unchanged = 0;
  };

  std::uint32_t slot_count() const noexcept { return layout_ ? layout_->table().slot_count() : 1; }
  /// Where there is no slot the handle is a default-constructed one: the family's buckets would be another series'
  /// cells.
  SeriesRef reference(Slot slot) const noexcept {
    if (layout_ == nullptr) return {slot, nullptr};
    return {slot, slot != null_slot ? &layout_->table() : &null_layout};
  }
  SeriesRef find_or_add_slowly(const std::string_view* values) noexcept;
  std::uint32_t find(const SeriesKey& key) const noexcept;
  Slot find_unlocked(const SeriesKey& key) const noexcept;

  // Under the mutex. Rows; `LabelIndex::none` where there is no memory or no slot left.
  std::uint32_t find_or_add_locked(const std::string_view* values);
  std::uint32_t add_locked(const SeriesKey& key);
  std::uint32_t overflow_locked();
  Slot slot_of(std::uint32_t row) const noexcept;
  void start_locked(Slot slot);
  void end_locked(std::uint32_t row);
  std::uint64_t fingerprint(Slot slot) const noexcept;

  const FamilyDescription description_;
  const FamilyOptions options_;
  const std::unique_ptr<HistogramLayout> layout_;
  const ScrapeEpochs& epochs_;
  const Clock& clock_;
  UrgentChanges& urgent_changes_;
  const std::uint32_t label_count_;
  SymbolTable& symbols_;

  SeriesRows rows_;
  LabelIndex index_;
  std::atomic<std::uint64_t> version_{0};  ///< odd while entries of the index move
  std::atomic<Slot> overflow_slot_{null_slot};
  std::atomic<bool> full_{false};
  Slot overflow_counter_ = null_slot;

  mutable std::mutex mutex_;
  std::deque<Ended> ended_;
  std::unordered_map<Slot, Owned> owned_;
  std::vector<Age> ages_;                             ///< by row, in families that expire
  std::vector<std::chrono::nanoseconds> created_at_;  ///< by row, in families that tell
};

}  // namespace detail
BELLWETHER_NAMESPACE_END
