// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// For a process that runs for months: few arenas of malloc, so that what one thread frees serves the others. Before any thread.
void keep_few_arenas() noexcept;

/// Lets go of pages of programs and libraries that nothing but the start needed: they are the page cache's and come back by
/// themselves when they are read. Only mappings without a page of our own; how many bytes that are.
/// Blocking: some milliseconds, for /proc is read.
std::size_t release_code_of_start();

}  // namespace cli
BELLWETHER_NAMESPACE_END
