// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "cli/demo/inbox.hpp"
#include "paper/desk.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// The part of the demo that goes wrong on purpose: some seconds after the start the desk's kill switch is set, then lifted, and
/// the terminal says after how many milliseconds the inbox was told of each.
///
///     AlertShow show(desk, inbox, token, clock, [](const std::string& line) { … });
///     while (running) { show.update(); … }
///
/// Threads: one.
class AlertShow {
 public:
  using Tell = std::function<void(const std::string& line)>;

  /// `after`: since the making. All that is referred to must outlive it.
  AlertShow(paper::Desk& desk, const Inbox& inbox, std::string token, const Clock& clock,
            std::chrono::nanoseconds after, Tell tell);

  /// Does what is due. Call it ten times a second or more often.
  void update();

 private:
  enum class Step : std::uint8_t { waits, stopped, told, lifted, over };
  void stop_desk();
  void lift();
  /// Says when both channels were told, or that they were not; true then.
  bool say_told(bool firing, const char* what);

  paper::Desk& desk_;
  const Inbox& inbox_;
  const std::string token_;
  const Clock& clock_;
  const Tell tell_;
  Step step_ = Step::waits;
  std::chrono::nanoseconds next_;      ///< when the present step ends
  std::chrono::nanoseconds begin_{0};  ///< of what is awaited
};

}  // namespace cli
BELLWETHER_NAMESPACE_END
