// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/discovery_http.hpp"

#include <algorithm>

#include "scrape/client_request.hpp"
#include "scrape/discovery_groups.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

Result<std::vector<config::TargetGroup>> ask(const config::HttpDiscoveryConfig& config, net::HttpTransport& transport,
                                             const std::stop_token& stop) {
  Result<net::HttpRequest> request = make_request(config.http, config.url);
  if (!request) return request.error();
  request->headers.emplace_back("Accept", "application/json");
  request->headers.emplace_back(
      "X-Prometheus-Refresh-Interval-Seconds",
      std::to_string(std::chrono::ceil<std::chrono::seconds>(config.refresh_interval).count()));
  request->timeout = config.refresh_interval;
  request->connect_timeout = std::min(request->connect_timeout, request->timeout);
  request->accept_gzip = true;
  request->stop = stop;
  const net::HttpResult response = transport.send(*request);
  if (!response) return response.error();
  if (response->status != 200) return Error{"the answer has status " + std::to_string(response->status) + ", not 200"};
  const std::string_view type = response->header("Content-Type");
  if (type.substr(0, type.find(';')) != "application/json") {
    return Error{"the answer is of type \"" + std::string(type.substr(0, 64)) + "\", not application/json"};
  }
  return parse_groups_json(response->body, "the answer");
}

}  // namespace

HttpDiscovery::HttpDiscovery(config::HttpDiscoveryConfig config, net::HttpTransport& transport, const Clock& clock,
                             std::stop_token stop)
    : config_(std::move(config)), transport_(transport), clock_(clock), stop_(std::move(stop)) {}

bool HttpDiscovery::poll() {
  next_ = clock_.monotonic() + config_.refresh_interval;
  Result<std::vector<config::TargetGroup>> answer = ask(config_, transport_, stop_);
  if (!answer) {
    problem_ = "http_sd_configs: " + answer.error().message + (groups_.empty() ? "" : "; the targets it had stay");
    return false;
  }
  problem_.clear();
  std::vector<DiscoveredGroup> groups;
  for (config::TargetGroup& group : *answer) {
    group.labels["__meta_url"] = config_.url;
    groups.push_back({config_.url + ":" + std::to_string(groups.size()), std::move(group)});
  }
  if (groups == groups_) return false;
  groups_ = std::move(groups);
  return true;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
