// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// The body of POST /api/v2/alerts: what Prometheus sends to an Alertmanager.
std::string alert_body(std::span<const rules::Alert> alerts);

}  // namespace notify
BELLWETHER_NAMESPACE_END
