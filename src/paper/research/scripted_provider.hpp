// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/random.hpp>
#include <bellwether/sleeper.hpp>
#include <cstdint>
#include <functional>

#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// A provider of market comments, played: answers JSON after a moment, and while `fails` says so, whatever a bad day brings, in
/// turn: 429 with Retry-After, 500, a time-out, a broken connection, text that is no JSON. No network is touched.
///
/// Threads: any.
class ScriptedProvider final : public net::HttpTransport {
 public:
  /// References must outlive it.
  ScriptedProvider(std::function<bool()> fails, Sleeper& sleeper, Random& random)
      : fails_(std::move(fails)), sleeper_(sleeper), random_(random) {}

  net::HttpResult send(const net::HttpRequest& request) override;

 private:
  std::function<bool()> fails_;
  Sleeper& sleeper_;
  Random& random_;
  std::atomic<std::uint64_t> failures_{0};
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
