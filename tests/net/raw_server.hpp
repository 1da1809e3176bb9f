// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace bellwether::test {

/// One connection as the server sees it.
class RawConnection {
 public:
  explicit RawConnection(int socket, const std::atomic<bool>& stopping) : socket_(socket), stopping_(stopping) {}
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  /// A request's head, with what follows it in the same packets; empty when the client has gone.
  std::string read_request();
  /// False when the client has gone.
  bool send(std::string_view bytes);
  /// Until the client goes or the server stops.
  void wait_for_end();
  bool stopping() const { return stopping_; }
  /// The next close tells the client with a reset.
  void reset_at_close();

 private:
  int socket_;
  const std::atomic<bool>& stopping_;
};

/// A server that does whatever a test wants with a connection, however wrong it is. One connection after the other, on
/// a thread of its own, on a free port of 127.0.0.1.
class RawServer {
 public:
  using Script = std::function<void(RawConnection&)>;
  explicit RawServer(Script script);
  /// Answers every request on a connection with these bytes.
  explicit RawServer(std::string answer);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const;
  int connections() const { return connections_; }

 private:
  void run();

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace bellwether::test
