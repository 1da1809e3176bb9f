// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/file_system.hpp>
#include <bellwether/kill_scope.hpp>
#include <map>
#include <string>
#include <string_view>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

/// All that is latched, by type and scope.
using KillLatches = std::map<std::pair<std::string, KillScope>, KillLatch>;

/// The state file:
///
///     bellwether kill switch 1
///     latch<TAB>pnl<TAB>strategy<TAB>grid<TAB>-0.06<TAB>-0.05<TAB>1723161254000000000<TAB>daily loss
///     end<TAB>1<TAB>8f3a0c1e55d20b97
///
/// The last line holds the number of latches and the FNV-1a checksum of all before it. In texts, backslash, tab and line feed
/// are written as \\, \t and \n.
std::string write_kill_state(const KillLatches& latches);
Result<KillLatches> read_kill_state(std::string_view text);

/// Replaces the file so that after a crash at any step the old state is there, or the new one: a second file, synced, takes
/// the first one's name.
Result<void> replace_file(FileSystem& files, const std::string& path, std::string_view content);

}  // namespace resilience
BELLWETHER_NAMESPACE_END
