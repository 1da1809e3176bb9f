// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scrape/stream_lines.hpp"

// A push stream, whole and in parts of all sizes: both must give the same lines, or both fail.

namespace {

using bellwether::scrape::StreamLimits;
using bellwether::scrape::StreamLines;

constexpr std::int64_t now_ms = 1'732'186'000'000;

struct Outcome {
  std::string ready;
  bool failed = false;
};

Outcome read(std::string_view input, std::size_t part) {
  StreamLimits limits;
  limits.longest_line = 512;
  limits.burst_lines = 1000;
  limits.series = 100;
  StreamLines lines(limits);
  Outcome outcome;
  while (!input.empty() && !outcome.failed) {
    outcome.failed = !lines.take(input.substr(0, part), now_ms);
    if (!outcome.failed) outcome.ready += lines.ready();
    input.remove_prefix(std::min(part, input.size()));
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const Outcome whole = read(input, input.size());
  for (const std::size_t part : {std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
    const Outcome parts = read(input, part);
    // Lines before the fault have been handed over already.
    if (parts.failed != whole.failed || (!whole.failed && parts.ready != whole.ready)) std::abort();
  }
  return 0;
}
