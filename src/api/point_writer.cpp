// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/point_writer.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

BELLWETHER_NAMESPACE_BEGIN
namespace api {

PointWriter::PointWriter() : values_(std::make_unique<std::array<ValueText, std::size_t{1} << values_log2>>()) {
  // All bits are 0, those of the value 0, whose place is the first; no other value with these bits is looked for elsewhere.
  make(values_->front(), 0);
}

void PointWriter::make(TimeText& text, std::int64_t milliseconds) {
  text.time = milliseconds;
  text.text[0] = ',';
  text.text[1] = '[';
  char* const end = write_time(text.text.data() + 2, milliseconds);
  end[0] = ',';
  end[1] = '"';
  text.length = static_cast<std::uint8_t>(end + 2 - text.text.data());
}

void PointWriter::make(ValueText& text, double value) {
  char made[value_room];
  char* const end = write_value(made, value);
  end[0] = '"';
  end[1] = ']';
  text.bits = std::bit_cast<std::uint64_t>(value);
  text.length = static_cast<std::uint8_t>(end + 2 - made);
  std::memcpy(text.text.data(), made, text.text.size());
}

const PointWriter::TimeText& PointWriter::find(std::int64_t milliseconds) {
  const auto found = std::lower_bound(times_.begin(), times_.end(), milliseconds,
                                      [](const TimeText& text, std::int64_t time) { return text.time < time; });
  next_ = static_cast<std::size_t>(found - times_.begin());
  if (found != times_.end() && found->time == milliseconds) return *found;
  if (found != times_.end() || times_.size() == most_times) {
    make(other_, milliseconds);
    return other_;
  }
  make(times_.emplace_back(), milliseconds);
  return times_.back();
}

char* PointWriter::write(char* to, std::int64_t milliseconds, double value) {
  const bool is_next = next_ < times_.size() && times_[next_].time == milliseconds;
  const TimeText& time = is_next ? times_[next_] : find(milliseconds);
  ++next_;
  std::memcpy(to, time.text.data(), time.text.size());  // of a fixed size: two instructions
  to += time.length;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  ValueText& text = (*values_)[bits * 0x9e3779b97f4a7c15U >> (64U - values_log2)];
  if (text.bits != bits) {
    make(text, value);
  }
  std::memcpy(to, text.text.data(), text.text.size());
  return to + text.length;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
