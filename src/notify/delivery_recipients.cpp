// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Messages to several people of whom some get it, and others later or never.
#include <algorithm>
#include <set>
#include <utility>

#include "notify/delivery.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

std::vector<std::string> sorted(const std::vector<std::string>& names) {
  const std::set<std::string> unique(names.begin(), names.end());
  return {unique.begin(), unique.end()};
}

}  // namespace

std::vector<std::string> Delivery::recipients_of(const OutboxRow& row) const {
  if (!row.recipients.empty()) return row.recipients;
  const auto target = targets_.find({row.receiver, row.integration});
  if (target == targets_.end()) return {};
  return sorted(target->second->integration()->recipients(row.payload));
}

std::vector<std::string> Delivery::bury_refused(const OutboxRow& row, const DeliveryResult& result,
                                                std::int64_t now_ms) {
  if (result.left_out.empty()) return {};
  const std::vector<std::string> all = recipients_of(row);
  std::set<std::string> refused;
  std::string errors;
  std::set<std::string> put_off;
  for (const LeftOut& one : result.left_out) {
    // A late answer may be about people who have it by now.
    if (!std::binary_search(all.begin(), all.end(), one.recipient)) continue;
    if (one.outcome != DeliveryOutcome::permanent) {
      put_off.insert(one.recipient);
      continue;
    }
    if (!refused.insert(one.recipient).second) continue;
    if (!errors.empty()) errors += "; ";
    errors += one.error;
  }
  if (!refused.empty()) {  // together: the fallback hears of them once
    metrics_.failed(kind_of(row.integration), reason_of(DeliveryOutcome::permanent));
    OutboxRow& part = state_.outbox.set_apart(row, {refused.begin(), refused.end()});
    part.error = std::move(errors);
    bury(part.id, now_ms);
  }
  for (const std::string& name : refused) put_off.erase(name);
  return {put_off.begin(), put_off.end()};
}

bool Delivery::keep_for_others(OutboxRow& row, const DeliveryResult& result, std::int64_t now_ms) {
  if (result.left_out.empty()) return true;
  const std::vector<std::string> all = recipients_of(row);
  std::set<std::string> left(all.begin(), all.end());
  for (const LeftOut& one : result.left_out) {
    if (one.outcome == DeliveryOutcome::permanent) left.erase(one.recipient);
  }
  if (left.size() == all.size()) return true;
  bury_refused(row, result, now_ms);
  if (left.empty()) {
    state_.outbox.finish(row.id);
    return false;
  }
  state_.outbox.narrow(row, {left.begin(), left.end()});
  return true;
}

bool Delivery::split_behind(OutboxRow& row, const Integration& integration) {
  if (row.apart || !state_.outbox.any_apart()) return true;
  const std::vector<std::string> all =
      row.recipients.empty() ? sorted(integration.recipients(row.payload)) : row.recipients;
  std::vector<std::string> others;
  for (const std::string& name : all) {
    if (!state_.outbox.behind(row, name)) {
      others.push_back(name);
    } else if (row.reason != NotificationReason::repeat) {  // what waits says the same
      state_.outbox.set_apart(row, {name});
    }
  }
  if (others.size() == all.size()) return true;
  if (others.empty()) {
    state_.outbox.finish(row.id);
    return false;
  }
  state_.outbox.narrow(row, std::move(others));
  return true;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
