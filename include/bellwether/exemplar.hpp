// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN

/// One event behind a number: the trace or the order that fell into this bucket.
///
///     latency.observe(t1 - t0, Exemplar{.label = "trace_id", .value = trace_id, .time = now});
///
/// Kept for counters and histograms registered with `FamilyOptions::exemplars`, the last one of each series or bucket.
/// Exported by OpenMetrics and protobuf. OpenMetrics allows 128 characters for label and value together: an exemplar of
/// more bytes is not kept, nor one whose label is not a plain label name or whose value is not UTF-8. `time` is wall
/// time since the epoch; zero means: export no time.
///
/// Remembering one costs some tens of nanoseconds; it never waits (when two threads remember at once, one is kept)
/// and never allocates.
struct Exemplar {
  std::string_view label;
  std::string_view value;
  std::chrono::nanoseconds time{0};
};

BELLWETHER_NAMESPACE_END
