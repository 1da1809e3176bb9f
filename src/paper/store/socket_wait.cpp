// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/socket_wait.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

Result<SocketWish> wait_for_socket(int socket, SocketWish wish, Deadline deadline, const std::string& who) {
  pollfd one{socket, static_cast<short>((wish.read ? POLLIN : 0) | (wish.write ? POLLOUT : 0)), 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return Error{who + " did not answer in time"};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (ready < 0 && errno != EINTR) {
      return Error{"cannot wait for " + who + ": " + std::generic_category().message(errno)};
    }
    if (ready <= 0) continue;
    const bool broken = (one.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    return SocketWish{(one.revents & POLLIN) != 0 || broken, (one.revents & POLLOUT) != 0 || broken};
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
