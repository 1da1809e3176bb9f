// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "api/v2/v2_sources.hpp"
#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// One resource of API v2. Runs on a worker.
using V2Handler = net::Response (*)(const V2Sources&, const net::Request&);

std::int64_t now_ms(const V2Sources& sources) noexcept;

// alert_handlers.cpp
net::Response list_alerts(const V2Sources& sources, const net::Request& request);
net::Response list_groups(const V2Sources& sources, const net::Request& request);
net::Response post_alerts(const V2Sources& sources, const net::Request& request);

// acknowledge_handler.cpp
net::Response acknowledge_alerts(const V2Sources& sources, const net::Request& request);

// heartbeat_handler.cpp
net::Response take_heartbeat(const V2Sources& sources, const net::Request& request);

// silence_handlers.cpp
net::Response list_silences(const V2Sources& sources, const net::Request& request);
net::Response post_silence(const V2Sources& sources, const net::Request& request);
net::Response show_silence(const V2Sources& sources, const net::Request& request);
net::Response delete_silence(const V2Sources& sources, const net::Request& request);

// v2_status.cpp
net::Response show_status(const V2Sources& sources, const net::Request& request);
net::Response list_receivers(const V2Sources& sources, const net::Request& request);

// link_pages.cpp
net::Response show_silence_page(const V2Sources& sources, const net::Request& request);
net::Response silence_from_page(const V2Sources& sources, const net::Request& request);
net::Response show_acknowledge_page(const V2Sources& sources, const net::Request& request);
net::Response acknowledge_from_page(const V2Sources& sources, const net::Request& request);

}  // namespace api
BELLWETHER_NAMESPACE_END
