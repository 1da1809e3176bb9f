// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Until when a whole exchange with a server must be over, by the machine's clock.
using Deadline = std::chrono::steady_clock::time_point;
inline Deadline deadline_in(std::chrono::nanoseconds time) {
  return std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(time);
}

struct SocketWish {
  bool read = false;
  bool write = false;
};

/// Waits until the socket can do one of what is wished (its errors show then, too), at most until the deadline: then an error
/// that says "<who> did not answer in time".
Result<SocketWish> wait_for_socket(int socket, SocketWish wish, Deadline deadline, const std::string& who);

}  // namespace paper
BELLWETHER_NAMESPACE_END
