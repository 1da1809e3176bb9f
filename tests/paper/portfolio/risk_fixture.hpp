// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <bellwether/kill_switch.hpp>
#include <bellwether/registry.hpp>

#include <memory>
#include <string>
#include <vector>

#include "paper/market_fixtures.hpp"
#include "paper/portfolio/risk_monitor.hpp"

namespace bellwether::paper {

/// A kill switch on a real directory, its clock in our hands, and what it said when it tripped.
class RiskTest : public testing::Test {
 protected:
  static KillReset reset_of(const std::string& type, const std::string& token = "secret") {
    return {.type = type, .actor = "ada", .token = token, .reason = "looked into it"};
  }

  KillSwitchOptions options() {
    return {.state_file = directory.file("kill"),
            .audit_file = directory.file("kill.audit"),
            .account = "U123",
            .authorizer = token_authorizer("secret"),
            .on_trip = [this](const KillLatch&, const std::string& message) { messages.push_back(message); },
            .clock = &clock};
  }

  /// How many events of this name are in the audit trail.
  int audited(const std::string& event) const {
    int found = 0;
    const std::vector<std::string> lines = kill.audit().value();
    for (const std::string& line : lines) {
      if (line.find("\"event\":\"" + event + "\"") != std::string::npos) ++found;
    }
    return found;
  }

  TemporaryDirectory directory;
  ManualClock clock;
  std::vector<std::string> messages;
  KillSwitch kill{options()};
};

}  // namespace bellwether::paper
