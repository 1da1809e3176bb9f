// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "automation/api.hpp"
#include "automation/audit.hpp"
#include "automation/audit_observer.hpp"
#include "automation/provider_observer.hpp"
#include "automation/watch_observer.hpp"
#include "automation/watcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Exports what the watcher does as test_watcher_*, see packs/automation. All series are there from the start, with 0.
///
/// Memory is the peak of the last command's largest process; until the first run, the watcher's own.
/// Threads: as WatchObserver. The constructor throws `Exception` when the registry has one of the names as something else.
class PackWatchObserver final : public WatchObserver {
 public:
  explicit PackWatchObserver(Registry& registry);

  void running(bool is_running) override;
  void waiting(std::size_t files) override;
  void finished(const TestRunOutcome& outcome) override;
  void failed(std::string_view what) override;

  const WatcherMetrics& metrics() const noexcept { return metrics_; }

 private:
  WatcherMetrics metrics_;
  Counter skipped_;
};

/// Exports the audits as audit_agent_*.
class PackAuditObserver final : public AuditObserver {
 public:
  explicit PackAuditObserver(Registry& registry);

  void finished(const AuditOutcome& outcome) override;

 private:
  AuditMetrics metrics_;
};

/// Exports the calls to one provider: api_*, of DeepSeek and Perplexity deepseek_* and perplexity_* as well. A refused call
/// counts as one that failed, so that a provider that is down is seen while its breakers are open.
class PackProviderObserver final : public ProviderObserver {
 public:
  PackProviderObserver(Registry& registry, std::string_view api);

  void succeeded(std::chrono::nanoseconds took) override;
  void failed(ProviderErrorType type, std::chrono::nanoseconds took) override;
  void refused(ProviderErrorType type) override;

 private:
  ApiMetrics metrics_;
  ApiSeries series_;
  std::string api_;
};

/// The same for calls that the watcher makes: test_watcher_api_calls_total counts them too.
class PackWatcherApiObserver final : public ProviderObserver {
 public:
  PackWatcherApiObserver(Registry& registry, std::string_view api);

  void succeeded(std::chrono::nanoseconds took) override;
  void failed(ProviderErrorType type, std::chrono::nanoseconds took) override;
  void refused(ProviderErrorType type) override;

 private:
  PackProviderObserver calls_;
  Counter success_;
  Counter error_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
