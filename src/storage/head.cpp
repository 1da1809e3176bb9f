// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/head.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

void free_series(void* series) {
  delete static_cast<HeadSeries*>(series);
}

}  // namespace

Head::~Head() {
  for (std::atomic<Segment*>& segment : segments_) {
    Segment* const present = segment.load(std::memory_order_relaxed);
    if (present == nullptr) continue;
    for (std::atomic<HeadSeries*>& series : *present) delete series.load(std::memory_order_relaxed);
    delete present;
  }
}

Result<SeriesRef> Head::find_or_add(const LabelSet& labels, bool beyond_limit) {
  if (const std::optional<std::uint32_t> id = index.find(labels); id && find(*id) != nullptr) return SeriesRef{*id};
  const std::lock_guard lock(add_mutex_);
  if (const std::optional<std::uint32_t> id = index.find(labels)) return SeriesRef{*id};
  if (!beyond_limit && index.size() >= series_limit_) {
    return Error{"the limit of " + std::to_string(series_limit_) + " series is reached; " + labels.to_string() +
                 " is not stored. Find the label with too many values, or raise the limit"};
  }
  if (end_id() >= segments_.size() * segment_size) return Error{"too many series have come and gone; restart"};
  const std::uint32_t id = index.add(labels);
  std::atomic<Segment*>& segment = segments_[id / segment_size];
  if (segment.load(std::memory_order_relaxed) == nullptr) segment.store(new Segment{}, std::memory_order_release);
  (*segment.load(std::memory_order_relaxed))[id % segment_size].store(new HeadSeries, std::memory_order_release);
  end_id_.store(id + 1, std::memory_order_release);
  return SeriesRef{id};
}

HeadSeries* Head::find(std::uint32_t id) const noexcept {
  if (id >= segments_.size() * segment_size) return nullptr;
  const Segment* const segment = segments_[id / segment_size].load(std::memory_order_acquire);
  return segment == nullptr ? nullptr : (*segment)[id % segment_size].load(std::memory_order_acquire);
}

void Head::remove(std::span<const std::uint32_t> ids) {
  const std::lock_guard lock(add_mutex_);
  index.remove(ids);
  for (const std::uint32_t id : ids) {
    HeadSeries* const series = find(id);
    if (series == nullptr) continue;
    (*segments_[id / segment_size].load(std::memory_order_relaxed))[id % segment_size].store(nullptr,
                                                                                             std::memory_order_release);
    epochs.retire(series, free_series, memory_of(*series));
  }
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
