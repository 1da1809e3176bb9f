// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "exposition/exposition_reader.hpp"

namespace bellwether::fuzz {

/// Reads to the end or to the first error, calling all that a user may call, and stops the process where a promise of
/// ExpositionReader is broken.
inline void read_everything(exposition::ExpositionReader& reader) {
  using exposition::Entry;
  const auto require = [](bool promise) {
    if (!promise) std::abort();
  };
  std::size_t touched = 0;
  const auto touch = [&](std::string_view text) {
    for (const char c : text) touched += static_cast<unsigned char>(c);
  };
  for (;;) {
    const Result<Entry> entry = reader.next();
    if (!entry) {
      require(!entry.error().message.empty() && entry.error().message.size() < 1000);
      const Result<Entry> again = reader.next();
      require(!again && again.error() == entry.error());
      break;
    }
    if (*entry == Entry::end) {
      const Result<Entry> again = reader.next();
      require(again && *again == Entry::end);
      break;
    }
    if (*entry == Entry::sample || *entry == Entry::histogram) {
      const std::string key(reader.series_key());
      require(!key.empty());
      const Result<exposition::SeriesView> series = reader.series();
      if (series) {
        require(!series->name.empty());
        touch(series->name);
        for (const auto& label : series->labels) {
          require(!label.name.empty() && label.name != "__name__");
          touch(label.name);
          touch(label.value);
        }
      } else {
        require(series.error().message.size() < 1000);
      }
      require(reader.series_key() == key && reader.series().has_value() == series.has_value());
      for (const auto& exemplar : reader.exemplars()) {
        for (const auto& label : exemplar.labels) {
          touch(label.name);
          touch(label.value);
        }
      }
      if (*entry == Entry::histogram) {
        const auto& value = reader.histogram();
        std::size_t buckets = 0;
        for (const auto& span : value.positive_spans) buckets += span.length;
        require(buckets == value.positive_counts.size());
        for (const double count : value.negative_counts) require(count >= 0);
      }
    } else {
      require(!reader.family().empty());
      touch(reader.family());
      if (*entry != Entry::type) touch(reader.text());
    }
  }
  volatile std::size_t sink = touched;  // keeps the reads
  static_cast<void>(sink);
}

}  // namespace bellwether::fuzz
