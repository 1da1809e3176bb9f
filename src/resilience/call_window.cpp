// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "resilience/call_window.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {
namespace {

constexpr std::uint8_t failed_bit = 1;
constexpr std::uint8_t slow_bit = 2;

}  // namespace

CallWindow CallWindow::of_calls(std::size_t count) {
  CallWindow window;
  window.calls_.resize(count);
  return window;
}

CallWindow CallWindow::of_seconds(std::size_t seconds) {
  CallWindow window;
  window.seconds_.resize(seconds);
  return window;
}

void CallWindow::add(bool failed, bool slow, std::chrono::nanoseconds now) {
  if (!needs_time()) {
    add_call(static_cast<std::uint8_t>((failed ? failed_bit : 0) | (slow ? slow_bit : 0)));
    return;
  }
  advance(now);
  for (CallTotals* totals : {&seconds_[static_cast<std::size_t>(second_) % seconds_.size()], &totals_}) {
    ++totals->calls;
    totals->failures += failed ? 1 : 0;
    totals->slow += slow ? 1 : 0;
  }
}

void CallWindow::add_call(std::uint8_t outcome) {
  std::uint8_t& place = calls_[next_];
  next_ = next_ + 1 == calls_.size() ? 0 : next_ + 1;
  if (totals_.calls == calls_.size()) {
    totals_.failures -= (place & failed_bit) != 0 ? 1 : 0;
    totals_.slow -= (place & slow_bit) != 0 ? 1 : 0;
  } else {
    ++totals_.calls;
  }
  place = outcome;
  totals_.failures += (place & failed_bit) != 0 ? 1 : 0;
  totals_.slow += (place & slow_bit) != 0 ? 1 : 0;
}

const CallTotals& CallWindow::totals(std::chrono::nanoseconds now) {
  if (needs_time()) advance(now);
  return totals_;
}

void CallWindow::clear() {
  totals_ = {};
  next_ = 0;
  std::fill(seconds_.begin(), seconds_.end(), CallTotals{});
}

void CallWindow::advance(std::chrono::nanoseconds now) {
  const std::int64_t second = now / std::chrono::seconds{1};
  const std::int64_t fresh = std::min(second - second_, static_cast<std::int64_t>(seconds_.size()));
  for (std::int64_t i = 0; i < fresh; ++i) {
    CallTotals& oldest = seconds_[static_cast<std::size_t>(second - i) % seconds_.size()];
    totals_.calls -= oldest.calls;
    totals_.failures -= oldest.failures;
    totals_.slow -= oldest.slow;
    oldest = {};
  }
  second_ = std::max(second_, second);
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
