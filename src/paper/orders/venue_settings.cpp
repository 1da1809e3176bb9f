// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/venue_settings.hpp"

#include "paper/orders/setting_checks.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

void require_valid(const VenueSettings& settings) {
  constexpr std::string_view what = "paper venue";
  require_span(what, "gateway.base", settings.gateway.base, 0);
  require_span(what, "gateway.jitter", settings.gateway.jitter, 0);
  require_span(what, "exchange.base", settings.exchange.base, 0);
  require_span(what, "exchange.jitter", settings.exchange.jitter, 0);
  require_within(what, "taker_fee_rate", settings.taker_fee_rate, 0, 1);
  require_within(what, "maker_fee_rate", settings.maker_fee_rate, 0, 1);
  require_within(what, "reject_share", settings.reject_share, 0, 1);
  require_within(what, "hard_messages", settings.hard_messages, 1, 1'000'000);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
