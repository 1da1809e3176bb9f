// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/orders/pre_trade_settings.hpp"

#include "paper/orders/setting_checks.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

void require_valid(const PreTradeSettings& settings) {
  constexpr std::string_view what = "pre-trade settings";
  require_positive(what, "price_collar", settings.price_collar);
  require_within(what, "price_collar", settings.price_collar, 0, 1);
  require_positive(what, "max_order_value", settings.max_order_value);
  require_positive(what, "max_order_volume", settings.max_order_volume);
  require_within(what, "max_messages", settings.max_messages, 1, 1'000'000);
  require_span(what, "message_window", settings.message_window);
  require_span(what, "duplicate_window", settings.duplicate_window);
  require_within(what, "max_executions", settings.max_executions, 1, 1'000'000);
  require_span(what, "execution_window", settings.execution_window);
  require_positive(what, "exposure.gross", settings.exposure.gross);
  require_positive(what, "exposure.net", settings.exposure.net);
  require_span(what, "max_quote_age", settings.max_quote_age, 0);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
