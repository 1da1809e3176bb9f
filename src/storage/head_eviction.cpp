// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of the head's writer that lets go of what is on disk.
#include <algorithm>

#include "storage/head_series.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

void HeadWriter::evict_histograms(HeadSeries& series, std::int64_t before) {
  HistogramPart* const part = series.histograms.load(std::memory_order_relaxed);
  if (part == nullptr) return;
  std::atomic<HistogramChunk*>* link = &part->newest;
  HistogramChunk* chunk = link->load(std::memory_order_relaxed);
  std::uint32_t end = part->next_index;
  while (chunk != nullptr &&
         !(end <= part->sealed_index && chunk->last_time.load(std::memory_order_relaxed) < before)) {
    end = chunk->first_index;
    link = &chunk->older;
    chunk = link->load(std::memory_order_relaxed);
  }
  if (chunk == nullptr) return;
  link->store(nullptr, std::memory_order_release);
  while (chunk != nullptr) {
    HistogramChunk* const older = chunk->older.load(std::memory_order_relaxed);
    epochs_->retire(chunk, &HistogramChunk::free, sizeof(HistogramChunk) + chunk->capacity);
    chunk = older;
  }
}

bool HeadWriter::evict(HeadSeries& series, std::int64_t before) {
  evict_histograms(series, before);
  if (LateSamples* const late = series.late.load(std::memory_order_relaxed)) {
    std::uint64_t newest_commit = 0;
    for (const LateSample& sample : late->samples) newest_commit = std::max(newest_commit, sample.commit);
    if (newest_commit <= series.sealed_commit && late->samples.back().time < before) {
      series.late.store(nullptr, std::memory_order_release);
      epochs_->retire(late, &LateSamples::free, late->samples.size() * sizeof(LateSample));
    }
  }
  HistogramPart* const part = series.histograms.load(std::memory_order_relaxed);
  const bool no_histograms = part == nullptr || part->newest.load(std::memory_order_relaxed) == nullptr;
  HeadTail* const tail = series.tail.load(std::memory_order_relaxed);
  if (tail == nullptr) return no_histograms && series.late.load(std::memory_order_relaxed) == nullptr;
  const std::uint32_t end = tail->first_index + tail->count.load(std::memory_order_relaxed);
  if (end <= series.sealed_index && series.newest_time < before) {  // a series that ended: all of it
    auto* const last = tail->newest;
    series.tail.store(nullptr, std::memory_order_release);
    series.sealed_index = 0;  // numbering starts anew with the next tail
    for (HeadChunk* chunk = last; chunk != nullptr;) {
      HeadChunk* const older = chunk->older.load(std::memory_order_relaxed);
      epochs_->retire(chunk, &HeadChunk::free, chunk->size());
      chunk = older;
    }
    epochs_->retire(tail, &HeadTail::free, sizeof(HeadTail));
    return no_histograms && series.late.load(std::memory_order_relaxed) == nullptr;
  }
  // The newest chunk stays even when it is old: frames go on from its end.
  HeadChunk* kept = tail->newest;
  while (kept != nullptr) {
    HeadChunk* chunk = kept->older.load(std::memory_order_relaxed);
    if (chunk != nullptr && chunk->extent.last_time < before &&
        chunk->first_index + chunk->extent.count <= series.sealed_index) {
      kept->older.store(nullptr, std::memory_order_release);
      while (chunk != nullptr) {
        HeadChunk* const older = chunk->older.load(std::memory_order_relaxed);
        epochs_->retire(chunk, &HeadChunk::free, chunk->size());
        chunk = older;
      }
      break;
    }
    kept = chunk;
  }
  return false;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
