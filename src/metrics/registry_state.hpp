// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/registry.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "metrics/family_state.hpp"

BELLWETHER_NAMESPACE_BEGIN

/// A registered collector. Outlives its registry where the handle does.
struct Collector::State {
  std::vector<CollectedMetric> metrics;
  CollectorFunction function;
  std::mutex running;    ///< held while the function is called, and to switch it off
  bool removed = false;  ///< guarded by `running`
  std::weak_ptr<detail::RegistryState> registry;
};

namespace detail {

/// What a collector gave for one metric in one scrape: `label_names.size()` values for each sample, then its value.
struct CollectedFamily {
  CollectedMetric metric;
  std::vector<std::string> label_values;
  std::vector<double> values;
};

/// The metrics of a registry by name, and who may have which name.
///
/// Threads: any. The mutex is held for look-ups in maps only, never while a collector runs or a scrape reads.
class RegistryState {
 public:
  explicit RegistryState(RegistryOptions options);

  Result<FamilyState*> add(const Registration& registration, const FamilyOptions& options);
  Result<std::shared_ptr<Collector::State>> add(std::vector<CollectedMetric> metrics, CollectorFunction function,
                                                const std::shared_ptr<RegistryState>& self);
  void remove(const Collector::State& collector);

  ScrapeEpochs& epochs() noexcept { return epochs_; }
  /// Moves with the first urgent metric, and with each urgent series that begins or ends.
  const UrgentChanges& urgent_changes() const noexcept { return urgent_changes_; }

  /// By name. Families live as long as the registry.
  std::vector<FamilyState*> families() const;
  /// Calls all collectors and adds the registry's metrics of itself. By name.
  std::vector<CollectedFamily> collect();
  /// To be called at the begin of each scrape.
  void expire();

 private:
  Result<void> check_names(const FamilyDescription& description) const;
  Result<void> claim(const std::string& name, const std::vector<std::string>& sample_names);
  void release_names(const std::vector<CollectedMetric>& metrics);
  void add_own_metrics(std::vector<CollectedFamily>& collected) const;

  const RegistryOptions options_;
  ScrapeEpochs epochs_;
  UrgentChanges urgent_changes_;
  std::atomic<std::uint64_t> collector_errors_{0};

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<FamilyState>, std::less<>> families_;
  std::map<std::string, std::string, std::less<>> claimed_;  ///< sample name to the metric that bears it
  std::vector<std::shared_ptr<Collector::State>> collectors_;
};

std::string_view type_name(Kind kind) noexcept;

}  // namespace detail
BELLWETHER_NAMESPACE_END
