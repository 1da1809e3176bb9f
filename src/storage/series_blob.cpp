// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/series_blob.hpp"

#include <iterator>

#include "storage/packed_blob.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

namespace {
constexpr int series_level = 3;
}

Bytes encode_series(const std::vector<LabelSet>& series) {
  Bytes content;
  ByteWriter writer(content);
  writer.varint(series.size());
  for (const LabelSet& labels : series) {
    writer.varint(labels.pairs().size());
    for (const auto& [name, value] : labels.pairs()) {
      writer.text(name);
      writer.text(value);
    }
  }
  return pack_blob(content, series_level);
}

bool decode_series(ByteView blob, std::vector<LabelSet>& out) {
  const std::optional<Bytes> content = unpack_blob(blob);
  if (!content) return false;
  ByteReader reader(*content);
  const std::uint64_t count = reader.varint();
  if (count > reader.left() / 3) return false;
  std::vector<LabelSet> series;
  std::vector<LabelView> labels;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t size = reader.varint();
    if (size > LabelSet::max_labels) return false;
    labels.clear();
    for (std::uint64_t k = 0; k < size; ++k) {
      const std::string_view name = reader.text();
      labels.push_back({name, reader.text()});
    }
    Result<LabelSet> made = LabelSet::make(labels);
    if (!reader.good() || !made) return false;
    series.push_back(std::move(*made));
  }
  out.insert(out.end(), std::make_move_iterator(series.begin()), std::make_move_iterator(series.end()));
  return true;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
