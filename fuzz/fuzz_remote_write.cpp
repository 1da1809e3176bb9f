// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "scrape/remote/snappy_block.hpp"
#include "scrape/remote/write_decoder.hpp"
#include "storage/histogram_codec.hpp"

/// Any bytes as a message of either version, compressed or not: series or a refusal. The first byte chooses.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bellwether::remote;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto version = (data[0] & 1U) == 0 ? MessageVersion::v1 : MessageVersion::v2;
  WriteVisitor visitor;
  visitor.series = [](DecodedSeries& series) {
    for (std::size_t i = 0; i < series.histogram_count; ++i) {
      if (!bellwether::storage::is_well_formed(series.histograms[i].value)) std::abort();
    }
  };
  visitor.metadata = [](const FamilyMetadataView&) {};
  if ((data[0] & 2U) == 0) {
    (void)decode_write_message(version, bytes, visitor);
  } else if (const auto message = snappy_uncompress(bytes, std::size_t{1} << 20U)) {
    (void)decode_write_message(version, *message, visitor);
  }
  return 0;
}
