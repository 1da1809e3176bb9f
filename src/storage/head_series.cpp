// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/head_series.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "storage/head_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::uint32_t max_chunk_samples = 128;
constexpr std::size_t max_chunk_bytes = 4096;
constexpr std::size_t max_late_samples = 8192;

void free_chunks(HeadChunk* chunk) {
  while (chunk != nullptr) {
    HeadChunk* const older = chunk->older.load(std::memory_order_relaxed);
    HeadChunk::free(chunk);
    chunk = older;
  }
}

/// What a whole chunk will take, when `count` samples of the series took `bytes`.
std::size_t expected_bytes(std::size_t bytes, std::size_t count) {
  return bytes * max_chunk_samples / count + bytes / 8;
}

bool fits(std::int64_t offset) {
  return offset >= INT32_MIN && offset <= INT32_MAX;
}

}  // namespace

const char* to_string(Outcome outcome) noexcept {
  constexpr const char* names[outcome_count] = {"appended",      "out_of_order",   "duplicate", "conflict",  "too_old",
                                                "too_far_ahead", "unknown_series", "malformed", "store_full"};
  return names[static_cast<std::size_t>(outcome)];
}

HeadChunk* HeadChunk::make(std::size_t bytes) {
  // Few sizes, so that the room of one chunk fits the next: 64 bytes apart, with the eight that malloc keeps for itself.
  const std::size_t total = (sizeof(HeadChunk) + bytes + 8 + 63) / 64 * 64 - 8;
  auto* const chunk = new (::operator new(total)) HeadChunk;
  chunk->capacity = static_cast<std::uint32_t>(total - sizeof(HeadChunk));
  return chunk;
}

void HeadChunk::free(void* chunk) noexcept {
  static_cast<HeadChunk*>(chunk)->~HeadChunk();
  ::operator delete(chunk);
}

HistogramChunk* HistogramChunk::make(std::uint32_t capacity) {
  auto* const chunk = new (::operator new(sizeof(HistogramChunk) + capacity)) HistogramChunk;
  chunk->capacity = capacity;
  return chunk;
}

void HistogramChunk::free(void* chunk) noexcept {
  static_cast<HistogramChunk*>(chunk)->~HistogramChunk();
  ::operator delete(chunk);
}

HeadSeries::~HeadSeries() {
  if (HeadTail* const last = tail.load(std::memory_order_relaxed)) {
    free_chunks(last->newest);
    delete last;
  }
  delete late.load(std::memory_order_relaxed);
  if (HistogramPart* const part = histograms.load(std::memory_order_relaxed)) {
    for (HistogramChunk* chunk = part->newest.load(std::memory_order_relaxed); chunk != nullptr;) {
      HistogramChunk* const older = chunk->older.load(std::memory_order_relaxed);
      HistogramChunk::free(chunk);
      chunk = older;
    }
    delete part;
  }
}

/// A new chunk after `newest`, of which `count` samples stand in the scratch.
HeadChunk* HeadWriter::chunk_for_scratch(HeadChunk* newest, std::uint32_t count) {
  const std::size_t expected = newest == nullptr ? expected_bytes(scratch_.size(), count)
                                                 : expected_bytes(newest->extent.bytes, newest->extent.count);
  return HeadChunk::make(std::max(std::min(expected, max_chunk_bytes), scratch_.size()));
}

/// The full tail becomes frames: of the newest chunk, or of a new one when that is large enough.
void HeadWriter::roll(HeadSeries& series, HeadTail* tail, std::int64_t next_time) {
  auto* const next = new HeadTail;
  next->base_time = next_time;
  const std::uint32_t count = tail->count.load(std::memory_order_relaxed);
  next->first_index = tail->first_index + count;
  HeadChunk* const newest = tail->newest;
  std::int64_t times[HeadTail::capacity] = {};
  for (std::uint32_t i = 0; i < count; ++i) times[i] = tail->time(i);
  const bool extend =
      newest != nullptr && newest->extent.count + count <= max_chunk_samples && newest->extent.bytes < max_chunk_bytes;
  FrameState start;
  if (!extend) {
    series.end.value = tail->values[0];
    series.end.delta = count > 1 ? times[1] - times[0] : 0;
    series.end.time = times[0] - series.end.delta;
    series.end.exponent = 0;
    start = series.end;
  }
  scratch_.clear();
  encode_frames(series.end, times, tail->values, count, scratch_);
  HeadChunk* chunk = newest;
  if (!extend) {
    chunk = chunk_for_scratch(newest, count);
    chunk->first_index = tail->first_index;
    chunk->first_time = times[0];
    chunk->start = start;
    chunk->older.store(newest, std::memory_order_relaxed);
  } else if (newest->extent.bytes + scratch_.size() > newest->capacity) {  // its values have become more various
    const ChunkExtent& extent = newest->extent;
    const std::size_t bytes = extent.bytes + scratch_.size();
    chunk = HeadChunk::make(std::max(bytes, std::min(expected_bytes(bytes, extent.count + count), max_chunk_bytes)));
    chunk->first_index = newest->first_index;
    chunk->first_time = newest->first_time;
    chunk->extent = extent;
    chunk->start = newest->start;
    chunk->older.store(newest->older.load(std::memory_order_relaxed), std::memory_order_relaxed);
    std::memcpy(chunk->data(), newest->data(), extent.bytes);
  }
  std::memcpy(chunk->data() + chunk->extent.bytes, scratch_.data(), scratch_.size());
  chunk->extent.last_time = times[count - 1];
  chunk->extent.count = static_cast<std::uint16_t>(chunk->extent.count + count);
  chunk->extent.bytes = static_cast<std::uint16_t>(chunk->extent.bytes + scratch_.size());
  next->newest = chunk;
  next->newest_extent = chunk->extent;
  next->chunks_commit = std::max<std::uint64_t>(tail->chunks_commit, tail->commits[count - 1]);
  series.tail.store(next, std::memory_order_release);
  epochs_->retire(tail, &HeadTail::free, sizeof(HeadTail));
  if (extend && chunk != newest) epochs_->retire(newest, &HeadChunk::free, newest->size());
}

Outcome HeadWriter::append(HeadSeries& series, std::int64_t time, double value, std::uint64_t commit,
                           std::int64_t window_ms) {
  if (series.newest_time != HeadSeries::no_time && time <= series.newest_time) {
    HeadTail* const present = series.tail.load(std::memory_order_relaxed);
    if (time == series.newest_time && present != nullptr) {
      return bits_of(value) == bits_of(series.newest_value) ? Outcome::duplicate : Outcome::conflict;
    }
    if (time < series.newest_time - window_ms) return Outcome::too_old;
    return append_late(series, time, value, commit);
  }
  HeadTail* tail = series.tail.load(std::memory_order_relaxed);
  if (tail == nullptr) {
    tail = new HeadTail;
    tail->base_time = time;
    series.tail.store(tail, std::memory_order_release);
  }
  std::uint32_t count = tail->count.load(std::memory_order_relaxed);
  if (count == HeadTail::capacity || (count > 0 && !fits(time - tail->base_time))) {
    roll(series, tail, time);
    tail = series.tail.load(std::memory_order_relaxed);
    count = 0;
  } else if (count == 0 && !fits(time - tail->base_time)) {
    // Nothing is published in it yet but its base: replace it.
    auto* const next = new HeadTail;
    next->newest = tail->newest;
    next->newest_extent = tail->newest_extent;
    next->chunks_commit = tail->chunks_commit;
    next->first_index = tail->first_index;
    next->base_time = time;
    series.tail.store(next, std::memory_order_release);
    epochs_->retire(tail, &HeadTail::free, sizeof(HeadTail));
    tail = next;
  }
  tail->offsets[count] = static_cast<std::int32_t>(time - tail->base_time);
  tail->values[count] = value;
  tail->commits[count] = static_cast<std::uint32_t>(commit);
  tail->count.store(count + 1, std::memory_order_release);
  series.newest_time = time;
  series.newest_value = value;
  return Outcome::appended;
}

Outcome HeadWriter::append_late(HeadSeries& series, std::int64_t time, double value, std::uint64_t commit) {
  double there = 0;
  if (find_sample(series, time, there)) {
    return bits_of(value) == bits_of(there) ? Outcome::duplicate : Outcome::conflict;
  }
  LateSamples* const before = series.late.load(std::memory_order_relaxed);
  if (before != nullptr && before->samples.size() >= max_late_samples) return Outcome::too_old;
  auto* const next = new LateSamples;
  if (before != nullptr) {
    next->samples.reserve(before->samples.size() + 1);
    next->samples = before->samples;
  }
  const auto place = std::upper_bound(next->samples.begin(), next->samples.end(), time,
                                      [](std::int64_t t, const LateSample& sample) { return t < sample.time; });
  next->samples.insert(place, {time, value, commit});
  series.late.store(next, std::memory_order_release);
  if (before != nullptr) epochs_->retire(before, &LateSamples::free, before->samples.size() * sizeof(LateSample));
  return Outcome::out_of_order;
}

Outcome HeadWriter::append(HeadSeries& series, std::int64_t time, const HistogramValue& value, std::uint64_t commit) {
  if (!is_well_formed(value)) return Outcome::malformed;
  HistogramPart* part = series.histograms.load(std::memory_order_relaxed);
  if (part == nullptr) {
    part = new HistogramPart;
    part->last_time = HeadSeries::no_time;
    series.histograms.store(part, std::memory_order_release);
  }
  if (time == part->last_time) {
    return same_histogram(part->last, value) ? Outcome::duplicate : Outcome::conflict;
  }
  if (time < part->last_time) return Outcome::too_old;
  HistogramChunk* chunk = part->newest.load(std::memory_order_relaxed);
  std::uint64_t published = chunk == nullptr ? 0 : chunk->published.load(std::memory_order_relaxed);
  const auto encode = [&](const HistogramValue& before) {
    scratch_.clear();
    ByteWriter writer(scratch_);
    writer.varint(commit);
    writer.signed_varint(time);
    encode_histogram(before, value, writer);
  };
  encode(chunk == nullptr ? HistogramValue{} : part->last);
  const bool fits_in = chunk != nullptr && (published >> 32U) < HistogramChunk::max_records &&
                       (published & 0xffffffffU) + scratch_.size() <= chunk->capacity;
  if (!fits_in) {
    encode(HistogramValue{});
    const std::size_t capacity = std::max<std::size_t>(1024, scratch_.size() * 2);
    HistogramChunk* const next =
        HistogramChunk::make(static_cast<std::uint32_t>(std::min<std::size_t>(capacity, 1U << 24U)));
    next->first_index = part->next_index;
    next->first_time = time;
    next->older.store(chunk, std::memory_order_relaxed);
    part->newest.store(next, std::memory_order_release);
    chunk = next;
    published = 0;
  }
  std::memcpy(chunk->data() + (published & 0xffffffffU), scratch_.data(), scratch_.size());
  chunk->last_time.store(time, std::memory_order_relaxed);
  chunk->published.store(published + (std::uint64_t{1} << 32U) + scratch_.size(), std::memory_order_release);
  part->last = value;
  part->last_time = time;
  ++part->next_index;
  return Outcome::appended;
}

std::size_t memory_of(const HeadSeries& series) {
  std::size_t total = sizeof(HeadSeries);
  if (const HeadTail* const tail = series.tail.load(std::memory_order_acquire)) {
    total += sizeof(HeadTail);
    for (const HeadChunk* chunk = tail->newest; chunk != nullptr;
         chunk = chunk->older.load(std::memory_order_acquire)) {
      total += chunk->size() + 16;
    }
  }
  if (const LateSamples* const late = series.late.load(std::memory_order_acquire)) {
    total += late->samples.size() * sizeof(LateSample);
  }
  if (const HistogramPart* const part = series.histograms.load(std::memory_order_acquire)) {
    total += sizeof(HistogramPart);
    for (const HistogramChunk* chunk = part->newest.load(std::memory_order_acquire); chunk != nullptr;
         chunk = chunk->older.load(std::memory_order_acquire)) {
      total += sizeof(HistogramChunk) + chunk->capacity;
    }
  }
  return total;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
