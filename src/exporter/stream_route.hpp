// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/urgent_feed.hpp>
#include <memory>
#include <string>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {

/// The path of the push stream that belongs to a scrape endpoint.
std::string stream_path(const std::string& metrics_path);

/// A chunked answer that stays open. All routes of a feed share its limit of streams. A client that leaves data unread is
/// disconnected by the server's write time-out; one that comes back too late by the feed.
net::Route stream_route(std::shared_ptr<UrgentFeed> feed, std::string path, std::size_t max_streams);

}  // namespace exporter
BELLWETHER_NAMESPACE_END
