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

/// Values that stand for others, which are no decimals.
bool get_exceptions(ByteReader& in, std::size_t count, std::vector<std::pair<std::size_t, double>>& exceptions) {
  const std::uint64_t size = in.varint();
  if (size > in.left() / 9) return false;
  std::uint64_t index = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    index += in.varint();
    const double value = in.number();
    if (!in.good() || index >= count) return false;
    exceptions.emplace_back(static_cast<std::size_t>(index), value);
  }
  return true;
}

/// Reads signed numbers and makes whole ones of them, each by `next(number)`. Most numbers take a byte, and where eight stand in
/// a row, none of them needs a look of its own.
template <typename Next>
void get_numbers(ByteReader& in, std::size_t count, double* values, Next&& next) {
  std::size_t i = 0;
  while (i < count) {
    std::uint64_t word = 0;
    if (count - i >= 8 && in.peek8(word) && (word & 0x8080808080808080U) == 0) {
      for (unsigned k = 0; k < 8; ++k, word >>= 8U) values[i + k] = static_cast<double>(next(unzigzag(word & 127U)));
      in.skip8();
      i += 8;
      continue;
    }
    // Behind one long number there are often others: some at once before the next look.
    for (const std::size_t end = std::min(count, i + 4); i < end; ++i) {
      values[i] = static_cast<double>(next(in.signed_varint()));
    }
  }
}

bool get_decimals(ByteReader& in, Kind kind, std::size_t count, std::size_t needed, double* values) {
  const unsigned flags = in.u8();
  const int exponent = static_cast<int>(flags & 15U);
  if (flags > 31) return false;
  std::vector<std::pair<std::size_t, double>> exceptions;
  if ((flags & 16U) != 0 && !get_exceptions(in, count, exceptions)) return false;
  if (in.left() < count) return false;
  if (needed == 0) return in.good();
  std::int64_t whole = 0;
  if (kind == plain_numbers) {
    get_numbers(in, needed, values, [](std::int64_t number) { return number; });
  } else if (kind == differences) {
    get_numbers(in, needed, values, [&](std::int64_t number) { return whole = wrapping_add(whole, number); });
  } else {
    whole = in.signed_varint();
    values[0] = static_cast<double>(whole);
    std::int64_t difference = 0;
    get_numbers(in, needed - 1, values + 1, [&](std::int64_t number) {
      difference = wrapping_add(difference, number);
      return whole = wrapping_add(whole, difference);
    });
  }
  if (exponent != 0) {
    const double power = power_of_ten[exponent];
    for (std::size_t i = 0; i < needed; ++i) values[i] /= power;
  }
  for (const auto& [index, value] : exceptions) {
    if (index < needed) values[index] = value;
  }
  return in.good();
}

bool get_xored(ByteReader& in, std::size_t count, std::size_t needed, double* values) {
  if (in.left() / 8 < count) return false;
  const ByteView rows = in.raw(count * 8);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < needed; ++i) {
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

bool decode_values(ByteReader& in, std::size_t count, std::size_t needed, double* values) {
  if (count == 0 || needed > count) return false;
  const std::uint8_t kind = in.u8();
  if (!in.good() || kind > xored) return false;
  if (kind == constant) {
    std::fill_n(values, needed, in.number());
    return in.good();
  }
  if (kind == xored) return get_xored(in, count, needed, values);
  return get_decimals(in, static_cast<Kind>(kind), count, needed, values);
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
