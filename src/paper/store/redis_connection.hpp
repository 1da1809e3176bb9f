// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "paper/store/redis_store.hpp"
#include "paper/store/socket_wait.hpp"

struct redisReader;

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// One answer of a Redis.
struct RedisReply {
  enum class Kind : std::uint8_t { nothing, text, number, error, list };
  Kind kind = Kind::nothing;
  std::string text = {};
  std::int64_t number = 0;
  std::vector<RedisReply> list = {};
};

/// A TCP connection to a Redis. What it is told in words is hiredis's to read; the socket, with its deadlines, is ours: hiredis's own
/// time-outs are for one read, and a server that dribbles would hold the caller for ever.
///
/// After an error the connection is of no use: answers would no longer belong to their questions.
///
/// Threads: use from one at a time.
class RedisConnection {
 public:
  static Result<std::unique_ptr<RedisConnection>> open(const RedisAddress& address, Deadline deadline);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  /// Adds a command to the next exchange.
  void add(std::initializer_list<std::string_view> words);
  /// Sends the commands, and reads an answer for each.
  Result<std::vector<RedisReply>> exchange(Deadline deadline);

 private:
  RedisConnection(int socket, std::string who);
  Result<bool> read_reply(RedisReply& reply);  // false: not all of it is there yet
  Result<void> send_part();
  Result<void> receive_part();

  int socket_;
  std::string who_;
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };
  std::unique_ptr<redisReader, Free> reader_;
  std::string outgoing_;
  std::size_t sent_ = 0;
  std::size_t commands_ = 0;
  std::size_t received_ = 0;  // bytes in this exchange
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
