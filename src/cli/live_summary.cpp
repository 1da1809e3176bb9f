// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/live_summary.hpp"

#include <fmt/core.h>

#include <cstdio>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

constexpr std::chrono::milliseconds redraw_every{250};
constexpr std::chrono::seconds line_every{5};

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

LiveSummary::LiveSummary(const paper::Desk& desk, MonitorLine* monitor, const Clock& clock, Screen* screen, bool colour)
    : desk_(desk),
      monitor_(monitor),
      clock_(clock),
      screen_(screen),
      colour_(colour),
      begin_(clock.monotonic()),
      next_(begin_),
      last_view_(begin_) {}

SummaryView LiveSummary::view() {
  SummaryView view;
  const auto now = clock_.monotonic();
  view.elapsed = now - begin_;
  view.desk = desk_.snapshot();
  if (monitor_ != nullptr) view.monitor = monitor_->text();
  if (now > last_view_) {
    view.events_per_second = static_cast<double>(view.desk.events - last_events_) / seconds(now - last_view_);
  }
  last_view_ = now;
  last_events_ = view.desk.events;
  return view;
}

void LiveSummary::show() {
  const SummaryView now = view();
  if (screen_ != nullptr) {
    screen_->draw(screen_lines(now, colour_));
    return;
  }
  fmt::print("{}\n", plain_line(now));
  if (!now.monitor.empty()) fmt::print("{}\n", now.monitor);
  std::fflush(stdout);
}

void LiveSummary::update() {
  if (clock_.monotonic() < next_) return;
  show();
  // From the time it was due, so that the lines do not drift; one that is late does not make the rest hurry.
  do {
    next_ += screen_ != nullptr ? std::chrono::nanoseconds{redraw_every} : std::chrono::nanoseconds{line_every};
  } while (next_ <= clock_.monotonic());
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
