// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "exposition/format_writer.hpp"
#include "metrics/shard_arena.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

double take_extreme(detail::Kind kind, detail::Slot slot) noexcept {
  const double none = kind == detail::Kind::max_gauge ? MaxGauge::none : MinGauge::none;
  const double extreme = std::bit_cast<double>(detail::ShardArena::process().shared(slot).exchange(
      std::bit_cast<std::uint64_t>(none), std::memory_order_relaxed));
  return extreme == none ? std::numeric_limits<double>::quiet_NaN() : extreme;
}

}  // namespace exposition

struct Scrape::State {
  State(const Registry& scraped, ScrapeFormat format)
      : registry(scraped.state()),
        writer(format.exposition == Exposition::protobuf ? exposition::make_protobuf_writer(format)
                                                         : exposition::make_text_writer(format)) {
    registry.expire();
    collected = registry.collect();
    families = registry.families();
    epoch = registry.epochs().begin();
  }
  ~State() { registry.epochs().end(epoch); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Writes one family, or as much of it as fits. False when all are written.
  bool step(exposition::Chunk& out) {
    // Families and what collectors gave, merged by name.
    const bool family_is_next = next_family < families.size() &&
                                (next_collected == collected.size() || begun ||
                                 families[next_family]->description().name <= collected[next_collected].metric.name);
    if (family_is_next) {
      write_family(*families[next_family], out);
    } else if (next_collected < collected.size()) {
      if (!collected[next_collected].values.empty()) writer->collected(collected[next_collected], out);
      ++next_collected;
    } else if (!finished) {
      writer->finish(out);
      finished = true;
    } else {
      return false;
    }
    return true;
  }

  void write_family(const detail::FamilyState& family, exposition::Chunk& out) {
    if (!begun) {
      begun = true;
      // A family is as large as it was when its turn came: one that grows meanwhile does not hold the scrape up.
      row_count = family.row_count();
      if (row_count != 0) writer->begin(family, out);
    }
    if (row < row_count) row = writer->series(family, row, out);
    if (row >= row_count) {
      if (row_count != 0) writer->end(family, out);
      row = 0;
      begun = false;
      ++next_family;
    }
  }

  detail::RegistryState& registry;
  std::unique_ptr<exposition::FormatWriter> writer;
  std::vector<detail::CollectedFamily> collected;
  std::vector<detail::FamilyState*> families;
  std::uint64_t epoch = 0;
  std::size_t next_collected = 0;
  std::size_t next_family = 0;
  std::uint32_t row = 0;
  std::uint32_t row_count = 0;
  bool begun = false;  ///< the next family's head is written; a chunk may end between it and the first row
  bool finished = false;
};

Scrape::Scrape(const Registry& registry, ScrapeFormat format) : state_(std::make_unique<State>(registry, format)) {}
Scrape::Scrape(Scrape&&) noexcept = default;
Scrape& Scrape::operator=(Scrape&&) noexcept = default;
Scrape::~Scrape() = default;

bool Scrape::next(std::string& chunk) {
  exposition::Chunk out(chunk);
  while (!out.full() && state_->step(out)) {
  }
  out.finish();
  return !chunk.empty();
}

std::string render(const Registry& registry, ScrapeFormat format) {
  std::string text;
  Scrape scrape(registry, format);
  for (std::string chunk; scrape.next(chunk);) text += chunk;
  return text;
}

BELLWETHER_NAMESPACE_END
