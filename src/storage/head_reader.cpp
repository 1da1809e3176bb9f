// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/head_reader.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::int64_t always = INT64_MIN;
constexpr std::int64_t never = INT64_MAX;

/// Decodes a chunk behind what is there, then cuts off both ends.
void append_chunk(const HeadChunk& chunk, std::int64_t from, std::int64_t to, std::uint32_t skip, FloatColumns& out) {
  const std::size_t start = out.times.size();
  out.times.resize(start + chunk.count);
  out.values.resize(start + chunk.count);
  if (!decode_frames(chunk.start, chunk.data(), chunk.count, out.times.data() + start, out.values.data() + start)) {
    out.times.resize(start);  // cannot be: we wrote it
    out.values.resize(start);
    return;
  }
  const auto begin = out.times.begin() + static_cast<std::ptrdiff_t>(start);
  if (chunk.last_time > to) {
    const auto kept = static_cast<std::size_t>(std::upper_bound(begin, out.times.end(), to) - out.times.begin());
    out.times.resize(kept);
    out.values.resize(kept);
  }
  std::ptrdiff_t drop = std::min<std::ptrdiff_t>(skip, out.times.end() - begin);
  if (chunk.first_time < from) drop = std::max(drop, std::lower_bound(begin, out.times.end(), from) - begin);
  if (drop > 0) {
    out.times.erase(begin, begin + drop);
    const auto values = out.values.begin() + static_cast<std::ptrdiff_t>(start);
    out.values.erase(values, values + drop);
  }
}

/// Samples in order with a number of `first_index` or more.
void read_in_order(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to, std::uint32_t first_index,
                   FloatColumns& out) {
  if (snapshot.tail == nullptr) return;
  const HeadTail& tail = *snapshot.tail;
  std::vector<const HeadChunk*> chunks;
  for (const HeadChunk* const chunk : snapshot.chunks) {
    if (chunk->last_time < from || chunk->first_index + chunk->count <= first_index)
      break;  // older ones are older still
    if (chunk->first_time <= to) chunks.push_back(chunk);
  }
  for (auto chunk = chunks.rbegin(); chunk != chunks.rend(); ++chunk) {
    append_chunk(**chunk, from, to, first_index > (*chunk)->first_index ? first_index - (*chunk)->first_index : 0, out);
  }
  for (std::uint32_t i = 0; i < snapshot.tail_count; ++i) {
    const std::int64_t time = tail.time(i);
    if (time < from || time > to || tail.first_index + i < first_index) continue;
    out.times.push_back(time);
    out.values.push_back(tail.values[i]);
  }
}

void read_late(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to, std::uint64_t after_commit,
               FloatColumns& rows) {
  if (snapshot.late == nullptr) return;
  FloatColumns late;
  for (const LateSample& sample : snapshot.late->samples) {
    if (sample.time < from || sample.time > to || sample.commit > snapshot.cut || sample.commit <= after_commit)
      continue;
    late.times.push_back(sample.time);
    late.values.push_back(sample.value);
  }
  merge_columns(rows, late);
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

bool take_snapshot(const HeadSeries& series, std::uint64_t cut, HeadSnapshot& snapshot) {
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
    }
  }
  snapshot.tail = series.tail.load(std::memory_order_acquire);
  if (snapshot.tail == nullptr) return true;
  if (snapshot.tail->chunks_commit > cut) return false;
  snapshot.tail_count = snapshot.tail->count.load(std::memory_order_acquire);
  for (const HeadChunk* chunk = snapshot.tail->newest; chunk != nullptr;
       chunk = chunk->older.load(std::memory_order_acquire)) {
    snapshot.chunks.push_back(chunk);
  }
  while (snapshot.tail_count > 0 && snapshot.tail->commits[snapshot.tail_count - 1] > cut) --snapshot.tail_count;
  return true;
}

void read_floats(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to, FloatColumns& out) {
  if (snapshot.late == nullptr) {
    read_in_order(snapshot, from, to, 0, out);
    return;
  }
  FloatColumns rows;
  read_in_order(snapshot, from, to, 0, rows);
  read_late(snapshot, from, to, 0, rows);
  out.times.insert(out.times.end(), rows.times.begin(), rows.times.end());
  out.values.insert(out.values.end(), rows.values.begin(), rows.values.end());
}

void read_histograms(const HeadSnapshot& snapshot, std::int64_t from, std::int64_t to,
                     std::vector<HistogramSample>& out) {
  each_histogram(snapshot, from, 0, [&](const HistogramSample& sample, std::uint32_t) {
    if (sample.time >= from && sample.time <= to) out.push_back(sample);
  });
}

void read_unsealed(const HeadSnapshot& snapshot, std::uint32_t first_index, std::uint64_t after_commit,
                   FloatColumns& out) {
  read_in_order(snapshot, always, never, first_index, out);
  read_late(snapshot, always, never, after_commit, out);
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

void merge_columns(FloatColumns& rows, const FloatColumns& more) {
  if (more.times.empty()) return;
  if (rows.times.empty() || rows.times.back() < more.times.front()) {
    rows.times.insert(rows.times.end(), more.times.begin(), more.times.end());
    rows.values.insert(rows.values.end(), more.values.begin(), more.values.end());
    return;
  }
  FloatColumns merged;
  merged.times.reserve(rows.times.size() + more.times.size());
  merged.values.reserve(rows.times.size() + more.times.size());
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < rows.times.size() || b < more.times.size()) {
    const bool take_more = a == rows.times.size() || (b < more.times.size() && more.times[b] < rows.times[a]);
    if (!take_more && b < more.times.size() && more.times[b] == rows.times[a]) ++b;
    merged.times.push_back(take_more ? more.times[b] : rows.times[a]);
    merged.values.push_back(take_more ? more.values[b] : rows.values[a]);
    ++(take_more ? b : a);
  }
  rows = std::move(merged);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
