// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// Whether a browser sends this request for a page of another origin than ours: that of `external_url`, or the very address that
/// is asked. Programs send no Origin.
bool is_cross_origin(const net::Request& request, const std::string& external_url);

/// The same, and stricter: the address asked must be an IP address or localhost, for whoever owns a name could make it point here
/// and so make his page one of ours. For all that needs no further proof.
bool is_foreign_origin(const net::Request& request, const std::string& external_url);

}  // namespace api
BELLWETHER_NAMESPACE_END
