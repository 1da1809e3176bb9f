// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "automation/coverage_report.hpp"

/// Any bytes give a share of lines from 0 to 100 %, or an error that names the file and a line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto coverage = bellwether::automation::read_coverage(text, "report");
  if (!coverage) {
    if (!coverage.error().message.starts_with("report:")) std::abort();
  } else if (coverage->covered > coverage->lines || !(coverage->percent() >= 0 && coverage->percent() <= 100)) {
    std::abort();
  }
  return 0;
}
