// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The pack automation without `bellwether watch`: a test runner, an audit, a provider's client, the machine.
#include <automation/metrics.hpp>
#include <bellwether/exposition.hpp>
#include <iostream>

using namespace std::chrono_literals;

namespace automation = bellwether::automation;

int main() {
  bellwether::Registry registry;
  const automation::Metrics metrics{registry};
  const auto machine = automation::SystemMetrics::add(registry).value();  // as long as it lives
  const automation::ApiSeries deepseek = metrics.for_api("deepseek");
  automation::set_running(metrics, true);
  automation::record_test_run(metrics, automation::RunStatus::pass, 42s);
  automation::record_audit_run(metrics, "schedule", 3s, bellwether::Clock::system().wall());
  automation::set_coverage(metrics, 83.5);
  automation::record_api_call(deepseek, automation::CallStatus::success, 700ms);
  std::cout << render(registry);
}
