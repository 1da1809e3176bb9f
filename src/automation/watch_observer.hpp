// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "automation/test_run.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Is told what the watcher does, on the watcher's thread; must not block.
class WatchObserver {
 public:
  virtual ~WatchObserver() = default;

  virtual void running(bool is_running) = 0;
  /// Files that changed and wait for a run.
  virtual void waiting(std::size_t files) = 0;
  /// A run has ended, well or not; its error, if it has one, is one of the watcher's.
  virtual void finished(const TestRunOutcome& outcome) = 0;
  /// The watcher itself met an error: a directory that cannot be watched.
  virtual void failed(std::string_view what) = 0;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
