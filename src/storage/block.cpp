// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/block.hpp"

#include <algorithm>

#include "storage/packed_blob.hpp"
#include "storage/value_column.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

std::size_t BlockBuilder::times_of(const std::vector<std::int64_t>& times) {
  samples_ += times.size();
  from_ = std::min(from_, times.front());
  to_ = std::max(to_, times.back());
  for (std::size_t i = times_.size(); i > 0; --i) {  // most likely those of the series before
    if (times_[i - 1] == times) return i - 1;
    if (times_.size() - i > 8) break;
  }
  times_.push_back(times);
  return times_.size() - 1;
}

void BlockBuilder::add(std::uint32_t series, const FloatColumns& columns) {
  if (columns.times.empty()) return;
  Entry entry{series, times_of(columns.times), false, {}};
  ByteWriter writer(entry.values);
  encode_values(columns.values, writer);
  entries_.push_back(std::move(entry));
}

void BlockBuilder::add(std::uint32_t series, const std::vector<HistogramSample>& samples) {
  if (samples.empty()) return;
  std::vector<std::int64_t> times;
  times.reserve(samples.size());
  for (const HistogramSample& sample : samples) times.push_back(sample.time);
  Entry entry{series, times_of(times), true, {}};
  ByteWriter writer(entry.values);
  const HistogramValue none;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    encode_histogram(i == 0 ? none : samples[i - 1].value, samples[i].value, writer);
  }
  entries_.push_back(std::move(entry));
}

Bytes BlockBuilder::finish(int level) {
  Bytes content;
  ByteWriter writer(content);
  writer.varint(times_.size());
  for (const std::vector<std::int64_t>& times : times_) {
    Bytes column;
    ByteWriter column_writer(column);
    encode_times(times, column_writer);
    writer.varint(times.size());
    writer.varint(column.size());
    writer.raw(column);
  }
  writer.varint(entries_.size());
  std::uint32_t before = 0;
  for (const Entry& entry : entries_) {
    writer.signed_varint(static_cast<std::int64_t>(entry.series) - before);
    writer.varint(entry.times * 2 + (entry.histograms ? 1 : 0));
    writer.varint(entry.values.size());
    before = entry.series;
  }
  for (const Entry& entry : entries_) writer.raw(entry.values);
  Bytes blob = pack_blob(content, level);
  *this = {};
  return blob;
}

std::optional<Block> Block::open(ByteView blob) {
  std::optional<Bytes> content = unpack_blob(blob);
  if (!content) return std::nullopt;
  Block block;
  block.content_ = std::move(*content);
  if (!block.parse()) return std::nullopt;
  return block;
}

bool Block::parse() {
  ByteReader reader(content_);
  const std::uint64_t columns = reader.varint();
  if (columns > reader.left() / 3) return false;
  times_.reserve(static_cast<std::size_t>(columns));
  for (std::uint64_t i = 0; i < columns; ++i) {
    const std::uint64_t count = reader.varint();
    ByteReader column(reader.raw(reader.varint()));
    if (!reader.good() || count == 0 || count > column.left()) return false;
    std::optional<TimeColumn> times = TimeColumn::decode(column, static_cast<std::size_t>(count));
    if (!times) return false;
    times_.push_back(std::move(*times));
  }
  const std::uint64_t series = reader.varint();
  if (series > reader.left() / 3) return false;
  entries_.reserve(static_cast<std::size_t>(series));
  std::int64_t id = 0;
  std::uint64_t offset = 0;
  for (std::uint64_t i = 0; i < series; ++i) {
    id = wrapping_add(id, reader.signed_varint());
    const std::uint64_t times = reader.varint();
    const std::uint64_t size = reader.varint();
    if (!reader.good() || id < 0 || id > UINT32_MAX || times / 2 >= times_.size() || size > content_.size())
      return false;
    const TimeColumn& column = times_[static_cast<std::size_t>(times / 2)];
    entries_.push_back({static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(column.size()), column.front(),
                        column.back(), times % 2 == 1, static_cast<std::uint32_t>(times / 2),
                        static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(size)});
    offset += size;
    if (offset > content_.size()) return false;
  }
  const std::size_t start = content_.size() - reader.left();
  if (offset != reader.left()) return false;
  for (Entry& entry : entries_) entry.offset += static_cast<std::uint32_t>(start);
  const auto by_series = [](const Entry& a, const Entry& b) { return a.series < b.series; };
  if (!std::is_sorted(entries_.begin(), entries_.end(), by_series)) {  // not as we write them
    std::stable_sort(entries_.begin(), entries_.end(), by_series);
  }
  bytes_ = sizeof(Block) + content_.capacity() + entries_.capacity() * sizeof(Entry);
  for (const TimeColumn& times : times_) bytes_ += sizeof(times) + times.bytes();
  return true;
}

std::span<const Block::Entry> Block::find(std::uint32_t series) const noexcept {
  if (entries_.empty() || series < entries_.front().series || series > entries_.back().series) return {};
  // Most blocks hold all series of their group, once each: then its place is known.
  std::size_t first = series - entries_.front().series;
  if (first >= entries_.size() || entries_[first].series != series) {
    first = static_cast<std::size_t>(
        std::lower_bound(entries_.begin(), entries_.end(), series,
                         [](const Entry& entry, std::uint32_t wanted) { return entry.series < wanted; }) -
        entries_.begin());
  } else {
    while (first > 0 && entries_[first - 1].series == series) --first;
  }
  std::size_t end = first;
  while (end < entries_.size() && entries_[end].series == series) ++end;
  return std::span(entries_).subspan(first, end - first);
}

void Block::prefetch_entry(std::uint32_t series) const noexcept {
  if (entries_.empty()) return;
  const std::size_t place = std::size_t{series} - entries_.front().series;  // where it stands in most blocks
  if (place < entries_.size()) __builtin_prefetch(&entries_[place]);
}

void Block::prefetch_values(std::uint32_t series) const noexcept {
  if (entries_.empty()) return;
  const std::size_t place = std::size_t{series} - entries_.front().series;
  if (place >= entries_.size() || entries_[place].series != series) return;
  const std::size_t bytes = std::min<std::size_t>(entries_[place].size, 256);
  const std::uint8_t* const values = content_.data() + entries_[place].offset;
  for (std::size_t i = 0; i < bytes; i += 64) __builtin_prefetch(values + i);
}

Block::Times Block::times(const Entry& entry, std::int64_t from, std::int64_t to) const noexcept {
  if (entry.last_time < from || entry.first_time > to) return {};
  const TimeColumn& all = times_[entry.times];
  const std::size_t begin = all.lower_place(from);
  return {&all, begin, std::max(begin, all.upper_place(to))};
}

bool Block::read(const Entry& entry, std::int64_t from, std::int64_t to, FloatColumns& out) const {
  if (entry.histograms) return true;
  const Times wanted = times(entry, from, to);
  if (wanted.size() == 0) return true;
  const std::size_t start = out.size();
  ByteReader reader(ByteView(content_).subspan(entry.offset, entry.size));
  out.values.resize(start + wanted.end);
  if (!decode_values(reader, entry.count, wanted.end, out.values.data() + start)) {
    out.values.resize(start);
    return false;
  }
  if (wanted.begin > 0) {
    const auto values = out.values.begin() + static_cast<std::ptrdiff_t>(start);
    out.values.erase(values, values + static_cast<std::ptrdiff_t>(wanted.begin));
  }
  wanted.column->append(wanted.begin, wanted.end, out.times);
  return true;
}

bool Block::read(const Entry& entry, std::int64_t from, std::int64_t to, std::vector<HistogramSample>& out) const {
  if (!entry.histograms || entry.last_time < from || entry.first_time > to) return true;
  ByteReader reader(ByteView(content_).subspan(entry.offset, entry.size));
  HistogramSample sample;
  const TimeColumn& times = times_[entry.times];
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!decode_histogram(reader, sample.value)) return false;
    sample.time = times.at(i);
    if (sample.time >= from && sample.time <= to) out.push_back(sample);
  }
  return true;
}

bool Block::read(std::uint32_t series, std::int64_t from, std::int64_t to, FloatColumns& out) const {
  bool good = true;
  const std::size_t start = out.size();
  for (const Entry& entry : find(series)) {
    const std::size_t middle = out.size();
    good = read(entry, from, to, out) && good;
    settle(out, start, middle);
  }
  return good;
}

bool Block::read(std::uint32_t series, std::int64_t from, std::int64_t to, std::vector<HistogramSample>& out) const {
  for (const Entry& entry : find(series)) {
    if (!read(entry, from, to, out)) return false;
  }
  return true;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
