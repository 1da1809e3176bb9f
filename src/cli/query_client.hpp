// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <vector>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Whom a query is put to.
struct QueryPlace {
  std::string url = "http://127.0.0.1:9090";  ///< of a monitor or a Prometheus
  std::string directory;                      ///< a data directory in place of the URL; no monitor may be running on it
  std::string http_config;                    ///< a file with login and TLS: see monitor_login.hpp
};

/// Asks a resource of the query API, "query_range", with its parameters. The JSON of the answer, or what its error says.
/// Blocking: up to two minutes.
Result<std::string> ask_api(const QueryPlace& place, const std::string& resource,
                            const std::vector<net::Field>& parameters);

}  // namespace cli
BELLWETHER_NAMESPACE_END
