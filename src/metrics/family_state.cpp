// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/family_state.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include "metrics/exemplar_store.hpp"
#include "metrics/names.hpp"
#include "metrics/shard_arena.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace detail {
namespace {

/// So many others must end before a row is used again: a handle kept too long then seldom meets the next owner.
constexpr std::size_t resting_rows = 128;
constexpr std::string_view overflow_value = "overflow";

/// Label values as they are interned and exported: valid UTF-8. Allocates only where there is something to mend.
class MendedValues {
 public:
  MendedValues(const std::string_view* values, std::size_t count) : values_(values) {
    if (std::all_of(values, values + count, is_valid_utf8)) return;
    for (std::size_t i = 0; i < count; ++i) texts_.push_back(replace_invalid_utf8(values[i]));
    views_.assign(texts_.begin(), texts_.end());
    values_ = views_.data();
  }
  MendedValues(const MendedValues&) = delete;
  MendedValues& operator=(const MendedValues&) = delete;

  const std::string_view* values() const noexcept { return values_; }

 private:
  const std::string_view* values_;
  std::vector<std::string> texts_;
  std::vector<std::string_view> views_;
};

}  // namespace

std::uint64_t ScrapeEpochs::begin() {
  const std::scoped_lock lock(mutex_);
  running_.reserve(running_.size() + 1);
  const std::uint64_t epoch = ++current_;
  running_.push_back(epoch);
  oldest_.store(running_.front(), std::memory_order_release);
  return epoch;
}

void ScrapeEpochs::end(std::uint64_t epoch) {
  const std::scoped_lock lock(mutex_);
  running_.erase(std::find(running_.begin(), running_.end(), epoch));
  oldest_.store(running_.empty() ? none : running_.front(), std::memory_order_release);
}

FamilyState::FamilyState(FamilyDescription description, const FamilyOptions& options,
                         std::unique_ptr<HistogramLayout> layout, const ScrapeEpochs& epochs, const Clock& clock,
                         UrgentChanges& urgent_changes)
    : description_(std::move(description)),
      options_(options),
      layout_(std::move(layout)),
      epochs_(epochs),
      clock_(clock),
      urgent_changes_(urgent_changes),
      label_count_(static_cast<std::uint32_t>(description_.label_names.size())),
      symbols_(SymbolTable::process()),
      rows_(label_count_ + 1),
      overflow_counter_(ShardArena::process().allocate(1)) {}

FamilyState::~FamilyState() {
  ShardArena& arena = ShardArena::process();
  const auto release = [&](Slot first, std::uint32_t count) {
    if (options_.exemplars) ExemplarStore::process().clear(first, count);
    try {
      arena.release(first, count);
    } catch (const std::bad_alloc&) {  // the slots are lost, no more
    }
  };
  for (std::uint32_t row = 0; row < rows_.size(); ++row) {
    if (const Slot slot = SeriesRows::load(rows_.row(row)); slot != null_slot) release(slot, slot_count());
  }
  for (const Ended& ended : ended_) release(ended.slot, slot_count());
  if (overflow_counter_ != null_slot) release(overflow_counter_, 1);
}

[[gnu::always_inline]] inline std::uint32_t FamilyState::find(const SeriesKey& key) const noexcept {
  return index_.find(key.hash(), [&](std::uint32_t candidate) { return key.matches(rows_.row(candidate), symbols_); });
}

[[gnu::always_inline]] inline Slot FamilyState::find_unlocked(const SeriesKey& key) const noexcept {
  const std::uint64_t before = version_.load(std::memory_order_acquire);
  const std::uint32_t* words = nullptr;
  const std::uint32_t row = index_.find(key.hash(), [&](std::uint32_t candidate) {
    words = rows_.row(candidate);
    return key.matches(words, symbols_);
  });
  const Slot slot = row != LabelIndex::none ? SeriesRows::load(words) : null_slot;
  // An odd version, or a changed one, means that entries moved or rows changed hands while we looked.
  const bool valid = (before & 1U) == 0 && version_.load(std::memory_order_relaxed) == before;
  return valid ? slot : null_slot;
}

SeriesRef FamilyState::find_or_add(const std::string_view* values) noexcept {
  // The same code thrice: for a count that the compiler knows, the loops over labels dissolve into registers.
  const Slot slot = label_count_ == 2   ? find_unlocked({values, 2})
                    : label_count_ == 1 ? find_unlocked({values, 1})
                    : label_count_ == 3 ? find_unlocked({values, 3})
                                        : find_unlocked({values, label_count_});
  return slot != null_slot ? reference(slot) : find_or_add_slowly(values);
}

[[gnu::noinline, gnu::cold]] SeriesRef FamilyState::find_or_add_slowly(const std::string_view* values) noexcept {
  // Only what is surely unknown may overflow without the mutex. A series that exists may be missed when its values had
  // to be mended, and when others were removed while we looked.
  if (full_.load(std::memory_order_relaxed) && std::all_of(values, values + label_count_, is_valid_utf8)) {
    const std::uint64_t before = version_.load(std::memory_order_acquire);
    const bool unknown = find({values, label_count_}) == LabelIndex::none && (before & 1U) == 0 &&
                         version_.load(std::memory_order_relaxed) == before;
    const Slot slot = overflow_slot_.load(std::memory_order_acquire);
    if (unknown && slot != null_slot) {
      add(overflow_counter_, std::uint64_t{1});
      return reference(slot);
    }
  }
  try {
    const std::scoped_lock lock(mutex_);
    return reference(slot_of(find_or_add_locked(values)));
  } catch (const std::bad_alloc&) {
    add(overflow_counter_, std::uint64_t{1});
    return reference(overflow_slot_.load(std::memory_order_acquire));
  }
}

SeriesRef FamilyState::own(const std::string_view* values) noexcept {
  try {
    const std::scoped_lock lock(mutex_);
    const std::uint32_t row = find_or_add_locked(values);
    const Slot slot = slot_of(row);
    if (slot != null_slot) {
      Owned& owned = owned_[slot];
      owned.row = row;
      ++owned.owners;
    }
    return reference(slot);
  } catch (const std::bad_alloc&) {  // not the overflow series: it would be disowned without having been owned
    add(overflow_counter_, std::uint64_t{1});
    return reference(null_slot);
  }
}

SeriesRef FamilyState::overflow() noexcept {
  try {
    const std::scoped_lock lock(mutex_);
    return reference(slot_of(overflow_locked()));
  } catch (const std::bad_alloc&) {
    return reference(null_slot);
  }
}

Slot FamilyState::slot_of(std::uint32_t row) const noexcept {
  return row == LabelIndex::none ? null_slot : SeriesRows::load(rows_.row(row));
}

std::uint32_t FamilyState::find_or_add_locked(const std::string_view* values) {
  const MendedValues mended(values, label_count_);
  const SeriesKey key(mended.values(), label_count_);
  if (const std::uint32_t row = find(key); row != LabelIndex::none) return row;
  const std::size_t overflow_series = overflow_slot_.load(std::memory_order_relaxed) != null_slot ? 1 : 0;
  const std::size_t limit = label_count_ != 0 ? options_.series_limit : 1;
  full_.store(index_.size() - overflow_series >= limit, std::memory_order_relaxed);
  if (!full_.load(std::memory_order_relaxed)) {
    if (const std::uint32_t row = add_locked(key); row != LabelIndex::none) return row;
  }
  add(overflow_counter_, std::uint64_t{1});
  return overflow_locked();
}

std::uint32_t FamilyState::add_locked(const SeriesKey& key) {
  // All that can fail comes first: a series appears whole or not at all.
  std::uint32_t symbol_buffer[8];
  std::vector<std::uint32_t> symbol_vector;
  std::uint32_t* symbols = symbol_buffer;
  if (label_count_ > std::size(symbol_buffer)) {
    symbol_vector.resize(label_count_);
    symbols = symbol_vector.data();
  }
  for (std::size_t i = 0; i < label_count_; ++i) {
    symbols[i] = symbols_.intern(i == 0, description_.label_names[i], key.values()[i]);
    if (symbols[i] == 0) return LabelIndex::none;
  }

  const bool reuse = ended_.size() > resting_rows && ended_.front().epoch < epochs_.oldest_running();
  const std::uint32_t row = reuse ? ended_.front().row : rows_.size();
  std::uint32_t* words = reuse ? rows_.row(row) : rows_.prepare();
  if (options_.expire_after_scrapes != 0 && ages_.size() <= row) ages_.resize(row + 1);
  if (options_.created && created_at_.size() <= row) created_at_.resize(row + 1);
  const Slot slot = reuse ? ended_.front().slot : ShardArena::process().allocate(slot_count());
  if (slot == null_slot) return LabelIndex::none;
  try {
    if (options_.exemplars) ExemplarStore::process().enable(slot, slot_count());
    index_.make_room();
  } catch (const std::bad_alloc&) {
    if (!reuse) ShardArena::process().release(slot, slot_count());
    throw;
  }
  if (reuse) {
    ended_.pop_front();
    ShardArena::process().clear(slot, slot_count());
  }
  start_locked(slot);
  if (options_.expire_after_scrapes != 0) ages_[row] = Age{fingerprint(slot), 0};
  if (options_.created) created_at_[row] = clock_.wall();
  for (std::size_t i = 0; i < label_count_; ++i) SeriesRows::store(words + 1 + i, symbols[i]);
  SeriesRows::store(words, slot);
  if (!reuse) rows_.publish();
  if (options_.urgent) urgent_changes_.note();
  // Last: a look-up never finds a row with the labels of two series, and who announces what it found is heard.
  index_.insert(key.hash(), row);
  return row;
}

void FamilyState::start_locked(Slot slot) {
  if (description_.kind == Kind::max_gauge) {
    ShardArena::process().shared(slot).store(std::bit_cast<std::uint64_t>(MaxGauge::none), std::memory_order_relaxed);
  } else if (description_.kind == Kind::min_gauge) {
    ShardArena::process().shared(slot).store(std::bit_cast<std::uint64_t>(MinGauge::none), std::memory_order_relaxed);
  }
}

std::uint32_t FamilyState::overflow_locked() {
  const std::vector<std::string_view> values(label_count_, overflow_value);
  const SeriesKey key(values.data(), label_count_);
  std::uint32_t row = find(key);
  if (row == LabelIndex::none) row = add_locked(key);
  overflow_slot_.store(slot_of(row), std::memory_order_release);
  return row;
}

void FamilyState::disown(Slot slot) noexcept {
  const std::scoped_lock lock(mutex_);
  const auto found = owned_.find(slot);
  if (found == owned_.end() || --found->second.owners != 0) return;
  const std::uint32_t row = found->second.row;
  owned_.erase(found);
  if (slot != overflow_slot_.load(std::memory_order_relaxed)) end_locked(row);  // which others count into
}

bool FamilyState::remove(const std::string_view* values) noexcept {
  try {
    const MendedValues mended(values, label_count_);
    const std::scoped_lock lock(mutex_);
    const std::uint32_t row = find({mended.values(), label_count_});
    if (row == LabelIndex::none || owned_.contains(slot_of(row))) return false;
    end_locked(row);
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void FamilyState::end_locked(std::uint32_t row) {
  std::uint32_t* words = rows_.row(row);
  const Slot slot = SeriesRows::load(words);
  version_.fetch_add(1, std::memory_order_acq_rel);
  index_.erase(SeriesKey::hash_of(words, label_count_, symbols_), row);
  SeriesRows::store(words, null_slot);
  version_.fetch_add(1, std::memory_order_release);
  if (options_.urgent) urgent_changes_.note();
  if (slot == overflow_slot_.load(std::memory_order_relaxed))
    overflow_slot_.store(null_slot, std::memory_order_release);
  full_.store(false, std::memory_order_relaxed);
  if (options_.exemplars) ExemplarStore::process().clear(slot, slot_count());
  try {
    ended_.push_back({row, slot, epochs_.current()});
  } catch (const std::bad_alloc&) {  // the row is not used again, no more
  }
}

std::chrono::nanoseconds FamilyState::created_at(std::uint32_t row) const {
  const std::scoped_lock lock(mutex_);
  return row < created_at_.size() ? created_at_[row] : std::chrono::nanoseconds{0};
}

std::size_t FamilyState::series_count() const {
  const std::scoped_lock lock(mutex_);
  return index_.size();
}

std::uint64_t FamilyState::fingerprint(Slot slot) const noexcept {
  // A series changed when any of its cells did; of a histogram the count does not stand still when it is observed.
  std::uint64_t print = sum_integer(slot);
  for (std::uint32_t i = 1; i < slot_count(); ++i) print += sum_integer(slot + i) * (2 * std::uint64_t{i} + 1);
  return print;
}

void FamilyState::expire() {
  if (options_.expire_after_scrapes == 0) return;
  const std::scoped_lock lock(mutex_);
  for (std::uint32_t row = 0; row < rows_.size(); ++row) {
    const Slot slot = SeriesRows::load(rows_.row(row));
    if (slot == null_slot || owned_.contains(slot)) continue;
    const std::uint64_t now = fingerprint(slot);
    Age& age = ages_[row];
    if (now != age.fingerprint) {
      age = {now, 0};
    } else if (++age.unchanged > options_.expire_after_scrapes) {
      end_locked(row);
    }
  }
}

SeriesRef find_or_add(FamilyState& family, const std::string_view* values) noexcept {
  return family.find_or_add(values);
}
SeriesRef own(FamilyState& family, const std::string_view* values) noexcept {
  return family.own(values);
}
SeriesRef overflow(FamilyState& family) noexcept {
  return family.overflow();
}
void disown(FamilyState& family, Slot slot) noexcept {
  family.disown(slot);
}
bool remove(FamilyState& family, const std::string_view* values) noexcept {
  return family.remove(values);
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
