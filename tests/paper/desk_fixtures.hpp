// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/kill_switch.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "paper/desk.hpp"
#include "paper/market_fixtures.hpp"
#include "resilience/faulty_files.hpp"

namespace bellwether::paper {

/// A market of these events for these symbols.
inline Market market_of(std::vector<MarketEvent> events, std::vector<std::string> symbols = {"BTCUSDT"}) {
  Market market;
  market.symbols = std::move(symbols);
  market.faults = std::make_unique<InputFaults>(market.symbols);
  market.source = list_of(std::move(events));
  for (const std::string& symbol : market.symbols) {
    static_cast<void>(symbol);
    market.venue_of.push_back({"test"});
    market.limits.emplace_back();
  }
  return market;
}

inline constexpr const char* test_token = "0123456789abcdef";

/// A desk with a kill switch whose files are in memory, on a clock that stands still unless it is moved.
class TestDesk {
 public:
  explicit TestDesk(Market market, DeskObserver& observer, DeskSettings settings = as_fast_as_it_goes())
      : desk(std::move(market), settings, kill, clock, sleeper, observer,
             [this](const std::string& text) { told.push_back(text); }) {
    running = &desk;
  }

  static DeskSettings as_fast_as_it_goes() {
    DeskSettings settings;
    settings.speed = std::nullopt;
    return settings;
  }

  void play_all() {
    while (desk.step()) {
    }
  }

  ManualClock clock{std::chrono::seconds{1000}};
  ManualSleeper sleeper{clock};
  test::FaultyFiles files;
  std::vector<std::string> told;
  Desk* running = nullptr;
  KillSwitch kill{{.state_file = "kill.state",
                   .audit_file = "kill.audit",
                   .account = "test",
                   .authorizer = token_authorizer(test_token),
                   .on_trip =
                       [this](const KillLatch& latch, const std::string& message) {
                         if (running != nullptr) running->on_trip(latch, message);
                       },
                   .files = &files,
                   .clock = &clock}};
  Desk desk;
};

}  // namespace bellwether::paper
