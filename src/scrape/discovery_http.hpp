// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "net/http_transport.hpp"
#include "scrape/discovery.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// `http_sd_configs`: asks a URL for target groups (JSON) every refresh_interval. An answer that is no such list keeps the groups
/// there were, and `problem` says so. Each group gets `__meta_url`.
///
/// Threads: one at a time. `poll` blocks for the request: at most the refresh_interval, or until `stop`.
class HttpDiscovery final : public Discovery {
 public:
  HttpDiscovery(config::HttpDiscoveryConfig config, net::HttpTransport& transport, const Clock& clock,
                std::stop_token stop = {});

  bool poll() override;
  const std::vector<DiscoveredGroup>& groups() const noexcept override { return groups_; }
  const std::string& problem() const noexcept override { return problem_; }
  std::chrono::nanoseconds next_poll() const noexcept override { return next_; }

 private:
  config::HttpDiscoveryConfig config_;
  net::HttpTransport& transport_;
  const Clock& clock_;
  std::stop_token stop_;
  std::vector<DiscoveredGroup> groups_;
  std::string problem_;
  std::chrono::nanoseconds next_{0};
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
