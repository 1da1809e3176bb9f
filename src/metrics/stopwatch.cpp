// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/stopwatch.hpp>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

BELLWETHER_NAMESPACE_BEGIN
namespace detail {
namespace {

#if defined(__x86_64__)

/// CPUID 0x80000007, EDX bit 8: the time-stamp counter runs at a constant rate in all states of the processor.
bool has_constant_rate() noexcept {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) != 0 && (edx & (1U << 8U)) != 0;
}

struct Reading {
  std::uint64_t ticks;
  std::uint64_t nanoseconds;
};

/// Both clocks at the same moment: of several readings the one that took least, since a thread may lose its processor
/// for milliseconds between two instructions.
Reading read_both() noexcept {
  Reading best{};
  std::uint64_t least = ~std::uint64_t{0};
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::uint64_t before = __rdtsc();
    const std::uint64_t nanoseconds = steady_nanoseconds();
    const std::uint64_t after = __rdtsc();
    if (after - before >= least) continue;
    least = after - before;
    best = {before + least / 2, nanoseconds};
  }
  return best;
}

std::uint64_t measure_scale() noexcept {
  if (!has_constant_rate()) return 0;
  constexpr std::uint64_t period = 2'000'000;
  const Reading begin = read_both();
  while (steady_nanoseconds() - begin.nanoseconds < period) {
  }
  const Reading end = read_both();
  if (end.ticks <= begin.ticks) return 0;
  return static_cast<std::uint64_t>((static_cast<Wide>(end.nanoseconds - begin.nanoseconds) << 32U) /
                                    (end.ticks - begin.ticks));
}

#else

std::uint64_t measure_scale() noexcept {
  return 0;
}

#endif

}  // namespace

std::uint64_t steady_nanoseconds() noexcept {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

std::uint64_t tick_scale() noexcept {
  static const std::uint64_t scale = measure_scale();
  return scale;
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
