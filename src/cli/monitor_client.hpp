// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Whom a command speaks to: a monitor, or an Alertmanager.
struct MonitorPlace {
  std::string url = "http://127.0.0.1:9090";
  std::string http_config;  ///< a file with login and TLS: see monitor_login.hpp
};

/// Asks the API v2: the answer's body, or what its error says. `json` is sent unless it is empty. Blocking: up to thirty seconds.
Result<std::string> call_monitor(const MonitorPlace& place, const std::string& method, const std::string& path,
                                 const std::string& json = {});

/// `?filter=…&filter=…` of matchers and other parameters; empty where there are none.
std::string query_text(const std::vector<net::Field>& parameters);

/// "/api/v2/silence/<id>", escaped.
std::string silence_path(const std::string& id);

/// What a refusal says: the text of a JSON text, `message` or `error` of an object, else the body itself, shortened.
std::string refusal_text(std::string_view body);

}  // namespace cli
BELLWETHER_NAMESPACE_END
