// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/head_reader.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::int64_t always = INT64_MIN;
constexpr std::int64_t never = INT64_MAX;

/// Decodes a chunk behind what is there, then cuts off both ends.
void append_chunk(const ChunkView& view, std::int64_t from, std::int64_t to, std::uint32_t skip, FloatColumns& out) {
  const std::size_t start = out.size();
  const std::size_t count = view.extent.count;
  out.resize(start + count);
  if (!decode_frames(view.chunk->start, view.data(), count, out.times.data() + start, out.values.data() + start)) {
    out.resize(start);  // cannot be: we wrote it
    return;
  }
  const auto begin = out.times.begin() + static_cast<std::ptrdiff_t>(start);
  std::ptrdiff_t drop = std::min<std::ptrdiff_t>(skip, view.extent.count);
  if (view.chunk->first_time < from) drop = std::max(drop, std::lower_bound(begin, out.times.end(), from) - begin);
  if (view.extent.last_time > to) {
    out.resize(static_cast<std::size_t>(std::upper_bound(begin, out.times.end(), to) - out.times.begin()));
  }
  erase_rows(out, start, std::min(static_cast<std::size_t>(drop), out.size() - start));
}

/// Samples in order with a number of `first_index` or more.
void read_in_order(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to, std::uint32_t first_index,
                   FloatColumns& out) {
  if (snapshot.tail == nullptr) return;
  const HeadTail& tail = *snapshot.tail;
  const ChunkList& chunks = snapshot.chunks;
  std::size_t end = 0;
  while (end < chunks.size() && chunks[end].extent.last_time >= from && chunks[end].end_index() > first_index) {
    ++end;  // older ones are older still
  }
  for (std::size_t i = end; i-- > 0;) {
    const HeadChunk& chunk = *chunks[i].chunk;
    if (chunk.first_time > to) return;
    append_chunk(chunks[i], from, to, first_index > chunk.first_index ? first_index - chunk.first_index : 0, out);
  }
  std::uint32_t first = first_index > tail.first_index ? first_index - tail.first_index : 0;
  std::uint32_t last = snapshot.tail_count;
  while (first < last && tail.time(first) < from) ++first;
  while (last > first && tail.time(last - 1) > to) --last;
  if (first >= last) return;
  const std::size_t start = out.size();
  out.resize(start + last - first);
  for (std::uint32_t i = first; i < last; ++i) {
    out.times[start + i - first] = tail.time(i);
    out.values[start + i - first] = tail.values[i];
  }
}

/// Puts them among the rows from `start` on.
void read_late(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to, std::uint64_t after_commit,
               std::size_t start, FloatColumns& rows) {
  if (snapshot.late == nullptr) return;
  const std::size_t middle = rows.size();
  for (const LateSample& sample : snapshot.late->samples) {
    if (sample.time < from || sample.time > to || sample.commit > snapshot.cut || sample.commit <= after_commit)
      continue;
    rows.times.push_back(sample.time);
    rows.values.push_back(sample.value);
  }
  settle(rows, start, middle);
}

template <typename Take>
void each_histogram(const HeadSnapshot& snapshot, std::int64_t from, std::uint32_t first_index, Take&& take) {
  std::vector<HeadSnapshot::Histograms> chunks;
  for (const HeadSnapshot::Histograms& each : snapshot.histograms) {
    if (each.chunk->first_index + static_cast<std::uint32_t>(each.published >> 32U) <= first_index) break;
    chunks.push_back(each);
    if (each.chunk->first_time < from) break;
  }
  for (auto each = chunks.rbegin(); each != chunks.rend(); ++each) {
    const auto count = static_cast<std::uint32_t>(each->published >> 32U);
    ByteReader reader(ByteView(each->chunk->data(), each->published & 0xffffffffU));
    HistogramSample sample;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t commit = reader.varint();
      sample.time = reader.signed_varint();
      if (!decode_histogram(reader, sample.value) || commit > snapshot.cut) return;
      if (each->chunk->first_index + i >= first_index) take(sample, each->chunk->first_index + i);
    }
  }
}

}  // namespace

bool take_snapshot(const HeadSeries& series, std::uint64_t cut, HeadSnapshot& snapshot, std::int64_t from) {
  snapshot.tail = nullptr;
  snapshot.late = nullptr;
  snapshot.tail_count = 0;
  snapshot.chunks.clear();
  snapshot.histograms.clear();
  snapshot.cut = cut;
  // Late samples first: they are never rolled into the tail, so the order of the two loads does not matter.
  snapshot.late = series.late.load(std::memory_order_acquire);
  if (const HistogramPart* const part = series.histograms.load(std::memory_order_acquire)) {
    for (const HistogramChunk* chunk = part->newest.load(std::memory_order_acquire); chunk != nullptr;
         chunk = chunk->older.load(std::memory_order_acquire)) {
      snapshot.histograms.push_back({chunk, chunk->published.load(std::memory_order_acquire)});
      if (chunk->first_time < from) break;
    }
  }
  snapshot.tail = series.tail.load(std::memory_order_acquire);
  if (snapshot.tail == nullptr) return true;
  if (snapshot.tail->chunks_commit > cut) return false;
  snapshot.tail_count = snapshot.tail->count.load(std::memory_order_acquire);
  ChunkView view{snapshot.tail->newest, snapshot.tail->newest_extent};
  while (view.chunk != nullptr && view.extent.last_time >= from) {
    snapshot.chunks.push_back(view);
    if (view.chunk->first_time < from) break;
    view.chunk = view.chunk->older.load(std::memory_order_acquire);
    if (view.chunk != nullptr) view.extent = view.chunk->extent;  // it is full
  }
  while (snapshot.tail_count > 0 && snapshot.tail->commits[snapshot.tail_count - 1] > cut) --snapshot.tail_count;
  return true;
}

void prefetch(const HeadSnapshot& snapshot) noexcept {
  if (snapshot.tail == nullptr) return;
  const auto fetch = [](const void* from, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; i += 64) __builtin_prefetch(static_cast<const char*>(from) + i);
  };
  fetch(snapshot.tail, sizeof(HeadTail));
  for (std::size_t i = 0; i < std::min<std::size_t>(snapshot.chunks.size(), 3); ++i) {
    const ChunkView& view = snapshot.chunks[i];
    fetch(view.chunk, sizeof(HeadChunk) + std::min<std::size_t>(view.extent.bytes, 448));
  }
}

void read_floats(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to, FloatColumns& out) {
  const std::size_t start = out.size();
  read_in_order(snapshot, from, to, 0, out);
  read_late(snapshot, from, to, 0, start, out);
}

void read_histograms(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to,
                     std::vector<HistogramSample>& out) {
  each_histogram(snapshot, from, 0, [&](const HistogramSample& sample, std::uint32_t) {
    if (sample.time >= from && sample.time <= to) out.push_back(sample);
  });
}

void read_unsealed(const HeadSnapshot& snapshot, std::uint32_t first_index, std::uint64_t after_commit,
                   FloatColumns& out) {
  const std::size_t start = out.size();
  read_in_order(snapshot, always, never, first_index, out);
  read_late(snapshot, always, never, after_commit, start, out);
}

std::uint32_t read_unsealed(const HeadSnapshot& snapshot, std::uint32_t first_index,
                            std::vector<HistogramSample>& out) {
  std::uint32_t end = first_index;
  each_histogram(snapshot, always, first_index, [&](const HistogramSample& sample, std::uint32_t index) {
    out.push_back(sample);
    end = index + 1;
  });
  return end;
}

bool find_sample(const HeadSeries& series, std::int64_t time, double& value) {
  HeadSnapshot snapshot;
  (void)take_snapshot(series, UINT64_MAX, snapshot);
  FloatColumns rows;
  read_floats(snapshot, time, time, rows);
  if (rows.times.empty()) return false;
  value = rows.values.front();
  return true;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
