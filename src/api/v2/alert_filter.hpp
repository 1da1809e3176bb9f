// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/v2/refusal.hpp"
#include "notify/notifier_views.hpp"
#include "notify/silences.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// The `filter` parameters of a question: conditions that all must hold. As at Alertmanager a condition on a label that is missing
/// fails, except `name=""` and negative ones.
class LabelFilter {
 public:
  static Posted<LabelFilter> of(const net::Request& request);

  bool matches(const rules::AlertLabels& labels) const;
  /// Of a silence: its matchers' texts stand for the labels.
  bool matches(const notify::Silence& silence) const;

 private:
  std::vector<storage::Matcher> matchers_;
};

/// Which alerts a question wants.
struct AlertFilter {
  LabelFilter labels;
  std::optional<storage::Matcher> receiver;
  bool active = true;
  bool silenced = true;
  bool inhibited = true;
  bool muted = true;

  static Posted<AlertFilter> of(const net::Request& request);

  /// Ended alerts are never wanted. `receiver` is not looked at.
  bool wants(const notify::AlertView& view, std::int64_t now_ms) const;
  bool wants_receiver(std::string_view name) const { return !receiver || receiver->matches(name); }
};

}  // namespace api
BELLWETHER_NAMESPACE_END
