// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/test_client.hpp"

namespace bellwether::test {

struct Frame {
  int opcode = -1;  ///< 1 text, 8 close, 9 ping, 10 pong; -1: none came
  std::string payload;

  /// Of a close frame; 0 without one.
  int close_code() const;
};

/// A WebSocket client that sends exactly the frames it is told to, however wrong they are.
class TestWebSocket {
 public:
  static constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";  // the example of RFC 6455
  static constexpr std::string_view accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  /// `headers` are further ones, each with its line end.
  TestWebSocket(std::uint16_t port, std::string_view path, std::string_view headers = {}, int receive_buffer = 0);
  TestWebSocket(std::uint16_t port, const ClientTls& tls, std::string_view path, std::string_view headers = {});

  const ClientResponse& response() const { return response_; }
  bool is_open() const { return response_.status == 101; }

  /// The next frame, whatever it is.
  Frame receive();
  /// The next frame that is no ping.
  Frame receive_data();
  void send(int opcode, std::string_view payload, bool masked = true);
  TestClient& raw() { return client_; }

 private:
  void ask(std::string_view path, std::string_view headers);

  TestClient client_;
  ClientResponse response_;
};

}  // namespace bellwether::test
