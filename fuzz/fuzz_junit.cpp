// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "automation/junit_report.hpp"

/// Any bytes give counts that the text has room for, or an error that names the file and a line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto counts = bellwether::automation::read_junit(text, "report");
  if (!counts) {
    if (!counts.error().message.starts_with("report:")) std::abort();
  } else if (counts->all() > size) {
    std::abort();
  }
  return 0;
}
