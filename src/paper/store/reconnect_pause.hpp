// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bellwether/version.hpp>
#include <chrono>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

struct ReconnectPauseOptions {
  std::chrono::nanoseconds first =
      std::chrono::milliseconds{100};  ///< after the first failure; each further: twice that
  std::chrono::nanoseconds longest = std::chrono::seconds{5};
};

/// When a client that could not connect may try again.
///
/// Threads: use from one.
class ReconnectPause {
 public:
  explicit ReconnectPause(ReconnectPauseOptions options = {}) : options_(options) {}

  bool over(std::chrono::nanoseconds now) const noexcept { return pause_.count() == 0 || now >= until_; }

  void failed(std::chrono::nanoseconds now) noexcept {
    pause_ = pause_.count() == 0 ? options_.first : std::min(2 * pause_, options_.longest);
    until_ = now + pause_;
  }
  void succeeded() noexcept { pause_ = {}; }

 private:
  ReconnectPauseOptions options_;
  std::chrono::nanoseconds pause_{0};
  std::chrono::nanoseconds until_{0};
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
