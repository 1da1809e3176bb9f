// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "net/request_observer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// `method` if RFC 9110 (or 5789: PATCH) defines it, else "other". The text is a constant.
std::string_view bounded_method(std::string_view method) noexcept;

/// Gathers what an observer is told of one request, and tells it once.
class ObservedRequest {
 public:
  explicit ObservedRequest(const Clock& clock) : clock_(&clock) {}

  /// A new request: its time counts from now.
  void begin();
  /// Its header is whole: its time counts from now instead.
  void head_read(std::string_view method);
  /// `route` must live until the end.
  void route_found(std::string_view route) { route_ = route; }
  void received(std::size_t bytes) { request_bytes_ += bytes; }
  void answering(int status) { status_ = status; }
  void sent(std::size_t bytes) { response_bytes_ += bytes; }

  /// Tells the observer, if there is an answer of which it has not been told.
  void tell(const RequestObserver& observer, bool complete) noexcept;

 private:
  const Clock* clock_;
  std::chrono::nanoseconds begin_{};
  std::string_view method_;
  std::string_view route_;
  int status_ = 0;  // 0: no answer, or told already
  std::size_t request_bytes_ = 0;
  std::size_t response_bytes_ = 0;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
