// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_transport.hpp"
#include "net/libcurl.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// What arrives of one transfer, within its limits, and what became of it.
///
///     CurlTransfer transfer;
///     transfer.attach(easy, max_body_bytes);      // must stay where it is until `finish`
///     ...                                          // the transfer runs, libcurl says `code`
///     HttpResult result = transfer.finish(easy, code, destination.origin);
///
/// Threads: one at a time.
class CurlTransfer {
 public:
  void attach(CURL* easy, std::size_t max_body_bytes);

  /// Gets the body while it arrives, and the head with each part. False: that was enough, the transfer is cut.
  using Sink = std::function<bool(const HttpResponse& head, std::string_view part)>;
  /// With a sink nothing is kept, and `max_body_bytes` does not hold.
  void attach(CURL* easy, Sink sink);

  /// Without a code the transfer was given up. Leaves the transfer as it was made.
  HttpResult finish(CURL* easy, std::optional<CURLcode> code, const std::string& origin);

 private:
  static std::size_t take_header(char* data, std::size_t, std::size_t size, void* user) noexcept;
  static std::size_t take_body(char* data, std::size_t, std::size_t size, void* user) noexcept;
  bool hand_over(std::string_view part);

  CURL* easy_ = nullptr;
  Sink sink_;
  bool cut_ = false;
  HttpResponse response_;
  std::size_t max_body_bytes_ = 0;
  std::size_t header_bytes_ = 0;
  bool in_header_ = false;
  bool too_large_ = false;
  std::array<char, CURL_ERROR_SIZE> text_{};
};

}  // namespace net
BELLWETHER_NAMESPACE_END
