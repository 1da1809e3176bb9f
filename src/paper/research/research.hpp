// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/health_report.hpp>
#include <bellwether/registry.hpp>
#include <memory>
#include <string>
#include <vector>

#include "paper/faults.hpp"
#include "paper/store/state_store.hpp"
#include "paper/store/state_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

class DeskExports;

/// Asks two providers (played, see ScriptedProvider) about each symbol, and looks its instrument's rules up in the cache of two
/// levels: what of the desk waits for others, on a thread of its own, so that no order ever waits with it.
///
/// Each provider has two keys, each key a breaker. All of it exports itself as the pack automation and circuit-breaker have it.
class Research {
 public:
  /// References must outlive it.
  Research(std::vector<std::string> symbols, const FaultBoard& faults, StateStore& state, StateWriter& writer,
           DeskExports& exports, Registry& registry, const Clock& clock);
  ~Research();
  Research(const Research&) = delete;
  Research& operator=(const Research&) = delete;

  void start();
  void stop();

  /// One round over all symbols; what the thread does each second.
  void ask_all();

  /// Unhealthy while every key of a provider is cut off by its breaker.
  HealthResult health() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
