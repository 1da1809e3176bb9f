// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// One request that was answered. All texts come from bounded sets, so they may become labels; the path does not.
struct RequestRecord {
  std::string_view method;  ///< "GET", ...; "other" for one that HTTP does not define, or that could not be read
  /// The route as it was written, "/engines/{symbol}/start", for 405 and 401 as well; "unmatched" where there is none
  /// or the request could not be read.
  std::string_view route;
  int status;  ///< as sent; 101 for a WebSocket, when it is open
  /// From the end of the request's header (its first byte where it never ended) to the last byte of the answer handed
  /// to the kernel. A slow client's reading is part of it.
  std::chrono::nanoseconds duration;
  std::size_t request_bytes;   ///< header and body as far as they were read
  std::size_t response_bytes;  ///< header and body as far as they were sent, before TLS
  bool complete;               ///< false: the answer was cut short, by the client, a time-out, or the end of the server
};

/// Is told of every answer, streams, HEAD, errors and refused connections included, once each, when its last byte has
/// been handed over or it was cut short. A client that leaves before its answer begins is not told of.
///
///     options.observer = [&](const RequestRecord& r) { latency.at(r.method, r.route).observe(r.duration); };
///
/// Threads: the server's I/O thread (the one that stops the server for what is cut short then). It must neither block
/// nor throw; what it throws is lost. The texts live as long as the call.
using RequestObserver = std::function<void(const RequestRecord&)>;

}  // namespace net
BELLWETHER_NAMESPACE_END
