// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exposition.hpp>
#include <memory>

#include "exposition/chunk.hpp"
#include "metrics/registry_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// Writes families in one format. A family may be spread over several chunks: `begin`, then `series` until all rows are
/// written, then `end`.
class FormatWriter {
 public:
  virtual ~FormatWriter() = default;

  virtual void begin(const detail::FamilyState& family, Chunk& out) = 0;
  /// Writes rows from `row` on until the chunk is full; the next row to write.
  virtual std::uint32_t series(const detail::FamilyState& family, std::uint32_t row, Chunk& out) = 0;
  /// Behind the last row.
  virtual void end(const detail::FamilyState& /*family*/, Chunk& /*out*/) {}
  virtual void collected(const detail::CollectedFamily& family, Chunk& out) = 0;
  virtual void finish(Chunk& out) = 0;
};

std::unique_ptr<FormatWriter> make_text_writer(ScrapeFormat format);
std::unique_ptr<FormatWriter> make_protobuf_writer(ScrapeFormat format);

/// The value of a max or min gauge since the last scrape, NaN if there was none. Starts the next period.
double take_extreme(detail::Kind kind, detail::Slot slot) noexcept;

}  // namespace exposition
BELLWETHER_NAMESPACE_END
