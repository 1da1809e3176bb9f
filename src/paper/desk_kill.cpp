// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The desk and its kill switch.
#include <fmt/format.h>

#include "paper/desk.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

void Desk::on_trip(const KillLatch& latch, const std::string& message) {
  account_.stop_all();
  observer_.on_kill(latch.trip.type, latch.trip.scope.text(), true, message);
  tell(message);
}

Result<void> Desk::trip(const std::string& reason) {
  const Visit visit{*this};
  if (kill_.is_latched("manual", KillScope::firm())) return Error{"trading is stopped already"};
  return kill_.trip({.type = "manual", .scope = KillScope::firm(), .reason = reason});
}

Result<void> Desk::reset(const std::string& type, const std::string& actor, const std::string& token,
                         const std::string& reason) {
  const Visit visit{*this};
  if (reason.empty()) return Error{"a reset needs a reason"};
  bool any = false;
  for (const KillLatch& latch : kill_.latches()) {
    if (!type.empty() && latch.trip.type != type) continue;
    const KillReset request{latch.trip.type, latch.trip.scope, actor.empty() ? "operator" : actor, token, reason};
    if (const auto result = account_.reset(request); !result) return result.error();
    any = true;
    observer_.on_kill(latch.trip.type, latch.trip.scope.text(), false, reason);
    tell(fmt::format("kill switch {} of {} reset: {}", latch.trip.type, latch.trip.scope.text(), reason));
  }
  if (!any) return Error{"no such kill switch is latched; there is nothing to reset"};
  observer_.on_snapshot(take_snapshot());
  return {};
}

Result<std::vector<std::string>> Desk::audit(std::size_t most) const {
  return kill_.audit(most);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
