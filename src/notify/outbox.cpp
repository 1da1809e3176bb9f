// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/outbox.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

std::vector<Outbox::Lane> Outbox::lanes_of(const OutboxRow& row) {
  const Address address{row.receiver, row.integration};
  std::vector<Lane> out;
  for (const std::string& lane : row.lanes) {
    if (!row.apart) out.emplace_back(address, lane, "");
    if (!row.apart) continue;
    for (const std::string& recipient : row.recipients) out.emplace_back(address, lane, recipient);
  }
  return out;
}

OutboxRow& Outbox::add(OutboxRow row) {
  const bool fresh = row.id == 0;
  if (fresh) row.id = next_id_;
  next_id_ = std::max(next_id_, row.id + 1);
  OutboxRow& kept = rows_.insert_or_assign(row.id, std::move(row)).first->second;
  if (fresh) added.insert(kept.id);
  if (kept.apart) ++apart_;
  const std::vector<Lane> lanes = lanes_of(kept);
  kept.blockers = 0;
  if (kept.urgent) hurry(lanes);
  for (const Lane& lane : lanes) {
    auto& queue = lanes_[lane];
    if (!queue.empty()) ++kept.blockers;
    queue.push_back(kept.id);
  }
  schedule(kept);
  return kept;
}

OutboxRow& Outbox::set_apart(const OutboxRow& row, std::vector<std::string> recipients) {
  OutboxRow part = row;
  part.id = 0;
  part.origin = row.origin == 0 ? row.id : row.origin;
  part.recipients = std::move(recipients);
  part.apart = true;
  part.not_before_ms = 0;
  part.lease_ms = 0;
  return add(std::move(part));
}

void Outbox::narrow(OutboxRow& row, std::vector<std::string> recipients) {
  const std::vector<Lane> before = lanes_of(row);
  row.recipients = std::move(recipients);
  const std::vector<Lane> after = lanes_of(row);
  for (const Lane& lane : before) {
    if (std::find(after.begin(), after.end(), lane) == after.end()) leave(row.id, lane);
  }
  changed.insert(row.id);
}

bool Outbox::behind(const OutboxRow& row, const std::string& recipient) const {
  if (row.apart) return false;
  const Address address{row.receiver, row.integration};
  return std::any_of(row.lanes.begin(), row.lanes.end(), [&](const std::string& lane) {
    return lanes_.contains({address, lane, recipient});
  });
}

OutboxRow* Outbox::find(std::uint64_t id) {
  const auto found = rows_.find(id);
  return found == rows_.end() ? nullptr : &found->second;
}

void Outbox::finish(std::uint64_t id) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return;
  const OutboxRow row = std::move(found->second);
  unschedule(row);
  rows_.erase(found);
  changed.erase(id);
  if (added.erase(id) == 0) removed.insert(id);
  if (row.apart) --apart_;
  for (const Lane& lane : lanes_of(row)) leave(id, lane);
}

void Outbox::leave(std::uint64_t id, const Lane& lane) {
  const auto queue = lanes_.find(lane);
  if (queue == lanes_.end()) return;
  const bool was_first = queue->second.front() == id;
  std::erase(queue->second, id);
  if (queue->second.empty()) {
    lanes_.erase(queue);
  } else if (was_first) {
    OutboxRow& next = rows_.at(queue->second.front());
    if (--next.blockers == 0) schedule(next);
  }
}

void Outbox::begin(OutboxRow& row, std::int64_t lease_ms) {
  unschedule(row);
  ++row.attempts;
  row.lease_ms = lease_ms;
  changed.insert(row.id);
}

void Outbox::retry(OutboxRow& row, std::int64_t not_before_ms) {
  unschedule(row);
  row.lease_ms = 0;
  row.not_before_ms = not_before_ms;
  changed.insert(row.id);
  schedule(row);
}

bool Outbox::waiting(const Address& address, const std::string& lane) const {
  const auto queue = lanes_.find({address, lane, ""});
  if (queue == lanes_.end()) return false;
  return std::any_of(queue->second.begin(), queue->second.end(),
                     [this](std::uint64_t id) { return rows_.at(id).lease_ms == 0; });
}

Outbox::Queue& Outbox::queue(const Address& address, std::int64_t now_ms) {
  Queue& queue = queues_[address];
  while (!queue.later.empty() && queue.later.begin()->first <= now_ms) {
    const std::uint64_t id = queue.later.begin()->second;
    queue.later.erase(queue.later.begin());
    queue.ready.insert({!rows_.at(id).urgent, id});
  }
  return queue;
}

void Outbox::schedule(const OutboxRow& row) {
  if (row.blockers > 0 || row.lease_ms != 0) return;
  queues_[{row.receiver, row.integration}].later.insert({row.not_before_ms, row.id});
}

void Outbox::unschedule(const OutboxRow& row) {
  Queue& queue = queues_[{row.receiver, row.integration}];
  queue.later.erase({row.not_before_ms, row.id});
  queue.ready.erase({!row.urgent, row.id});
}

void Outbox::hurry(const std::vector<Lane>& lanes) {
  for (const Lane& lane : lanes) {
    const auto queue = lanes_.find(lane);
    if (queue == lanes_.end()) continue;
    for (const std::uint64_t id : queue->second) {
      OutboxRow& row = rows_.at(id);
      if (row.urgent) continue;
      unschedule(row);
      row.urgent = true;
      if (row.lease_ms == 0) row.not_before_ms = 0;
      changed.insert(id);
      schedule(row);
      const std::vector<Lane> others = lanes_of(row);
      if (others.size() > 1) hurry(others);  // a digest: what it waits for, too
    }
  }
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
