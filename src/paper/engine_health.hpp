// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The values are those that the packs export.
enum class EngineStatus : std::uint8_t { stopped = 0, running = 1, crashed = 2 };

/// "stopped", "running", "crashed".
std::string_view name(EngineStatus status) noexcept;

/// How an engine does.
struct EngineHealth {
  EngineStatus status = EngineStatus::stopped;
  double uptime_seconds = 0;          ///< since its start; 0 while it does not run
  double last_heartbeat_seconds = 0;  ///< wall time of its last COMPLETED cycle, Unix seconds; 0 before the first
  std::uint64_t errors = 0;           ///< since the desk began, restarts included
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
