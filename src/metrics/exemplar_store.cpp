// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/exemplar_store.hpp"

#include <algorithm>
#include <bellwether/counter.hpp>
#include <bellwether/histogram.hpp>
#include <new>

#include "metrics/names.hpp"
#include "metrics/shard_arena.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace detail {

ExemplarStore& ExemplarStore::process() {
  alignas(ExemplarStore) static std::byte storage[sizeof(ExemplarStore)];
  static ExemplarStore* const store = new (storage) ExemplarStore;
  return *store;
}

void ExemplarStore::enable(Slot first, std::uint32_t count) {
  const std::scoped_lock lock(mutex_);
  if (find(first) != nullptr) return clear(first, count);  // the slots of a series that ended, in use again
  // All that can fail comes first: nothing may point to places that are not kept.
  for (std::size_t page = first / page_slots; page <= (first + count - 1) / page_slots; ++page) {
    if (pages_[page].load(std::memory_order_relaxed) != nullptr) continue;
    owned_pages_.push_back(std::make_unique<Page>());
    pages_[page].store(owned_pages_.back().get(), std::memory_order_release);
  }
  owned_places_.push_back(std::make_unique<Place[]>(count));
  Place* const places = owned_places_.back().get();
  for (std::uint32_t i = 0; i < count; ++i) {
    Page& page = *pages_[(first + i) / page_slots].load(std::memory_order_relaxed);
    page[(first + i) % page_slots].store(&places[i], std::memory_order_release);
  }
}

void ExemplarStore::clear(Slot first, std::uint32_t count) noexcept {
  for (Slot slot = first; slot < first + count; ++slot) {
    Place* const place = find(slot);
    if (place == nullptr) continue;
    while (place->busy.test_and_set(std::memory_order_acquire)) {  // held for some nanoseconds at most
    }
    place->set = false;
    place->busy.clear(std::memory_order_release);
  }
}

ExemplarStore::Place* ExemplarStore::find(Slot slot) const noexcept {
  const Page* const page = pages_[slot / page_slots].load(std::memory_order_acquire);
  return page == nullptr ? nullptr : (*page)[slot % page_slots].load(std::memory_order_acquire);
}

void ExemplarStore::remember(Slot slot, double value, const Exemplar& exemplar) noexcept {
  Place* const place = find(slot);
  if (place == nullptr || exemplar.label.size() + exemplar.value.size() > StoredExemplar::longest ||
      !is_legacy_label_name(exemplar.label) || !is_valid_utf8(exemplar.value) ||
      place->busy.test_and_set(std::memory_order_acquire)) {
    return;
  }
  StoredExemplar& stored = place->exemplar;
  stored.value = value;
  stored.time_nanoseconds = exemplar.time.count();
  stored.label_size = static_cast<std::uint8_t>(exemplar.label.size());
  stored.value_size = static_cast<std::uint8_t>(exemplar.value.size());
  std::copy(exemplar.value.begin(), exemplar.value.end(),
            std::copy(exemplar.label.begin(), exemplar.label.end(), stored.characters.begin()));
  place->set = true;
  place->busy.clear(std::memory_order_release);
}

bool ExemplarStore::read(Slot slot, StoredExemplar& exemplar) const noexcept {
  Place* const place = find(slot);
  if (place == nullptr || place->busy.test_and_set(std::memory_order_acquire)) return false;
  const bool set = place->set;
  if (set) exemplar = place->exemplar;
  place->busy.clear(std::memory_order_release);
  return set;
}

namespace {

template <typename Sum>
void observe_with_exemplar(Slot slot, const BucketLayout& layout, double recorded, Sum sum, double exported,
                           const Exemplar& exemplar) noexcept {
  observe(slot, layout, recorded, sum);
  ExemplarStore::process().remember(slot + 1 + layout.find(recorded), exported, exemplar);
}

std::uint64_t count_buckets(Slot slot, const BucketLayout& layout) noexcept {
  std::uint64_t count = 0;
  for (std::uint32_t bucket = 0; bucket < layout.bucket_count; ++bucket) count += sum_integer(slot + 1 + bucket);
  return count;
}

}  // namespace
}  // namespace detail

void Counter::inc(std::uint64_t amount, const Exemplar& exemplar) const noexcept {
  inc(amount);
  detail::ExemplarStore::process().remember(slot_, static_cast<double>(amount), exemplar);
}

void Histogram::observe(double value, const Exemplar& exemplar) const noexcept {
  if (!(value <= std::numeric_limits<double>::max() && value >= std::numeric_limits<double>::lowest())) {
    return observe(value);
  }
  detail::observe_with_exemplar(slot_, *layout_, value, value, value, exemplar);
}

std::uint64_t Histogram::count() const noexcept {
  return detail::count_buckets(slot_, *layout_);
}

void DurationHistogram::observe(std::chrono::nanoseconds duration, const Exemplar& exemplar) const noexcept {
  const auto nanoseconds = static_cast<double>(duration.count());
  detail::observe_with_exemplar(slot_, *layout_, nanoseconds, static_cast<std::uint64_t>(duration.count()),
                                nanoseconds / 1e9, exemplar);
}

std::uint64_t DurationHistogram::count() const noexcept {
  return detail::count_buckets(slot_, *layout_);
}

BELLWETHER_NAMESPACE_END
