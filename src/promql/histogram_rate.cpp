// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

HistogramPtr histogram_rate(const Window& window, bool is_counter, const RangeCall& call) {
  const HistogramPtr* const points = window.samples->histograms.data() + window.histogram_begin;
  const std::size_t count = window.histograms();
  const Histogram& last = *points[count - 1];
  const bool starts_anew = is_counter && is_reset(*points[0], *points[1]);
  std::int32_t schema = last.schema;
  bool not_a_counter = false;
  for (std::size_t i = 0; i < count; ++i) {
    not_a_counter = not_a_counter || points[i]->hint == ResetHint::gauge;
    // After a reset at once, the first one tells nothing but its time.
    if (i == 0 && starts_anew) continue;
    if (points[i]->is_custom() != last.is_custom()) {
      call.annotations->warn(std::string(mixed_schemas) + quoted(call.metric), call.place);
      return nullptr;
    }
    schema = std::min(schema, points[i]->schema);
  }
  if (is_counter && not_a_counter) {
    call.annotations->warn("this native histogram metric is not a counter: " + quoted(call.metric), call.place);
  }
  if (!is_counter && (points[0]->hint != ResetHint::gauge || last.hint != ResetHint::gauge)) {
    call.annotations->warn("this native histogram metric is not a gauge: " + quoted(call.metric), call.place);
  }
  bool reconciled = false;
  Histogram rise = last;
  reduce_schema(rise, schema);
  if (!starts_anew) reconciled = subtract(rise, *points[0]).bounds_reconciled;
  if (is_counter) {
    for (std::size_t i = starts_anew ? 2 : 1; i < count; ++i) {
      if (is_reset(*points[i - 1], *points[i])) reconciled = add(rise, *points[i - 1]).bounds_reconciled || reconciled;
    }
  }
  if (reconciled) call.annotations->inform(std::string(bounds_reconciled_text) + "subtraction", call.place);
  rise.hint = ResetHint::gauge;
  drop_empty_buckets(rise);
  return std::make_shared<const Histogram>(std::move(rise));
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
