// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "net/route.hpp"
#include "promql/engine.hpp"
#include "scrape/exemplar_store.hpp"
#include "scrape/metadata_store.hpp"
#include "scrape/scrape_result.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// How the last reading of the configuration went.
struct ConfigState {
  bool taken = true;
  std::int64_t taken_ms = 0;  ///< when one was last taken
};

/// What the API answers from. Only `store` must be there; what else is missing is answered as if it were empty. All of it
/// outlives the server, and is used by several of its workers at a time.
struct ApiSources {
  storage::SeriesStore* store = nullptr;
  promql::EngineOptions engine;  ///< lookback, samples, timeout; queries may ask for less time, not more

  std::function<scrape::TargetStates()> targets;
  const scrape::MetadataStore* metadata = nullptr;
  const scrape::ExemplarStore* exemplars = nullptr;

  std::function<std::string()> config_yaml;                ///< for status/config
  std::function<ConfigState()> config_state;               ///< for status/runtimeinfo
  std::vector<std::pair<std::string, std::string>> flags;  ///< for status/flags, by their names in Prometheus
  std::string retention = "15d";                           ///< for status/runtimeinfo
  std::int64_t start_ms = 0;                               ///< the same; 0: when the routes are made
  std::function<bool()> ready;                             ///< for /-/ready; none: always

  /// The JSON of `data` in answers to /api/v1/rules, /alerts and /alertmanagers; none: empty lists in the right shape.
  std::function<Result<std::string>(const net::Request&)> rules;
  std::function<Result<std::string>(const net::Request&)> alerts;
  std::function<Result<std::string>(const net::Request&)> alertmanagers;

  bool admin = false;              ///< /api/v1/admin/tsdb/... is answered
  std::string snapshot_directory;  ///< where snapshots go: <directory>/<time>-<number>
  /// A regular expression for the whole Origin of pages that may ask; ".*": all; empty: none.
  std::string cors_origin;
  const Clock* clock = &Clock::system();
};

/// Prometheus's HTTP API of version 3, as far as it is not experimental:
/// query, query_range, query_exemplars, format_query, parse_query, series, labels, label/<name>/values, metadata,
/// targets, targets/metadata, scrape_pools, rules, alerts, alertmanagers, notifications,
/// status/{config,flags,buildinfo,runtimeinfo,tsdb,walreplay}, admin/tsdb/{snapshot,delete_series,clean_tombstones}
/// under /api/v1, and /-/healthy and /-/ready. GET and POST where Prometheus takes both.
///
///     auto routes = api_routes({.store = store.get(), .targets = [&] { return scrape.targets(); }});
///     HttpServer::start(options, std::move(routes));
///
/// Queries run on the server's workers and end when the client goes away. Answers are written while they are sent; those up
/// to a few MiB are compressed for who takes gzip. Errors: a cors_origin that is no regular expression.
Result<std::vector<net::Route>> api_routes(ApiSources sources);

}  // namespace api
BELLWETHER_NAMESPACE_END
