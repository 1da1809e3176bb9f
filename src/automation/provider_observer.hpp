// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>

#include "automation/provider_result.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Is told of every request to a provider, each attempt for itself. Threads: those that call; must not block.
class ProviderObserver {
 public:
  virtual ~ProviderObserver() = default;

  virtual void succeeded(std::chrono::nanoseconds took) = 0;
  virtual void failed(ProviderErrorType type, std::chrono::nanoseconds took) = 0;
  /// No request was made: `circuit_open`, or `rate_limit` where every key has to wait.
  virtual void refused(ProviderErrorType type) = 0;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
