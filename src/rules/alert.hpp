// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// Labels or annotations of an alert, by name. Alerts are few and live long: plain strings.
using AlertLabels = std::map<std::string, std::string, std::less<>>;

/// An alert as it goes from rules, or from who posts to API v2, to the notifier: Alertmanager's model. What it is about is its
/// labels: two alerts with equal labels are one at two moments. Times are milliseconds since the epoch.
struct Alert {
  AlertLabels labels;  ///< with `alertname`; never an empty value
  AlertLabels annotations;
  std::int64_t starts_ms = 0;
  std::int64_t ends_ms = 0;  ///< resolved from then on; 0: not known yet
  std::int64_t updated_ms = 0;
  std::string generator_url;  ///< where its expression is shown; may be empty

  bool resolved_at(std::int64_t now_ms) const noexcept { return ends_ms != 0 && ends_ms <= now_ms; }

  friend bool operator==(const Alert&, const Alert&) = default;
};

/// FNV-1a of 64 bits over the names and values, as Alertmanager's API shows it (16 hexadecimal digits there).
std::uint64_t fingerprint(const AlertLabels& labels) noexcept;
std::string fingerprint_text(const AlertLabels& labels);

/// Takes alerts that began, go on or ended. Any thread; returns when they are safe (written down), not when anybody was told.
using AlertSink = std::function<void(const std::vector<Alert>&)>;

}  // namespace rules
BELLWETHER_NAMESPACE_END
