// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace bellwether::test {

/// A server on loopback that answers with whatever bytes it is told, connection by connection, and then closes.
///
///     RawServer server{{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal", RawServer::hang}};
///
/// Connections beyond the script get its last line. No connection outlives the server.
class RawServer {
 public:
  /// Says nothing and keeps the connection until the client has gone.
  static constexpr const char* hang = "hang";

  explicit RawServer(std::vector<std::string> script);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void serve();
  void answer(int connection, const std::string& line) const;
  bool wait_readable(int socket) const;

  std::vector<std::string> script_;
  int listener_ = -1;
  int stop_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace bellwether::test
