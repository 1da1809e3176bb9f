// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "paper/store/reconnect_pause.hpp"
#include "paper/store/socket_wait.hpp"
#include "paper/store/state_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

class RedisConnection;
struct RedisReply;

struct RedisStoreOptions {
  std::string url = "redis://127.0.0.1:6379/0";  ///< redis://[[user]:password@]host[:port][/db]; no TLS
  std::string key_prefix = "bellwether:";        ///< before every key of ours; callers do not see it
  std::chrono::nanoseconds connect_timeout = std::chrono::seconds{1};         ///< AUTH and SELECT included
  std::chrono::nanoseconds command_timeout = std::chrono::milliseconds{500};  ///< a whole exchange, however it dribbles
  ReconnectPauseOptions reconnect = {};
};

/// Where a redis:// URL leads.
struct RedisAddress {
  std::string host = "127.0.0.1";
  std::string port = "6379";
  std::string user = {};
  std::string password = {};
  int database = 0;
};
Result<RedisAddress> parse_redis_url(std::string_view url);

/// The state store in a Redis. The first call connects; a connection that failed, timed out or spoke anything but Redis is
/// closed, and the next call makes a new one, after a pause that grows.
///
/// Blocking: a call up to `command_timeout`, and `connect_timeout` if it connects. A host name is looked up by the system, which
/// has its own time-outs: write an address where that matters. Errors: the constructor throws `Exception` for a URL that is
/// none; it does not connect.
class RedisStore final : public StateStore {
 public:
  explicit RedisStore(RedisStoreOptions options = {}, StoreContext context = {});
  ~RedisStore() override;

  std::string describe() const override;

 private:
  Result<std::optional<std::string>> do_get(std::string_view key, StoreFault& fault) override;
  Result<std::vector<std::string>> do_keys(std::string_view prefix, StoreFault& fault) override;
  Result<void> do_apply(std::span<const StateChange> changes, StoreFault& fault) override;
  Result<void> do_ping(StoreFault& fault) override;

  /// A connection that may be used, or why there is none.
  Result<void> connect(StoreFault& fault);
  Result<std::vector<RedisReply>> exchange(Deadline deadline, StoreFault& fault);
  Error nonsense(StoreFault& fault);

  RedisStoreOptions options_;
  RedisAddress address_;
  ReconnectPause pause_;
  std::string last_error_;  // why there is no connection
  std::unique_ptr<RedisConnection> connection_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
