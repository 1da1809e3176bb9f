// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/float_frames.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "storage/decimal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

enum Kind : unsigned { same = 0, decimal = 1, xored = 2 };

constexpr unsigned base_follows = 16;
constexpr unsigned max_narrow = 56;  // wider numbers take 64 bits: a load of 8 bytes must hold a number and 7 bits

unsigned width_of(std::uint64_t all_bits) {
  const auto width = static_cast<unsigned>(std::bit_width(all_bits));
  return width > max_narrow ? 64 : width;
}

std::size_t packed_bytes(std::size_t count, unsigned width) {
  return (count * width + 7) / 8;
}

void pack(const std::uint64_t* numbers, std::size_t count, unsigned width, Bytes& out) {
  if (width == 0) return;
  const std::size_t start = out.size();
  const std::size_t bytes = packed_bytes(count, width);
  out.resize(start + bytes + 8);  // room for whole words, cut below
  std::uint8_t* const to = out.data() + start;
  std::memset(to, 0, bytes + 8);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t bit = i * width;
    std::uint64_t word = 0;
    std::memcpy(&word, to + bit / 8, 8);
    word |= numbers[i] << (bit % 8);
    std::memcpy(to + bit / 8, &word, 8);
  }
  out.resize(start + bytes);
}

/// Calls `take(i, number)` for each. Requires 8 readable bytes beyond the end.
template <typename Take>
void unpack(const std::uint8_t* from, std::size_t count, unsigned width, Take&& take) {
  const std::uint64_t mask = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  std::size_t bit = 0;
  for (std::size_t i = 0; i < count; ++i, bit += width) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + bit / 8, 8);
    take(i, word >> (bit % 8) & mask);
  }
}

/// How many of the values, from the first on, are decimals of one exponent; which stands in `exponent` then.
std::size_t decimal_run(const double* values, std::size_t count, int& exponent, std::int64_t* wholes) {
  for (std::size_t i = 0; i < count; ++i) {
    if (to_decimal(values[i], exponent, wholes[i])) continue;
    int higher = exponent;
    bool found = false;
    while (!found && (higher = find_exponent(values[i], higher + 1)) >= 0) {
      found = true;
      for (std::size_t k = 0; k <= i && found; ++k) found = to_decimal(values[k], higher, wholes[k]);
    }
    if (!found) {
      for (std::size_t k = 0; k < i; ++k) (void)to_decimal(values[k], exponent, wholes[k]);
      return i;
    }
    exponent = higher;
  }
  return count;
}

void put_head(ByteWriter& writer, std::size_t count, Kind kind, unsigned time_width) {
  writer.u8(static_cast<unsigned>(count - 1) | kind << 5U);
  writer.u8(time_width);
}

/// Turns times into packed differences of differences, and moves the state on.
unsigned time_column(FrameState& state, const std::int64_t* times, std::size_t count, std::uint64_t* column) {
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t delta = wrapping_sub(times[i], state.time);
    column[i] = zigzag(wrapping_sub(delta, state.delta));
    all |= column[i];
    state.delta = delta;
    state.time = times[i];
  }
  return width_of(all);
}

void put_decimals(FrameState& state, const std::int64_t* times, const double* values, const std::int64_t* wholes,
                  std::size_t count, Bytes& out) {
  std::uint64_t column[max_frame_samples];
  std::uint64_t time_numbers[max_frame_samples];
  ByteWriter writer(out);
  std::int64_t before = 0;
  const bool has_base = !to_decimal(state.value, state.exponent, before);
  if (has_base) before = wholes[0];
  std::int64_t least = INT64_MAX;
  for (std::size_t i = 0; i < count; ++i) least = std::min(least, wholes[i] - (i == 0 ? before : wholes[i - 1]));
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    column[i] = static_cast<std::uint64_t>(wholes[i] - (i == 0 ? before : wholes[i - 1]) - least);
    all |= column[i];
  }
  const unsigned width = width_of(all);
  const unsigned time_width = time_column(state, times, count, time_numbers);
  put_head(writer, count, decimal, time_width);
  writer.u8(static_cast<unsigned>(state.exponent) | (has_base ? base_follows : 0));
  writer.u8(width);
  writer.signed_varint(least);
  if (has_base) writer.fixed64(bits_of(values[0]));
  pack(time_numbers, count, time_width, out);
  pack(column, count, width, out);
}

void put_xored(FrameState& state, const std::int64_t* times, const double* values, std::size_t count, Bytes& out) {
  std::uint64_t column[max_frame_samples];
  std::uint64_t time_numbers[max_frame_samples];
  ByteWriter writer(out);
  std::uint64_t all = 0;
  std::uint64_t before = bits_of(state.value);
  for (std::size_t i = 0; i < count; ++i) {
    column[i] = bits_of(values[i]) ^ before;
    all |= column[i];
    before = bits_of(values[i]);
  }
  const unsigned shift = all == 0 ? 0 : static_cast<unsigned>(std::countr_zero(all));
  const unsigned width = width_of(all >> shift);
  const unsigned kept_shift = width == 64 ? 0 : shift;
  for (std::size_t i = 0; i < count; ++i) column[i] >>= kept_shift;
  const unsigned time_width = time_column(state, times, count, time_numbers);
  put_head(writer, count, all == 0 ? same : xored, time_width);
  if (all != 0) {
    writer.u8(width);
    writer.u8(kept_shift);
  }
  pack(time_numbers, count, time_width, out);
  if (all != 0) pack(column, count, width, out);
}

}  // namespace

void encode_frames(FrameState& state, const std::int64_t* times, const double* values, std::size_t count, Bytes& out) {
  std::int64_t wholes[max_frame_samples];
  while (count > 0) {
    std::size_t run = std::min(count, max_frame_samples);
    const bool constant =
        std::all_of(values, values + run, [&](double v) { return bits_of(v) == bits_of(state.value); });
    std::size_t decimals = 0;
    if (!constant && state.exponent != FrameState::no_decimal) {
      int exponent = state.exponent;
      decimals = decimal_run(values, run, exponent, wholes);
      if (decimals > 0) {
        state.exponent = exponent;
      } else if (values[0] == values[0]) {
        state.exponent = FrameState::no_decimal;  // not for a NaN: a stale marker ends soon
      }
    }
    if (decimals > 0) {
      run = decimals;
      put_decimals(state, times, values, wholes, run, out);
    } else {
      if (!constant && state.exponent != FrameState::no_decimal) {  // the NaNs alone
        std::size_t nans = 0;
        while (nans < run && values[nans] != values[nans]) ++nans;
        run = nans;
      }
      put_xored(state, times, values, run, out);
    }
    state.value = values[run - 1];
    times += run;
    values += run;
    count -= run;
  }
}

bool decode_frames(FrameState state, ByteView bytes, std::size_t count, std::int64_t* times, double* values) {
  std::uint8_t padded[2 * max_frame_samples * 8 + 16];
  ByteReader reader(bytes);
  std::int64_t whole = 0;   // of state.value,
  int whole_exponent = -1;  // with this exponent; -1: not known
  while (count > 0) {
    const unsigned head = reader.u8();
    const std::size_t run = (head & 31U) + 1;
    const unsigned kind = head >> 5U;
    const unsigned time_width = reader.u8();
    unsigned width = 0;
    unsigned shift = 0;
    int exponent = 0;
    std::int64_t least = 0;
    if (kind == decimal) {
      const unsigned flags = reader.u8();
      exponent = static_cast<int>(flags & 15U);
      width = reader.u8();
      least = reader.signed_varint();
      if ((flags & base_follows) != 0) {
        state.value = reader.number();
        whole_exponent = -1;
      }
    } else if (kind == xored) {
      width = reader.u8();
      shift = reader.u8();
    }
    if (!reader.good() || run > count || kind > xored || shift > 63) return false;
    if ((time_width > max_narrow && time_width != 64) || (width > max_narrow && width != 64)) return false;
    const std::size_t time_bytes = packed_bytes(run, time_width);
    const std::size_t value_bytes = packed_bytes(run, width);
    const ByteView body = reader.raw(time_bytes + value_bytes);
    if (!reader.good()) return false;
    const std::uint8_t* from = body.data();
    if (reader.left() < 8) {  // words are read whole: the last frame of a chunk is read from a copy
      if (!body.empty()) std::memcpy(padded, body.data(), body.size());
      from = padded;
    }
    if (time_width == 0) {  // as most are
      for (std::size_t i = 0; i < run; ++i) times[i] = state.time = wrapping_add(state.time, state.delta);
    } else {
      unpack(from, run, time_width, [&](std::size_t i, std::uint64_t number) {
        state.delta = wrapping_add(state.delta, unzigzag(number));
        times[i] = state.time = wrapping_add(state.time, state.delta);
      });
    }
    if (kind == decimal) {
      if (whole_exponent != exponent && !to_decimal(state.value, exponent, whole)) return false;
      unpack(from + time_bytes, run, width, [&](std::size_t i, std::uint64_t number) {
        whole = wrapping_add(whole, wrapping_add(static_cast<std::int64_t>(number), least));
        values[i] = static_cast<double>(whole);
      });
      if (exponent != 0) {
        const double power = power_of_ten[exponent];
        for (std::size_t i = 0; i < run; ++i) values[i] /= power;
      }
      // The next frame may go on from it where the encoder could: a number this small comes back from its value.
      constexpr std::int64_t sure = std::int64_t{1} << 50U;
      whole_exponent = whole > -sure && whole < sure ? exponent : -1;
    } else if (kind == same) {
      std::fill_n(values, run, state.value);
    } else {
      std::uint64_t bits = bits_of(state.value);
      unpack(from + time_bytes, run, width, [&](std::size_t i, std::uint64_t number) {
        bits ^= number << shift;
        values[i] = std::bit_cast<double>(bits);
      });
      whole_exponent = -1;
    }
    state.value = values[run - 1];
    times += run;
    values += run;
    count -= run;
  }
  return true;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
