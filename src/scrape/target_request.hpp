// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <string>

#include "net/http_transport.hpp"
#include "scrape/target.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What a scrape of `target` sends: authentication and the like as the job says, Accept, X-Prometheus-Scrape-Timeout-Seconds, and
/// Accept-Encoding unless the target is on this machine, where packing only costs. `body_size_limit` holds where the job has none.
/// Blocks on the disk where the job names files.
Result<net::HttpRequest> make_target_request(const Target& target, std::uint64_t body_size_limit);

/// Passwords, tokens or headers stand in files, which may change at any time.
bool reads_files(const config::HttpClientConfig& client);

/// The URL with this machine's name in place of localhost, 127.0.0.1 and [::1]: for people who look from elsewhere.
std::string global_url(const Target& target);

}  // namespace scrape
BELLWETHER_NAMESPACE_END
