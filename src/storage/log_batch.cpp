// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/log_batch.hpp"

#include <bit>

#include "storage/decimal.hpp"
#include "storage/packed_blob.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr int max_log_exponent = 9;  // beyond, the search costs more than it saves
constexpr std::uint8_t raw_value = 16;
constexpr int log_level = 1;

LogState::Last& last_of(LogState& state, std::uint32_t series) {
  if (state.series.size() <= series) state.series.resize(series + std::size_t{1});
  return state.series[series];
}

void put_series(const std::vector<LoggedFloat>& floats, ByteWriter& out) {
  std::int64_t expected = 0;
  for (std::size_t i = 0; i < floats.size();) {
    std::size_t run = 1;
    while (i + run < floats.size() && floats[i + run].series == floats[i].series + run) ++run;
    out.signed_varint(static_cast<std::int64_t>(floats[i].series) - expected);
    out.varint(run);
    expected = static_cast<std::int64_t>(floats[i].series) + static_cast<std::int64_t>(run);
    i += run;
  }
}

void put_times(const std::vector<LoggedFloat>& floats, ByteWriter& out) {
  std::int64_t before = 0;
  for (std::size_t i = 0; i < floats.size();) {
    std::size_t run = 1;
    while (i + run < floats.size() && floats[i + run].time == floats[i].time) ++run;
    out.signed_varint(wrapping_sub(floats[i].time, before));
    out.varint(run);
    before = floats[i].time;
    i += run;
  }
}

std::uint8_t put_value(LogState::Last& last, double value, ByteWriter& out) {
  std::int64_t whole = 0;
  std::int64_t before = 0;
  for (int exponent = last.exponent; exponent <= max_log_exponent; ++exponent) {
    if (!to_decimal(value, exponent, whole) || !to_decimal(last.value, exponent, before)) continue;
    out.signed_varint(whole - before);
    last.exponent = static_cast<std::uint8_t>(exponent);
    last.value = value;
    return last.exponent;
  }
  out.fixed64(bits_of(value));
  if (value == value)
    last.exponent = max_log_exponent + 1;  // no decimal: do not search again before the next generation
  last.value = value;
  return raw_value;
}

/// Reads runs (start difference, length) until `count` items are covered.
template <typename Set>
bool get_runs(ByteReader& in, std::size_t count, Set&& set) {
  std::size_t i = 0;
  while (i < count) {
    const std::int64_t difference = in.signed_varint();
    const std::uint64_t run = in.varint();
    if (!in.good() || run == 0 || run > count - i) return false;
    set(i, static_cast<std::size_t>(run), difference);
    i += static_cast<std::size_t>(run);
  }
  return true;
}

bool get_floats(LogState& state, ByteReader& in, std::uint32_t series_limit, std::vector<LoggedFloat>& floats) {
  const std::uint64_t count = in.varint();
  if (count > in.left() / 2) return false;  // a tag and a byte each at least
  const std::size_t start = floats.size();
  floats.resize(start + static_cast<std::size_t>(count));
  LoggedFloat* const rows = floats.data() + start;
  std::int64_t series = 0;
  bool good = get_runs(in, count, [&](std::size_t from, std::size_t run, std::int64_t difference) {
    series = wrapping_add(series, difference);
    for (std::size_t i = 0; i < run; ++i, series = wrapping_add(series, 1)) {
      rows[from + i].series = series < 0 || series >= series_limit ? UINT32_MAX : static_cast<std::uint32_t>(series);
    }
  });
  std::int64_t time = 0;
  good = good && get_runs(in, count, [&](std::size_t from, std::size_t run, std::int64_t difference) {
           time = wrapping_add(time, difference);
           for (std::size_t i = 0; i < run; ++i) rows[from + i].time = time;
         });
  const ByteView tags = in.raw(good ? count : 0);
  if (!good || !in.good()) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (rows[i].series >= series_limit) return false;
    LogState::Last& last = last_of(state, rows[i].series);
    if (tags[i] == raw_value) {
      rows[i].value = in.number();
    } else {
      std::int64_t before = 0;
      if (tags[i] > max_exponent || !to_decimal(last.value, tags[i], before)) return false;
      rows[i].value = from_decimal(wrapping_add(before, in.signed_varint()), tags[i]);
    }
    last.value = rows[i].value;
  }
  return in.good();
}

}  // namespace

Bytes encode_log_batch(LogState& state, const std::vector<LoggedFloat>& floats,
                       const std::vector<LoggedHistogram>& histograms) {
  Bytes content;
  ByteWriter writer(content);
  writer.varint(state.generation);
  writer.varint(floats.size());
  put_series(floats, writer);
  put_times(floats, writer);
  Bytes values;
  ByteWriter value_writer(values);
  for (const LoggedFloat& row : floats) writer.u8(put_value(last_of(state, row.series), row.value, value_writer));
  writer.raw(values);
  writer.varint(histograms.size());
  const HistogramValue none;
  for (const LoggedHistogram& row : histograms) {
    writer.varint(row.series);
    writer.signed_varint(row.time);
    encode_histogram(none, row.value, writer);
  }
  return pack_blob(content, log_level);
}

bool decode_log_batch(LogState& state, ByteView blob, std::uint32_t series_limit, std::vector<LoggedFloat>& floats,
                      std::vector<LoggedHistogram>& histograms) {
  const std::optional<Bytes> content = unpack_blob(blob);
  if (!content) return false;
  ByteReader reader(*content);
  const std::uint64_t generation = reader.varint();
  if (generation != state.generation || state.series.empty()) state.begin(generation);
  if (!get_floats(state, reader, series_limit, floats)) return false;
  const std::uint64_t count = reader.varint();
  if (count > reader.left() / 4) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    LoggedHistogram row;
    const std::uint64_t series = reader.varint();
    row.series = static_cast<std::uint32_t>(series);
    row.time = reader.signed_varint();
    if (series >= series_limit || !decode_histogram(reader, row.value)) return false;
    histograms.push_back(std::move(row));
  }
  return reader.good();
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
