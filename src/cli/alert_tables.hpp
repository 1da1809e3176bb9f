// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

// Answers of API v2 as tables for people: control characters become spaces, so that no label can write on the terminal.

/// Of GET /api/v2/silences; expired ones only where `expired`.
Result<std::string> silence_table(std::string_view json, bool expired);
/// Of GET /api/v2/alerts.
Result<std::string> alert_table(std::string_view json);
/// Of the answer to POST /api/v2/silences.
Result<std::string> silence_id(std::string_view json);

/// Its `startsAt`, of the answer to GET /api/v2/silence/{id}.
Result<std::string> silence_start(std::string_view json);

}  // namespace cli
BELLWETHER_NAMESPACE_END
