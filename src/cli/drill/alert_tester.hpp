// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <iosfwd>
#include <string>

#include "cli/drill/desk_control.hpp"
#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

/// The alert tester of the documents: makes a desk fail, leaves it so, and mends it when asked. What it raises arrives where the
/// monitor in front of the desk sends its alerts.
///
/// Blocking: ten seconds a call of the desk or the monitor at most.
class AlertTester {
 public:
  /// `http` and `desk` must outlive it. `monitor` is its URL.
  AlertTester(net::HttpTransport& http, DeskControl& desk, std::string monitor)
      : http_(http), desk_(desk), monitor_(std::move(monitor)) {}

  /// How the desk does, which faults are on, and which alerts the monitor holds. An error names who does not answer.
  Result<std::string> status();
  /// Switches the desk's faults of a severity ("critical", "warning") on; says which alerts are to come.
  Result<std::string> raise(const std::string& severity);
  Result<std::string> reset();

  /// The menu, until 0 or the end of `in`.
  void menu(std::istream& in, std::ostream& out);

 private:
  net::HttpTransport& http_;
  DeskControl& desk_;
  std::string monitor_;
};

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
