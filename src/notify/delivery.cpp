// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/delivery.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "notify/encoding.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

std::int64_t milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

void sooner(std::int64_t& next_ms, std::int64_t candidate_ms) {
  if (candidate_ms != 0) next_ms = std::min(next_ms, candidate_ms);
}

/// What of the answer is about those whom a row is left with.
DeliveryResult put_off_result(const OutboxRow& row, const DeliveryResult& result) {
  DeliveryResult out;
  out.outcome = DeliveryOutcome::transient;
  for (const LeftOut& one : result.left_out) {
    if (std::find(row.recipients.begin(), row.recipients.end(), one.recipient) == row.recipients.end()) continue;
    if (!out.error.empty()) out.error += "; ";
    out.error += one.error;
  }
  return out;
}

/// A message about one alert is the group's again, as the end of its alerts will be told under the group's key and lane.
void give_back_to_group(Notification& notification, std::string& lane) {
  if (notification.alerts.size() != 1) return;
  const std::string suffix = suffix_of_alert(notification.alerts.front().labels);
  std::string& key = notification.group_key;
  if (!key.ends_with(suffix) || !lane.ends_with(suffix)) return;
  key.resize(key.size() - suffix.size());
  lane.resize(lane.size() - suffix.size());
}

}  // namespace

std::string_view kind_of(std::string_view integration) noexcept {
  return integration.substr(0, integration.find('['));
}

void Delivery::use(const Policy& policy) {
  policy_ = &policy;
  const config::MessageRates& rates = policy.extensions().rate_limits;
  for (const auto& [receiver, integrations] : policy.receivers()) {
    for (const std::shared_ptr<Integration>& integration : integrations) {
      const Outbox::Address address{receiver, integration->name()};
      const DeliveryLimits limits = limits_of(rates, receiver, integration->name());
      std::unique_ptr<DeliveryTarget>& target = targets_[address];
      if (target) {
        target->replace(integration, limits);
      } else {
        target = std::make_unique<DeliveryTarget>(
            receiver + "/" + integration->name(), integration, limits,
            DeliveryTarget::Environment{options_.clock, options_.random, options_.retry.probe_unauthorized.count()});
      }
    }
  }
}

void Delivery::take(const Mailbox::Answer& answer, std::int64_t now_ms) {
  OutboxRow* const row = state_.outbox.find(answer.row);
  const auto found = under_way_.find(answer.row);
  const bool current = found != under_way_.end() && found->second.attempt == answer.attempt;
  const std::int64_t answered_ms = std::min(milliseconds(answer.at), now_ms);
  bool refused = false;
  if (current) {
    UnderWay way = std::move(found->second);
    under_way_.erase(found);
    const std::chrono::nanoseconds took = options_.clock->monotonic() - way.since;
    metrics_.answered(kind_of(way.address.second), took);
    // Who was put off once is no measure of the receiver.
    if (row != nullptr && row->apart && answer.result.outcome == DeliveryOutcome::transient) way.permit.ignore();
    if (const auto target = targets_.find(way.address); target != targets_.end()) {
      refused = target->second->answered(answer.result, std::move(way.permit), took, answered_ms);
    }
  }
  if (row == nullptr) return;
  // An answer after its lease: that it arrived is news all the same; that it failed is not.
  if (answer.result.outcome == DeliveryOutcome::delivered) return delivered(*row, answer.result, answered_ms, now_ms);
  if (!current) return;
  if (refused && options_.log) {
    options_.log("receiver " + row->receiver + ", " + row->integration + ", refuses our credentials (" +
                 answer.result.error + "): it rests until a reload or until a trial finds it willing");
  }
  if (answer.result.outcome == DeliveryOutcome::transient && !keep_for_others(*row, answer.result, now_ms)) return;
  failed(*row, answer.result, answered_ms, now_ms);
}

void Delivery::delivered(OutboxRow& row, const DeliveryResult& result, std::int64_t answered_ms, std::int64_t now_ms) {
  ++delivered_;
  metrics_.delivered(kind_of(row.integration), std::chrono::milliseconds{now_ms - row.created_ms});
  for (const std::string& lane : row.lanes) {
    const NotifierState::Place place{{row.receiver, row.integration}, lane};
    if (row.reason == NotificationReason::all_resolved) {
      if (state_.references.erase(place) > 0) state_.dirty_references.insert(place);
    } else if (!result.reference.empty() && row.lanes.size() == 1 && state_.references[place] != result.reference) {
      state_.references[place] = result.reference;
      state_.dirty_references.insert(place);
    }
  }
  if (const auto way = under_way_.find(row.id); way != under_way_.end()) {
    // A late answer while the next attempt is under way: its own answer will find no row.
    if (const auto target = targets_.find(way->second.address); target != targets_.end()) {
      target->second->unanswered(BreakerPermit{});
    }
    under_way_.erase(way);
  }
  std::vector<std::string> put_off = bury_refused(row, result, now_ms);
  if (put_off.empty()) return state_.outbox.finish(row.id);
  OutboxRow* rest = &row;
  if (row.apart) {  // it keeps its place before what waits for the same people
    state_.outbox.narrow(row, std::move(put_off));
  } else {
    rest = &state_.outbox.set_apart(row, std::move(put_off));
    state_.outbox.finish(row.id);
  }
  failed(*rest, put_off_result(*rest, result), answered_ms, now_ms);
}

void Delivery::failed(OutboxRow& row, const DeliveryResult& result, std::int64_t answered_ms, std::int64_t now_ms) {
  metrics_.failed(kind_of(row.integration), reason_of(result.outcome));
  row.error = result.error;
  if (result.outcome == DeliveryOutcome::permanent) return bury(row.id, now_ms);
  const bool late = row.urgent && now_ms - row.created_ms >= options_.retry.tell_fallback_urgent.count();
  if ((late || result.outcome == DeliveryOutcome::unauthorized) && !row.told_fallback) tell_fallback(row, now_ms);
  if (answered_ms >= row.deadline_ms) return bury(row.id, now_ms);

  std::int64_t again_ms = answered_ms;
  if (result.retry_after) {
    again_ms += result.retry_after->count();
  } else if (result.outcome != DeliveryOutcome::unauthorized) {  // that one waits for its target's trial
    again_ms += retry_pause_ms(row.attempts, options_.retry, *options_.random);
  }
  // One last attempt at the deadline, unless the receiver asked for more.
  if (!result.retry_after) again_ms = std::min(again_ms, row.deadline_ms);
  state_.outbox.retry(row, again_ms);
}

void Delivery::expire(std::int64_t now_ms) {
  std::vector<std::uint64_t> late;
  for (const auto& [id, way] : under_way_) {
    if (way.lease_ms <= now_ms) late.push_back(id);
  }
  for (const std::uint64_t id : late) {
    const auto found = under_way_.find(id);
    if (const auto target = targets_.find(found->second.address); target != targets_.end()) {
      target->second->unanswered(std::move(found->second.permit));
    }
    under_way_.erase(found);
    if (OutboxRow* const row = state_.outbox.find(id)) {
      DeliveryResult none;
      none.outcome = DeliveryOutcome::transient;
      none.error = "no answer";
      failed(*row, none, now_ms, now_ms);
    }
  }
}

void Delivery::bury(std::uint64_t id, std::int64_t now_ms) {
  OutboxRow* const row = state_.outbox.find(id);
  if (row == nullptr) return;
  ++dead_;
  metrics_.dead(kind_of(row->integration));
  if (options_.log) {
    options_.log("gave up on a message to receiver " + row->receiver + ", " + row->integration + ", about " +
                 row->group_key + ": " + row->error);
  }
  DeadLetter dead;
  dead.id = row->id;
  dead.receiver = row->receiver;
  dead.integration = row->integration;
  dead.group_key = row->group_key;
  dead.created_ms = row->created_ms;
  dead.died_ms = now_ms;
  dead.attempts = row->attempts;
  dead.error = row->error;
  dead.payload = row->payload;
  state_.dead_added.push_back(std::move(dead));
  if (!row->told_fallback) tell_fallback(*row, now_ms);
  state_.outbox.finish(id);
}

void Delivery::tell_fallback(OutboxRow& row, std::int64_t now_ms) {
  const std::string& fallback = policy_->extensions().fallback_receiver;
  row.told_fallback = true;
  state_.outbox.changed.insert(row.id);
  if (fallback.empty() || row.receiver == fallback) return;
  std::optional<Notification> lost = decode_notification(*row.notification);
  if (!lost || lost->alerts.empty()) return;
  Telling telling;
  telling.changed.assign(lost->alerts.size(), true);
  telling.pulse.assign(lost->alerts.size(), true);  // nobody else hears of them
  for (rules::Alert& alert : lost->alerts) {
    alert.annotations["undelivered"] = "receiver " + row.receiver + ", " + row.integration + ": " + row.error;
    // Who heard of the firing here hears of its end here, too.
    KeptAlert* const kept = state_.alerts.find(alert.labels);
    if (kept == nullptr) continue;
    for (const std::int64_t id : kept->groups) {
      Group* const group = state_.groups.find(id);
      if (group == nullptr || group->receiver != row.receiver || group->fallback) continue;
      group->fallback = true;
      state_.groups.dirty.insert(id);
    }
  }
  lost->receiver = fallback;
  const bool repeat = lost->reason == NotificationReason::repeat;
  if (repeat) lost->reason = NotificationReason::first;  // here it is
  std::string lane = row.lanes.empty() ? row.group_key : row.lanes.front();
  give_back_to_group(*lost, lane);
  telling.notification = std::move(*lost);
  messenger_.tell(fallback, lane, std::move(telling), now_ms);
}

void Delivery::tell_fallback_of_all(const Outbox::Address& address, std::int64_t now_ms) {
  std::vector<std::uint64_t> waiting;
  for (const auto& [id, row] : state_.outbox.rows()) {
    if (row.receiver == address.first && row.integration == address.second && !row.told_fallback) waiting.push_back(id);
  }
  for (const std::uint64_t id : waiting) {
    OutboxRow& row = *state_.outbox.find(id);
    if (row.error.empty()) row.error = "refuses our credentials";
    tell_fallback(row, now_ms);
  }
}

void Delivery::bury_homeless(const Outbox::Address& address, std::int64_t now_ms) {
  std::vector<std::uint64_t> homeless;
  for (const auto& [id, row] : state_.outbox.rows()) {
    if (row.receiver == address.first && row.integration == address.second) homeless.push_back(id);
  }
  for (const std::uint64_t id : homeless) {
    state_.outbox.find(id)->error = "alertmanager.yml no longer has this integration";
    bury(id, now_ms);
  }
}

std::vector<Departure> Delivery::pick(std::int64_t now_ms, std::int64_t& next_ms) {
  std::vector<Departure> out;
  std::vector<Outbox::Address> addresses;
  for (const auto& [address, queue] : state_.outbox.queues()) {
    if (!queue.ready.empty() || !queue.later.empty()) addresses.push_back(address);
  }
  for (const Outbox::Address& address : addresses) {
    const auto target = targets_.find(address);
    if (target == targets_.end()) {
      bury_homeless(address, now_ms);
      next_ms = now_ms;
      continue;
    }
    if (target->second->paused()) tell_fallback_of_all(address, now_ms);
    Outbox::Queue& queue = state_.outbox.queue(address, now_ms);
    while (!queue.ready.empty()) {
      OutboxRow& row = *state_.outbox.find(queue.ready.begin()->second);
      if (!split_behind(row, *target->second->integration())) continue;
      DeliveryTarget::Admission admission = target->second->admit(row.urgent, now_ms);
      if (!admission.granted) {
        sooner(next_ms, admission.again_ms);
        break;
      }
      const std::int64_t lease_ms = now_ms + options_.retry.lease.count();
      state_.outbox.begin(row, lease_ms);
      Departure departure;
      departure.row = row.id;
      departure.integration = target->second->integration();
      departure.message.id = row.origin == 0 ? row.id : row.origin;
      departure.message.recipients = row.recipients;
      departure.message.payload = row.payload;
      departure.message.deduplication_key = row.deduplication_key;
      departure.message.attempt = row.attempts;
      if (const auto known = state_.references.find({address, row.lanes.empty() ? "" : row.lanes.front()});
          known != state_.references.end()) {
        departure.message.reference = known->second;
      }
      metrics_.sent(kind_of(row.integration));
      under_way_[row.id] =
          UnderWay{row.attempts, address, std::move(admission.permit), options_.clock->monotonic(), lease_ms};
      out.push_back(std::move(departure));
    }
    if (!queue.later.empty()) sooner(next_ms, queue.later.begin()->first);
  }
  for (const auto& [id, way] : under_way_) sooner(next_ms, way.lease_ms);
  return out;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
