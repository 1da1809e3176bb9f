// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/value_column.hpp"

#include <algorithm>
#include <bit>

#include "storage/decimal.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

enum Kind : std::uint8_t { constant = 0, differences = 1, second_differences = 2, plain_numbers = 3, xored = 4 };

struct Decimals {
  int exponent = 0;
  std::vector<std::int64_t> wholes;
  std::vector<std::size_t> exceptions;
};

/// False where too many values are no decimals.
bool find_decimals(const std::vector<double>& values, Decimals& out) {
  const std::size_t allowed = 1 + values.size() / 32;
  for (int exponent = 0; exponent <= max_exponent;) {
    out.wholes.clear();
    out.exceptions.clear();
    std::int64_t whole = 0;
    int wanted = -1;
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::int64_t next = 0;
      if (to_decimal(values[i], exponent, next)) {
        whole = next;
      } else {
        const int higher = find_exponent(values[i], exponent + 1);
        if (higher >= 0) {
          wanted = higher;
          break;
        }
        out.exceptions.push_back(i);
        if (out.exceptions.size() > allowed) return false;
      }
      out.wholes.push_back(whole);
    }
    if (wanted < 0) {
      out.exponent = exponent;
      return true;
    }
    exponent = wanted;  // and all from the beginning: 0.1 is 1 of 1, and 10 of 2, but not every value is
  }
  return false;
}

unsigned cost(std::int64_t number) {
  return static_cast<unsigned>(std::bit_width(zigzag(number)));
}

void put_decimals(const Decimals& decimals, const std::vector<double>& values, ByteWriter& out) {
  const std::vector<std::int64_t>& w = decimals.wholes;
  std::uint64_t costs[4] = {0, 0, 0, 0};
  for (std::size_t i = 1; i < w.size(); ++i) {
    const std::int64_t difference = w[i] - w[i - 1];
    costs[differences] += cost(difference);
    costs[second_differences] += cost(difference - (i > 1 ? w[i - 1] - w[i - 2] : 0));
    costs[plain_numbers] += cost(w[i]);
  }
  Kind kind = differences;
  if (costs[second_differences] < costs[kind]) kind = second_differences;
  if (costs[plain_numbers] < costs[kind]) kind = plain_numbers;
  out.u8(kind);
  out.u8(static_cast<unsigned>(decimals.exponent) | (decimals.exceptions.empty() ? 0 : 16));
  if (!decimals.exceptions.empty()) {
    out.varint(decimals.exceptions.size());
    std::size_t before = 0;
    for (const std::size_t index : decimals.exceptions) {
      out.varint(index - before);
      out.fixed64(bits_of(values[index]));
      before = index;
    }
  }
  out.signed_varint(w[0]);
  for (std::size_t i = 1; i < w.size(); ++i) {
    const std::int64_t difference = w[i] - w[i - 1];
    if (kind == differences) out.signed_varint(difference);
    if (kind == second_differences) out.signed_varint(difference - (i > 1 ? w[i - 1] - w[i - 2] : 0));
    if (kind == plain_numbers) out.signed_varint(w[i]);
  }
}

void put_xored(const std::vector<double>& values, ByteWriter& out) {
  out.u8(xored);
  for (unsigned shift = 64; shift > 0;) {
    shift -= 8;
    std::uint64_t before = 0;
    for (const double value : values) {
      out.u8(static_cast<unsigned>((bits_of(value) ^ before) >> shift & 255U));
      before = bits_of(value);
    }
  }
}

bool get_decimals(ByteReader& in, Kind kind, std::size_t count, double* values) {
  const unsigned flags = in.u8();
  const int exponent = static_cast<int>(flags & 15U);
  if (flags > 31) return false;
  std::vector<std::pair<std::size_t, double>> exceptions;
  if ((flags & 16U) != 0) {
    const std::uint64_t size = in.varint();
    if (size > in.left() / 9) return false;
    std::uint64_t index = 0;
    for (std::uint64_t i = 0; i < size; ++i) {
      index += in.varint();
      const double value = in.number();
      if (!in.good() || index >= count) return false;
      exceptions.emplace_back(static_cast<std::size_t>(index), value);
    }
  }
  if (in.left() < count) return false;
  std::int64_t whole = in.signed_varint();
  std::int64_t difference = 0;
  values[0] = static_cast<double>(whole);
  for (std::size_t i = 1; i < count; ++i) {
    const std::int64_t number = in.signed_varint();
    if (kind == plain_numbers) {
      whole = number;
    } else {
      difference = kind == differences ? number : wrapping_add(difference, number);
      whole = wrapping_add(whole, difference);
    }
    values[i] = static_cast<double>(whole);
  }
  if (exponent != 0) {
    for (std::size_t i = 0; i < count; ++i) values[i] /= power_of_ten[exponent];
  }
  for (const auto& [index, value] : exceptions) values[index] = value;
  return in.good();
}

bool get_xored(ByteReader& in, std::size_t count, double* values) {
  if (in.left() / 8 < count) return false;
  const ByteView rows = in.raw(count * 8);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t change = 0;
    for (std::size_t row = 0; row < 8; ++row) change = change << 8U | rows[row * count + i];
    bits ^= change;
    values[i] = std::bit_cast<double>(bits);
  }
  return true;
}

}  // namespace

void encode_values(const std::vector<double>& values, ByteWriter& out) {
  const bool same =
      std::all_of(values.begin(), values.end(), [&](double v) { return bits_of(v) == bits_of(values[0]); });
  if (same) {
    out.u8(constant);
    out.fixed64(bits_of(values[0]));
    return;
  }
  Decimals decimals;
  if (find_decimals(values, decimals)) {
    put_decimals(decimals, values, out);
  } else {
    put_xored(values, out);
  }
}

bool decode_values(ByteReader& in, std::size_t count, double* values) {
  if (count == 0) return false;
  const std::uint8_t kind = in.u8();
  if (!in.good() || kind > xored) return false;
  if (kind == constant) {
    std::fill_n(values, count, in.number());
    return in.good();
  }
  if (kind == xored) return get_xored(in, count, values);
  return get_decimals(in, static_cast<Kind>(kind), count, values);
}

void encode_times(const std::vector<std::int64_t>& times, ByteWriter& out) {
  std::int64_t before = 0;
  std::int64_t delta = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::int64_t next = wrapping_sub(times[i], before);
    out.signed_varint(wrapping_sub(next, delta));
    delta = i == 0 ? 0 : next;
    before = times[i];
  }
}

bool decode_times(ByteReader& in, std::size_t count, std::int64_t* times) {
  if (in.left() < count) return false;
  std::int64_t time = 0;
  std::int64_t delta = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t next = wrapping_add(delta, in.signed_varint());
    time = wrapping_add(time, next);
    delta = i == 0 ? 0 : next;
    if (i > 0 && time <= times[i - 1]) return false;  // those of a block ascend
    times[i] = time;
  }
  return in.good();
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
