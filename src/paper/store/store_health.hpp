// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/health_report.hpp>

#include "paper/store/journal.hpp"
#include "paper/store/journal_writer.hpp"
#include "paper/store/state_store.hpp"
#include "paper/store/state_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// How the state store and the journal are, for a `HealthRegistry`. Never worse than degraded: the desk goes on without them.
///
///     health.add({.name = "redis", .critical = false}, [=] { return health_of(*store, writer.get()); });    // shared_ptrs
///     health.add({.name = "database", .critical = false}, [=] { return health_of(*journal, journal_writer.get()); });
///
/// Degraded while the server does not answer a ping, its breaker refuses calls, the writer's last exchange failed, or (journal)
/// the queue is more than half full. What was lost is said, and degrades no longer than the fault lasts.
///
/// Threads: any. Blocking: as `ping`; the check's time-out must be longer than the store's. `writer` may be null.
HealthResult health_of(StateStore& store, const StateWriter* writer = nullptr);
HealthResult health_of(Journal& journal, const JournalWriter* writer = nullptr);

}  // namespace paper
BELLWETHER_NAMESPACE_END
