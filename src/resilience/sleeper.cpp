// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/sleeper.hpp>

#include <thread>

BELLWETHER_NAMESPACE_BEGIN
namespace {

class SystemSleeper final : public Sleeper {
 public:
  bool sleep(std::chrono::nanoseconds duration) override {
    std::this_thread::sleep_for(duration);
    return true;
  }
};

}  // namespace

Sleeper& Sleeper::system() noexcept {
  static SystemSleeper sleeper;
  return sleeper;
}

BELLWETHER_NAMESPACE_END
