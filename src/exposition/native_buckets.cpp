// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/native_buckets.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

/// Bridging a gap this small costs less than a new span.
constexpr int small_gap = 2;

struct SideFields {
  unsigned span;
  unsigned delta;
};

/// Buckets of one sign; `counts[i]` is the native bucket `first_index + i`.
void add_side(Message& histogram, SideFields fields, int first_index, std::span<const std::uint64_t> counts) {
  Message deltas;
  std::uint64_t previous = 0;
  int next_index = 0;  // where the last span ended
  for (std::size_t i = 0; i < counts.size();) {
    if (counts[i] == 0) {
      ++i;
      continue;
    }
    // A span: used buckets, with gaps that are not worth a new one.
    const std::size_t begin = i;
    std::size_t end = i + 1;
    for (std::size_t look = end; look < counts.size() && look <= end + small_gap; ++look) {
      if (counts[look] != 0) end = look + 1;
    }
    for (; i < end; ++i) {
      deltas.raw(zigzag(static_cast<std::int64_t>(counts[i] - previous)));
      previous = counts[i];
    }
    const int index = first_index + static_cast<int>(begin);
    histogram.message(fields.span, Message().varint(1, zigzag(index - next_index)).varint(2, end - begin));
    next_index = index + static_cast<int>(end - begin);
  }
  if (!deltas.bytes().empty()) histogram.text(fields.delta, deltas.bytes());  // packed
}

}  // namespace

void add_native_buckets(Message& histogram, const detail::HistogramLayout& layout,
                        std::span<const std::uint64_t> counts) {
  const std::size_t side = layout.side();
  histogram.varint(5, zigzag(layout.schema()));
  histogram.fixed(6, layout.zero_threshold());
  histogram.varint(7, counts[0]);
  if (layout.table().mirrored) add_side(histogram, {9, 10}, layout.first_index(), counts.subspan(side + 1));
  const std::size_t fields_before = histogram.bytes().size();
  add_side(histogram, {12, 13}, layout.first_index(), counts.subspan(1, side - 1));
  if (histogram.bytes().size() == fields_before) {
    // An empty span tells that this is a native histogram although no bucket is in use.
    histogram.message(12, Message().varint(1, 0).varint(2, 0));
  }
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
