// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "notify/notifier_views.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN

namespace notify {
class LinkSigner;
class Silences;
}  // namespace notify

namespace api {

/// What API v2 answers from. Everything outlives the server, and is used by several of its workers at a time. A part that is
/// missing is answered as if it were empty; what would change it is refused with 404.
struct V2Sources {
  std::function<Result<void>(std::span<const rules::Alert>)> post;  ///< taken when it returns: written down
  std::function<std::vector<notify::AlertView>()> alerts;           ///< all that the notifier holds, ended ones too
  std::function<std::vector<notify::GroupView>()> groups;
  std::function<Result<void>(const notify::Acknowledgement&)> acknowledge;
  std::function<Result<void>(std::string_view)> heartbeat;  ///< of that name: `heartbeats` of bellwether.yml
  notify::Silences* silences = nullptr;
  const notify::LinkSigner* links = nullptr;  ///< of the pages that links in messages lead to

  std::function<std::vector<std::string>()> receivers;         ///< by name
  std::function<std::string()> config_yaml;                    ///< without secrets: config::to_yaml(NotifierConfig)
  std::function<std::chrono::milliseconds()> resolve_timeout;  ///< `global: resolve_timeout`; none: 5 minutes
  std::string external_url;                                    ///< of the monitor: pages of that origin may post
  std::int64_t start_ms = 0;                                   ///< 0: when the routes are made
  const Clock* clock = &Clock::system();
};

}  // namespace api
BELLWETHER_NAMESPACE_END
