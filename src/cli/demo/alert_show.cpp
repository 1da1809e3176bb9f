// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/demo/alert_show.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

constexpr const char* alert = "GlobalStopActive";
constexpr std::chrono::seconds patience{20};
constexpr std::chrono::seconds stopped_for{5};

std::string after(std::optional<std::chrono::nanoseconds> time, std::chrono::nanoseconds begin) {
  if (!time) return "not";
  return fmt::format("after {:.1f} ms", std::chrono::duration<double, std::milli>(*time - begin).count());
}

}  // namespace

AlertShow::AlertShow(paper::Desk& desk, const Inbox& inbox, std::string token, const Clock& clock,
                     std::chrono::nanoseconds after, Tell tell)
    : desk_(desk),
      inbox_(inbox),
      token_(std::move(token)),
      clock_(clock),
      tell_(std::move(tell)),
      next_(clock.monotonic() + after) {}

void AlertShow::update() {
  switch (step_) {
    case Step::waits:
      if (clock_.monotonic() >= next_) stop_desk();
      return;
    case Step::stopped:
      if (!say_told(true, "ALERT   ")) return;
      step_ = Step::told;
      next_ = clock_.monotonic() + stopped_for;
      return;
    case Step::told:
      if (clock_.monotonic() >= next_) lift();
      return;
    case Step::lifted:
      if (say_told(false, "RESOLVED")) step_ = Step::over;
      return;
    case Step::over:
      return;
  }
}

void AlertShow::stop_desk() {
  begin_ = clock_.monotonic();
  next_ = begin_ + patience;
  if (const auto tripped = desk_.trip("the demo shows an alert"); !tripped) {
    tell_(fmt::format("  SHOW      no alert is shown: {}", tripped.error().message));
    step_ = Step::over;
    return;
  }
  step_ = Step::stopped;
  tell_("  SHOW      the desk's kill switch is set; what is told stands in " + inbox_.directory());
}

void AlertShow::lift() {
  begin_ = clock_.monotonic();
  next_ = begin_ + patience;
  step_ = Step::lifted;
  if (const auto reset = desk_.reset("manual", "demo", token_, "the demo has shown its alert"); !reset) {
    tell_(fmt::format("  SHOW      the kill switch stays set: {}", reset.error().message));
    step_ = Step::over;
  }
}

bool AlertShow::say_told(bool firing, const char* what) {
  const auto webhook = inbox_.webhook_told(alert, firing, begin_);
  const auto mail = inbox_.mail_told(alert, firing, begin_);
  if (!(webhook && mail) && clock_.monotonic() < next_) return false;
  tell_(fmt::format("  {}  {}: webhook told {}, mail {}", what, alert, after(webhook, begin_), after(mail, begin_)));
  return true;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
