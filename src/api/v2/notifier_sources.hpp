// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "api/v2/v2_sources.hpp"
#include "notify/notifier.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// `post`, `alerts`, `groups`, `acknowledge` and `heartbeat` of this notifier, which must live as long as the sources. Who calls it links
/// bellwether_notify; bellwether_api_v2 does not need it.
inline void take_notifier(V2Sources& sources, notify::Notifier& notifier) {
  sources.post = [&notifier](std::span<const rules::Alert> alerts) { return notifier.post(alerts); };
  sources.alerts = [&notifier] { return notifier.alerts(); };
  sources.groups = [&notifier] { return notifier.groups(); };
  sources.acknowledge = [&notifier](const notify::Acknowledgement& one) { return notifier.acknowledge(one); };
  sources.heartbeat = [&notifier](std::string_view name) { return notifier.heartbeat(name); };
}

}  // namespace api
BELLWETHER_NAMESPACE_END
