// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/time_column.hpp"

#include <algorithm>
#include <cstring>

#include "storage/value_column.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

bool all_zero(const std::uint8_t* bytes, std::size_t count) noexcept {
  return count == 0 || (bytes[0] == 0 && std::memcmp(bytes, bytes + 1, count - 1) == 0);
}

/// The first place at which `is_there(place)`, which stays true from then on.
template <typename IsThere>
std::size_t first_place(std::size_t count, IsThere&& is_there) {
  std::size_t begin = 0;
  while (count > 0) {
    const std::size_t half = count / 2;
    if (is_there(begin + half)) {
      count = half;
    } else {
      begin += half + 1;
      count -= half + 1;
    }
  }
  return begin;
}

}  // namespace

std::optional<TimeColumn> TimeColumn::decode(ByteReader& in, std::size_t count) {
  if (count == 0 || in.left() < count) return std::nullopt;
  TimeColumn out;
  out.size_ = count;
  ByteReader steady = in;
  out.first_ = steady.signed_varint();
  if (count > 1) out.step_ = steady.signed_varint();
  const std::size_t others = count > 2 ? count - 2 : 0;
  const ByteView rest = steady.raw(std::min(others, steady.left()));
  if (steady.good() && rest.size() == others && all_zero(rest.data(), others)) {
    std::int64_t reach = 0;
    if (out.step_ <= 0 || __builtin_mul_overflow(out.step_, static_cast<std::int64_t>(count - 1), &reach) ||
        __builtin_add_overflow(out.first_, reach, &out.last_)) {
      return std::nullopt;
    }
    in = steady;
    return out;
  }
  std::vector<std::int64_t> times(count);
  if (!decode_times(in, count, times.data())) return std::nullopt;
  out.last_ = times.back();
  if (static_cast<std::uint64_t>(wrapping_sub(out.last_, out.first_)) <= UINT32_MAX) {
    out.form_ = Form::offsets;
    out.offsets_.reserve(count);
    for (const std::int64_t time : times) out.offsets_.push_back(static_cast<std::uint32_t>(time - out.first_));
  } else {
    out.form_ = Form::full;
    out.full_ = std::move(times);
  }
  return out;
}

std::size_t TimeColumn::lower_place(std::int64_t time) const noexcept {
  if (time <= first_) return 0;
  if (time > last_) return size_;
  return first_place(size_, [&](std::size_t place) { return at(place) >= time; });
}

std::size_t TimeColumn::upper_place(std::int64_t time) const noexcept {
  return time == INT64_MAX ? size_ : lower_place(time + 1);
}

void TimeColumn::append(std::size_t begin, std::size_t end, std::vector<std::int64_t>& out) const {
  if (begin >= end) return;
  if (form_ == Form::full) {
    out.insert(out.end(), full_.begin() + static_cast<std::ptrdiff_t>(begin),
               full_.begin() + static_cast<std::ptrdiff_t>(end));
    return;
  }
  const std::size_t start = out.size();
  const std::size_t count = end - begin;
  out.resize(start + count);
  std::int64_t* const to = out.data() + start;
  if (form_ == Form::steady) {
    // Unsigned: the step behind the last one is not used, but may not be a number any more.
    const auto step = static_cast<std::uint64_t>(step_);
    auto time = static_cast<std::uint64_t>(at(begin));
    for (std::size_t i = 0; i < count; ++i, time += step) to[i] = static_cast<std::int64_t>(time);
  } else {
    const std::uint32_t* const from = offsets_.data() + begin;
    for (std::size_t i = 0; i < count; ++i) to[i] = first_ + std::int64_t{from[i]};
  }
}

bool TimeColumn::equals(std::size_t begin, std::size_t end, const std::int64_t* times) const noexcept {
  for (std::size_t i = begin; i < end; ++i) {
    if (at(i) != times[i - begin]) return false;
  }
  return true;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
