// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/journal_records.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

EventRecord event_of(OrderEvent event) {
  return {.at = event.at,
          .kind = "order",
          .bot = std::move(event.bot),
          .strategy = std::move(event.strategy),
          .symbol = std::move(event.symbol),
          .subject = std::move(event.order_id),
          .action = std::move(event.action),
          .detail = std::move(event.reason),
          .value = event.quantity};
}

EventRecord event_of(KillEvent event) {
  return {.at = event.at,
          .kind = "kill",
          .subject = event.scope.empty() ? std::move(event.type) : event.type + " " + event.scope,
          .action = std::move(event.action),
          .detail = std::move(event.reason),
          .value = event.value,
          .limit = event.limit};
}

EventRecord event_of(ReconciliationEvent event) {
  return {.at = event.at,
          .kind = "reconciliation",
          .symbol = std::move(event.symbol),
          .subject = std::move(event.account),
          .action = event.matches ? "match" : "mismatch",
          .detail = std::move(event.detail),
          .value = event.actual,
          .limit = event.expected};
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
