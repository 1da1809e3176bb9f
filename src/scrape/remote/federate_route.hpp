// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <cstddef>
#include <functional>

#include "net/route.hpp"
#include "scrape/remote/write_message.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct FederateOptions {
  /// At each request, for they may change with the configuration; added to series that lack them.
  std::function<Labels()> external_labels = {};
  std::chrono::milliseconds lookback = std::chrono::minutes{5};
  std::size_t max_series = 1'000'000;  ///< more are 422
  const Clock* clock = &Clock::system();
};

/// GET /federate?match[]=...: the newest sample of every series that one of the selectors matches, not older than `lookback`, with
/// its time, sorted by metric. Series that are stale are left out. The text format, or protobuf where Accept prefers it; native
/// histograms only in the latter. Types are "untyped", as Prometheus has it: what is known of types belongs to who scraped.
/// A series without `instance` gets an empty one, so that honor_labels leaves it alone.
///
/// The answer is made while it is sent; it shows one instant of the store, and holds that until the client has it all.
net::Route federate_route(storage::SeriesStore& store, FederateOptions options = {});

}  // namespace remote
BELLWETHER_NAMESPACE_END
