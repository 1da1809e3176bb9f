// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/observed_request.hpp"

#include <algorithm>
#include <array>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

std::string_view bounded_method(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 9> known{"GET",    "HEAD",    "POST",    "PUT",  "PATCH",
                                                  "DELETE", "OPTIONS", "CONNECT", "TRACE"};
  const auto* const found = std::find(known.begin(), known.end(), method);
  return found == known.end() ? "other" : *found;
}

void ObservedRequest::begin() {
  begin_ = clock_->monotonic();
  method_ = "other";
  route_ = "unmatched";
  status_ = 0;
  request_bytes_ = 0;
  response_bytes_ = 0;
}

void ObservedRequest::head_read(std::string_view method) {
  begin_ = clock_->monotonic();
  method_ = bounded_method(method);
}

void ObservedRequest::tell(const RequestObserver& observer, bool complete) noexcept {
  const int status = std::exchange(status_, 0);
  if (status == 0 || !observer) return;
  try {
    observer({method_, route_, status, clock_->monotonic() - begin_, request_bytes_, response_bytes_, complete});
  } catch (...) {
    // Counting requests must not fail them.
  }
}

}  // namespace net
BELLWETHER_NAMESPACE_END
