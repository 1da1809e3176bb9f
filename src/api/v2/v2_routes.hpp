// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <vector>

#include "api/v2/v2_sources.hpp"
#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// Alertmanager's HTTP API v2, as amtool, Grafana and Prometheus use it:
///
///     GET, POST    /api/v2/alerts            filter, receiver, active, silenced, inhibited, unprocessed
///     GET          /api/v2/alerts/groups     filter, receiver, active, silenced, inhibited, muted
///     GET, POST    /api/v2/silences          filter
///     GET, DELETE  /api/v2/silence/{id}
///     GET          /api/v2/status, /api/v2/receivers
///
/// and ours beside it:
///
///     POST         /api/v1/alerts/acknowledge     {"matchers": ["team=\"fx\""], "fingerprints": […], "by", "comment", "duration": "2h"}
///     GET, POST    /-/silence, /-/acknowledge     signed links (?token=): GET shows a page with a button, whose POST does it
///
///     V2Sources sources{.silences = silences.get(), .links = &signer};
///     take_notifier(sources, *notifier);                // notifier_sources.hpp
///     auto routes = v2_routes(sources);
///
/// Statuses and texts of errors are Alertmanager's (0.25; a silence to delete that is not there is 404, as since 0.28). Labels may
/// be any UTF-8. Limits: those below; beyond them 400 or 413, and nothing is taken. Changes that a web page of another origin asks
/// for are answered 403.
///
/// Threads: the routes run on the server's workers (blocking routes), several at a time.
Result<std::vector<net::Route>> v2_routes(V2Sources sources);

inline constexpr std::size_t max_posted_bytes = std::size_t{8} << 20U;
inline constexpr std::size_t max_posted_alerts = 20'000;  ///< in one request
inline constexpr std::size_t max_labels = 128;            ///< of an alert; as many annotations
inline constexpr std::size_t max_text_bytes =
    16UL * 1024;                                 ///< of a label's or annotation's value, a comment, an expression
inline constexpr std::size_t max_matchers = 64;  ///< of a silence
inline constexpr std::size_t max_filters = 64;   ///< of a question

}  // namespace api
BELLWETHER_NAMESPACE_END
