// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// An answer that says in JSON what was wrong: {"error":"..."}.
net::Response failure(int status, std::string_view why);

/// What stands after `Authorization: Bearer `, or empty.
std::string_view bearer_token(const net::Request& request) noexcept;

}  // namespace paper
BELLWETHER_NAMESPACE_END
