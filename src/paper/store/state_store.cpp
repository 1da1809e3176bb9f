// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/state_store.hpp"

#include "paper/store/guarded_call.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

Error empty_key() {
  return {"a state store's key must not be empty"};
}

}  // namespace

template <typename Value, typename Function>
Result<Value> StateStore::call(std::string_view operation, Function&& function) {
  GuardedAnswer<Value> answer = guarded_call<Value>(
      context_, mutex_, [this] { return describe(); }, std::forward<Function>(function));
  if (context_.observer != nullptr) {
    context_.observer->on_store_operation(operation, answer.status, answer.fault == StoreFault::connection);
  }
  return std::move(answer.result);
}

Result<std::optional<std::string>> StateStore::get(std::string_view key) {
  if (key.empty()) return empty_key();
  return call<std::optional<std::string>>("get", [&](StoreFault& fault) { return do_get(key, fault); });
}

Result<void> StateStore::set(std::string_view key, std::string_view value) {
  if (key.empty()) return empty_key();
  const StateChange change{std::string(key), std::string(value)};
  return call<void>("set", [&](StoreFault& fault) { return do_apply({&change, 1}, fault); });
}

Result<void> StateStore::del(std::string_view key) {
  if (key.empty()) return empty_key();
  const StateChange change{std::string(key)};
  return call<void>("del", [&](StoreFault& fault) { return do_apply({&change, 1}, fault); });
}

Result<std::vector<std::string>> StateStore::keys(std::string_view prefix) {
  return call<std::vector<std::string>>("keys", [&](StoreFault& fault) { return do_keys(prefix, fault); });
}

Result<void> StateStore::apply(std::span<const StateChange> changes) {
  if (changes.empty()) return {};
  for (const StateChange& change : changes) {
    if (change.key.empty()) return empty_key();
  }
  return call<void>("apply", [&](StoreFault& fault) { return do_apply(changes, fault); });
}

Result<void> StateStore::ping() {
  return call<void>("ping", [&](StoreFault& fault) { return do_ping(fault); });
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
