// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/snapshot.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

std::string_view name(EngineStatus status) noexcept {
  switch (status) {
    case EngineStatus::stopped:
      return "stopped";
    case EngineStatus::running:
      return "running";
    case EngineStatus::crashed:
      return "crashed";
  }
  return "unknown";
}

std::string_view BotView::bot_status() const noexcept {
  if (health.status != EngineStatus::running) return "stopped";
  return paused ? "paused" : "running";
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
