// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_transport.hpp"
#include "notify/integration.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// What an answer over HTTP means for the outbox, alike for every channel:
///
/// | answer | outcome |
/// |---|---|
/// | 2xx | delivered |
/// | 429 | rate_limited, with Retry-After or what the body asks |
/// | 503 with Retry-After | rate_limited |
/// | 408, 425, 5xx, no answer, time-out, broken connection, TLS | transient |
/// | 401, 403 | unauthorized |
/// | a URL or header that cannot be sent, other 3xx and 4xx | permanent |
///
/// `body_retry_after`: what the channel's body said. The error holds the channel, the origin or the status, and the first line
/// of the body; a body may quote what was sent, so `secret` (where not empty) is cut out of it.
DeliveryResult classify_answer(std::string_view channel, const net::HttpResult& result, const Clock& clock,
                               std::optional<std::chrono::milliseconds> body_retry_after = std::nullopt,
                               std::string_view secret = {});

/// The text with `secret` replaced by <secret>, on one line, at most 200 code points.
std::string error_text(std::string_view text, std::string_view secret);

/// "retry_after": 5 of a body in JSON, at its top or under `parameters`: seconds, also with a fraction. At most a day.
std::optional<std::chrono::milliseconds> retry_after_of_body(std::string_view body);

}  // namespace notify
BELLWETHER_NAMESPACE_END
