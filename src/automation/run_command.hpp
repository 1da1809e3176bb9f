// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <set>
#include <string>
#include <vector>

#include "automation/process.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// The command for a batch of changed files, as `Process` takes it.
///
/// An argument that is exactly `{}` becomes the files, one argument each (none: it goes). The environment has
/// BELLWETHER_CHANGED_FILES, the files one a line, and BELLWETHER_CHANGED_COUNT. The kernel takes no more than 128 KiB in
/// one variable, so of a very large batch both name the first 96 KiB alone; the count is always that of all. In the
/// variable, names with a line break in them are left out. A name that begins with a dash gets `./` before it, so that no
/// command takes it for an option.
Process::Options command_for(const std::vector<std::string>& command, const std::set<std::string>& files);

}  // namespace automation
BELLWETHER_NAMESPACE_END
