// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "notify/notifier_views.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// An alert as the notifier keeps it.
struct KeptAlert {
  std::int64_t id = 0;
  rules::Alert alert;
  std::string fingerprint;
  bool urgent = false;
  bool renewed = false;  ///< posted since the start of the process
  std::optional<Acknowledgement> acknowledgement = {};
  std::set<std::int64_t> groups = {};  ///< ids

  bool acknowledged_at(std::int64_t now_ms) const noexcept {
    return acknowledgement && (acknowledgement->until_ms == 0 || now_ms < acknowledgement->until_ms);
  }
};

/// All alerts that fire, or ended not long ago. Threads: one at a time.
class AlertBook {
 public:
  /// What a posted alert was to us.
  enum class News : std::uint8_t {
    none,      ///< goes on, or its end was known
    began,     ///< unknown, or ended before
    ended,     ///< fired until now
    obsolete,  ///< about an earlier time than we know of, or ended before we heard of it
  };

  /// Takes it in, as Alertmanager merges: the earlier start, the newer rest. The alert is null where it is not kept.
  std::pair<KeptAlert*, News> post(const rules::Alert& alert, std::int64_t now_ms);
  /// From the file.
  KeptAlert& restore(KeptAlert alert);
  void remove(std::int64_t id);
  /// Moves an end: the book knows the alerts by it.
  void set_end(KeptAlert& alert, std::int64_t ends_ms);

  KeptAlert* find(std::int64_t id);
  const KeptAlert* find(std::int64_t id) const;
  KeptAlert* find(const rules::AlertLabels& labels);
  KeptAlert* find_fingerprint(std::string_view fingerprint);
  std::size_t size() const noexcept { return by_id_.size(); }

  /// By their ends, those without an end left out.
  const std::set<std::pair<std::int64_t, std::int64_t>>& ends() const noexcept { return ends_; }

  template <typename Function>
  void each(const Function& function) const {
    for (const auto& [id, alert] : by_id_) function(static_cast<const KeptAlert&>(*alert));
  }
  template <typename Function>
  void each(const Function& function) {
    for (const auto& [id, alert] : by_id_) function(*alert);
  }

  /// Alerts that changed or went since the last save.
  std::set<std::int64_t> dirty;

 private:
  std::int64_t next_id_ = 1;
  std::unordered_map<std::int64_t, std::unique_ptr<KeptAlert>> by_id_;
  std::unordered_map<std::string, std::int64_t> by_fingerprint_;
  std::set<std::pair<std::int64_t, std::int64_t>> ends_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
