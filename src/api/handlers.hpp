// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/answer.hpp"
#include "api/api_routes.hpp"
#include "api/parameters.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// One resource of the API. Runs on a worker; Parameters are of the same request.
using ApiHandler = net::Response (*)(const ApiSources&, const net::Request&, const Parameters&);

// query_handlers.cpp
net::Response query(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response query_range(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response format_query(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response parse_query(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response query_exemplars(const ApiSources& sources, const net::Request& request, const Parameters& parameters);

// series_handlers.cpp
net::Response series(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response label_names(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response label_values(const ApiSources& sources, const net::Request& request, const Parameters& parameters);

// target_handlers.cpp
net::Response targets(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response target_metadata(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response metadata(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response scrape_pools(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response rules(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response alerts(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response alertmanagers(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response notifications(const ApiSources& sources, const net::Request& request, const Parameters& parameters);

// status_handlers.cpp
net::Response status_config(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response status_flags(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response status_build(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response status_runtime(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response status_tsdb(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response status_replay(const ApiSources& sources, const net::Request& request, const Parameters& parameters);

// admin_handlers.cpp
net::Response snapshot(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response delete_series(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response clean_tombstones(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response healthy(const ApiSources& sources, const net::Request& request, const Parameters& parameters);
net::Response ready(const ApiSources& sources, const net::Request& request, const Parameters& parameters);

}  // namespace api
BELLWETHER_NAMESPACE_END
