// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/merged_source.hpp"

#include <algorithm>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

MergedSource::MergedSource(std::vector<MarketSourcePointer> sources) {
  for (MarketSourcePointer& source : sources) {
    Head head{std::move(source), {}};
    if (head.source->next(head.event)) heads_.push_back(std::move(head));
  }
}

bool MergedSource::next(MarketEvent& event) {
  // A handful of symbols: a scan over the heads beats a heap.
  const auto earliest = std::min_element(heads_.begin(), heads_.end(), [](const Head& a, const Head& b) {
    return a.event.local_time < b.event.local_time;
  });
  if (earliest == heads_.end()) return false;
  event = earliest->event;
  if (!earliest->source->next(earliest->event)) heads_.erase(earliest);
  return true;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
