// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/run_reporter.hpp"

#include <fmt/format.h>

#include <utility>

#include "resilience/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

std::string run_json(const TestRunOutcome& outcome) {
  return fmt::format(R"({{"pass":{},"fail":{},"error":{},"skipped":{},"files":{},"seconds":{:.6f},)"
                     R"("peak_memory_bytes":{},"problem":{}}})",
                     outcome.tests.pass, outcome.tests.fail, outcome.tests.error, outcome.tests.skipped, outcome.files,
                     std::chrono::duration<double>(outcome.took).count(), outcome.peak_memory_bytes,
                     outcome.error ? resilience::json_text(*outcome.error) : "null");
}

RunReporter::RunReporter(ProviderClient& client, std::string path, Log log)
    : client_(client),
      path_(std::move(path)),
      log_(std::move(log)),
      thread_([this](const std::stop_token& stop) { send_all(stop); }) {}

void RunReporter::finished(const TestRunOutcome& outcome) {
  constexpr std::size_t most = 16;
  std::string report = run_json(outcome);
  {
    const std::scoped_lock lock{mutex_};
    if (reports_.size() == most) reports_.pop_front();
    reports_.push_back(std::move(report));
  }
  changed_.notify_one();
}

void RunReporter::send_all(const std::stop_token& stop) {
  for (;;) {
    std::string report;
    {
      std::unique_lock lock{mutex_};
      if (!changed_.wait(lock, stop, [this] { return !reports_.empty(); })) return;
      report = std::move(reports_.front());
      reports_.pop_front();
    }
    const ProviderResult result = client_.call({.path = path_, .body = std::move(report)}, stop);
    if (!result && result.error().type != ProviderErrorType::cancelled) log_(result.error().message);
  }
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
