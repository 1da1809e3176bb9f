// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/test_websocket.hpp"

namespace bellwether::test {

namespace {

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

int Frame::close_code() const {
  return opcode == 8 && payload.size() >= 2 ? static_cast<int>(big_endian(std::string_view(payload).substr(0, 2))) : 0;
}

TestWebSocket::TestWebSocket(std::uint16_t port, std::string_view path, std::string_view headers, int receive_buffer)
    : client_(port, receive_buffer) {
  ask(path, headers);
}

TestWebSocket::TestWebSocket(std::uint16_t port, const ClientTls& tls, std::string_view path, std::string_view headers)
    : client_(port, tls) {
  ask(path, headers);
}

void TestWebSocket::ask(std::string_view path, std::string_view headers) {
  client_.send("GET " + std::string(path) +
               " HTTP/1.1\r\nHost: desk.example:8000\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
               std::string(key) + "\r\n" + std::string(headers) + "\r\n");
  response_ = client_.receive(true);
}

Frame TestWebSocket::receive() {
  const std::string head = client_.read(2);
  if (head.size() < 2) return {};
  std::uint64_t size = static_cast<unsigned char>(head[1]);
  if (size == 126) size = big_endian(client_.read(2));
  if (size == 127) size = big_endian(client_.read(8));
  Frame frame{static_cast<unsigned char>(head[0]) & 0x0f, client_.read(size)};
  return frame.payload.size() == size ? frame : Frame{};
}

Frame TestWebSocket::receive_data() {
  Frame frame = receive();
  while (frame.opcode == 9) frame = receive();
  return frame;
}

void TestWebSocket::send(int opcode, std::string_view payload, bool masked) {
  std::string frame{static_cast<char>(0x80 | opcode)};
  const int mask_bit = masked ? 0x80 : 0;
  if (payload.size() < 126) {
    frame += static_cast<char>(mask_bit | static_cast<int>(payload.size()));
  } else {
    frame += static_cast<char>(mask_bit | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  constexpr std::string_view mask = "\x11\x22\x33\x44";
  if (masked) frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += masked ? static_cast<char>(payload[i] ^ mask[i % 4]) : payload[i];
  }
  client_.send(frame);
}

}  // namespace bellwether::test
