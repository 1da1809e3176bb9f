// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/random.hpp>

#include <chrono>
#include <random>

BELLWETHER_NAMESPACE_BEGIN
namespace {

std::uint64_t system_seed() noexcept {
  try {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
  } catch (...) {  // a sandbox without entropy: jitter needs no secrecy, only that two processes differ
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
}

}  // namespace

Random& Random::system() noexcept {
  static SeededRandom random{system_seed()};
  return random;
}

BELLWETHER_NAMESPACE_END
