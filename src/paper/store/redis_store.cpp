// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/redis_store.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "paper/store/redis_connection.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

/// For SCAN's MATCH, which knows wildcards.
std::string escaped_pattern(std::string_view prefix) {
  std::string pattern;
  for (const char letter : prefix) {
    if (std::string_view("*?[]\\^-").find(letter) != std::string_view::npos) pattern += '\\';
    pattern += letter;
  }
  return pattern + "*";
}

}  // namespace

RedisStore::RedisStore(RedisStoreOptions options, StoreContext context)
    : StateStore(context),
      options_(std::move(options)),
      address_(parse_redis_url(options_.url).value()),
      pause_(options_.reconnect) {}
RedisStore::~RedisStore() = default;

std::string RedisStore::describe() const {
  return "redis at " + address_.host + ":" + address_.port + "/" + std::to_string(address_.database);
}

Result<void> RedisStore::connect(StoreFault& fault) {
  if (connection_ != nullptr) return {};
  if (!pause_.over(clock().monotonic())) {
    fault = StoreFault::not_tried;
    return Error{describe() + " is away, and the next connection is not due yet: " + last_error_};
  }
  fault = StoreFault::connection;
  const auto refused = [&](const Error& error) {
    pause_.failed(clock().monotonic());
    last_error_ = error.message;
    return error;
  };
  const Deadline deadline = deadline_in(options_.connect_timeout);
  auto opened = RedisConnection::open(address_, deadline);
  if (!opened) return refused(opened.error());
  RedisConnection& connection = **opened;
  if (!address_.password.empty()) {
    if (address_.user.empty()) {
      connection.add({"AUTH", address_.password});
    } else {
      connection.add({"AUTH", address_.user, address_.password});
    }
  }
  if (address_.database != 0) connection.add({"SELECT", std::to_string(address_.database)});
  const auto replies = connection.exchange(deadline);
  if (!replies) return refused(replies.error());
  for (const RedisReply& reply : *replies) {
    if (reply.kind == RedisReply::Kind::error) return refused({describe() + " refuses the login: " + reply.text});
  }
  pause_.succeeded();
  connection_ = std::move(*opened);
  return {};
}

/// Sends the commands that were added. All replies are there then, and none is an error.
Result<std::vector<RedisReply>> RedisStore::exchange(Deadline deadline, StoreFault& fault) {
  auto replies = connection_->exchange(deadline);
  if (!replies) {
    fault = StoreFault::connection;
    connection_.reset();
    return replies;
  }
  for (const RedisReply& reply : *replies) {
    if (reply.kind != RedisReply::Kind::error) continue;
    fault = StoreFault::server;
    return Error{describe() + ": " + reply.text};
  }
  return replies;
}

/// An answer of a kind that the question does not have: the other side is no Redis.
Error RedisStore::nonsense(StoreFault& fault) {
  fault = StoreFault::connection;
  connection_.reset();
  return {describe() + " gave an answer that does not belong to the question"};
}

Result<std::optional<std::string>> RedisStore::do_get(std::string_view key, StoreFault& fault) {
  if (Result<void> connected = connect(fault); !connected) return connected.error();
  connection_->add({"GET", options_.key_prefix + std::string(key)});
  auto replies = exchange(deadline_in(options_.command_timeout), fault);
  if (!replies) return replies.error();
  RedisReply& reply = replies->front();
  if (reply.kind == RedisReply::Kind::nothing) return std::optional<std::string>();
  if (reply.kind != RedisReply::Kind::text) return nonsense(fault);
  return std::optional(std::move(reply.text));
}

Result<std::vector<std::string>> RedisStore::do_keys(std::string_view prefix, StoreFault& fault) {
  if (Result<void> connected = connect(fault); !connected) return connected.error();
  const Deadline deadline = deadline_in(options_.command_timeout);
  const std::string pattern = escaped_pattern(options_.key_prefix + std::string(prefix));
  std::set<std::string> keys;  // SCAN may give a key twice
  std::string cursor = "0";
  do {
    connection_->add({"SCAN", cursor, "MATCH", pattern, "COUNT", "1000"});
    auto replies = exchange(deadline, fault);
    if (!replies) return replies.error();
    RedisReply& page = replies->front();
    if (page.kind != RedisReply::Kind::list || page.list.size() != 2) return nonsense(fault);
    if (page.list[0].kind != RedisReply::Kind::text || page.list[1].kind != RedisReply::Kind::list) {
      return nonsense(fault);
    }
    cursor = page.list[0].text;
    for (const RedisReply& key : page.list[1].list) {
      if (key.text.size() >= options_.key_prefix.size()) keys.insert(key.text.substr(options_.key_prefix.size()));
    }
    if (keys.size() > max_keys) {
      fault = StoreFault::none;
      return Error{"more than " + std::to_string(max_keys) + " keys begin with '" + std::string(prefix) + "'"};
    }
  } while (cursor != "0");
  return std::vector<std::string>(keys.begin(), keys.end());
}

Result<void> RedisStore::do_apply(std::span<const StateChange> changes, StoreFault& fault) {
  if (Result<void> connected = connect(fault); !connected) return connected;
  for (const StateChange& change : changes) {
    const std::string key = options_.key_prefix + change.key;
    if (change.value) {
      connection_->add({"SET", key, *change.value});
    } else {
      connection_->add({"DEL", key});
    }
  }
  const auto replies = exchange(deadline_in(options_.command_timeout), fault);
  if (!replies) return replies.error();
  for (std::size_t index = 0; index < changes.size(); ++index) {
    const RedisReply& reply = (*replies)[index];
    const bool sensible = changes[index].value ? reply.kind == RedisReply::Kind::text && reply.text == "OK"
                                               : reply.kind == RedisReply::Kind::number;
    if (!sensible) return nonsense(fault);
  }
  return {};
}

Result<void> RedisStore::do_ping(StoreFault& fault) {
  if (Result<void> connected = connect(fault); !connected) return connected;
  connection_->add({"PING"});
  const auto replies = exchange(deadline_in(options_.command_timeout), fault);
  if (!replies) return replies.error();
  if (replies->front().text != "PONG") return nonsense(fault);
  return {};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
