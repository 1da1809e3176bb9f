// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "promql/parser.hpp"
#include "promql/printer.hpp"

/// Any bytes give an error with a place, or a tree that prints as a query which prints the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace promql = bellwether::promql;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)promql::parse_selector(text);
  const auto tree = promql::parse(text);
  if (!tree) {
    if (tree.error().message.find(": parse error: ") == std::string::npos) std::abort();
    return 0;
  }
  const std::string printed = promql::print(**tree);
  const auto again = promql::parse(printed);
  if (!again || promql::print(**again) != printed) std::abort();
  if (!promql::parse(promql::print_pretty(**tree))) std::abort();
  return 0;
}
