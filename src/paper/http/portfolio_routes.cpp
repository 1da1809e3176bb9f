// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "paper/desk.hpp"
#include "paper/http/access.hpp"
#include "paper/http/desk_api.hpp"
#include "paper/http/json_text.hpp"
#include "paper/http/snapshot_json.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::size_t default_limit = 100;
constexpr std::size_t largest_limit = 1000;

template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::size_t> limit_of(const net::Request& request) {
  const auto text = request.query_parameter("limit");
  if (!text) return default_limit;
  const auto limit = whole_number<std::size_t>(*text);
  if (!limit || *limit == 0 || *limit > largest_limit) return std::nullopt;
  return limit;
}

/// The newest first.
template <typename List, typename Describe>
net::Response newest(const net::Request& request, List&& list_of, Describe&& describe) {
  const auto limit = limit_of(request);
  if (!limit) return failure(400, "limit must be a whole number from 1 to 1000");
  return net::Response::json(200, json_array(list_of(*limit), describe) + '\n');
}

}  // namespace

std::vector<ApiRoute> portfolio_routes(Desk& desk) {
  const auto portfolio = [&desk](const net::Request&) {
    return net::Response::json(200, portfolio_json(desk.snapshot()) + '\n');
  };
  const auto statistics = [&desk](const net::Request&) {
    return net::Response::json(200, statistics_json(desk.snapshot().statistics) + '\n');
  };
  const auto orders = [&desk](const net::Request& request) {
    const DeskSnapshot snapshot = desk.snapshot();
    return newest(
        request, [&](std::size_t most) { return desk.orders(most); },
        [&](const Order& order) { return order_json(order, snapshot); });
  };
  const auto fills = [&desk](const net::Request& request) {
    const DeskSnapshot snapshot = desk.snapshot();
    return newest(
        request, [&](std::size_t most) { return desk.fills(most); },
        [&](const Fill& fill) { return fill_json(fill, snapshot); });
  };
  const auto cancel = [&desk](const net::Request& request) {
    const auto id = whole_number<OrderId>(request.parameter("order_id"));
    if (!id) return failure(404, "an order's id is a whole number; /api/v1/orders lists them");
    if (const auto result = desk.cancel(*id); !result) return failure(409, result.error().message);
    return net::Response::json(200, JsonObject{}.add("result", "cancel sent").text() + '\n');
  };
  const ApiQueryParameter limit{"limit", "at most so many, the newest first; 1 to 1000, default 100"};
  return {
      {"GET", "/api/v1/portfolio", "Value, cash, exposure and positions", "Portfolio", portfolio},
      {"GET", "/api/v1/statistics", "Of the returns at the day's boundaries", "Statistics", statistics},
      {"GET", "/api/v1/orders", "The newest orders", "[Order]", orders, false, {limit}},
      {"GET", "/api/v1/fills", "The newest fills", "[Fill]", fills, false, {limit}},
      {"POST", "/api/v1/orders/{order_id}/cancel", "Cancels an open order", "Done", cancel, true},
  };
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
