// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "paper/faults.hpp"
#include "paper/orders/order.hpp"
#include "paper/snapshot.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

// The desk's views as JSON objects. Times are Unix seconds (sim_time too), what is unknown is null.
// The OpenAPI document (openapi.cpp) describes the same members; a test holds them against each other.

std::string engine_json(const BotView& bot);  ///< as /engines/status has it
std::string bot_json(const BotView& bot);
std::string portfolio_json(const DeskSnapshot& desk);
std::string statistics_json(const StatisticsView& statistics);
std::string risk_json(const DeskSnapshot& desk);  ///< as /risk/summary has it
std::string kill_switches_json(const RiskView& risk);
std::string order_json(const Order& order, const DeskSnapshot& desk);
std::string fill_json(const Fill& fill, const DeskSnapshot& desk);
std::string fault_json(const ActiveFault& fault);

}  // namespace paper
BELLWETHER_NAMESPACE_END
