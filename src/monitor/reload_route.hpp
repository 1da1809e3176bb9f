// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <functional>
#include <vector>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

/// POST and PUT /-/reload: 200 when the configuration was taken, 500 with every error when it was not. 403 to a request that a
/// web page of another origin sends: a browser would let it through without a question.
std::vector<net::Route> reload_routes(std::function<Result<void>()> reload);

}  // namespace monitor
BELLWETHER_NAMESPACE_END
