// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/clock.hpp>

BELLWETHER_NAMESPACE_BEGIN

namespace {

class SystemClock final : public Clock {
 public:
  std::chrono::nanoseconds wall() const noexcept override {
    return std::chrono::system_clock::now().time_since_epoch();
  }
  std::chrono::nanoseconds monotonic() const noexcept override {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
};

}  // namespace

const Clock& Clock::system() noexcept {
  static const SystemClock clock;
  return clock;
}

BELLWETHER_NAMESPACE_END
