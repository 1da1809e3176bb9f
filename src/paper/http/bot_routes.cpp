// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "paper/desk.hpp"
#include "paper/http/access.hpp"
#include "paper/http/desk_api.hpp"
#include "paper/http/json_text.hpp"
#include "paper/http/snapshot_json.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

std::optional<BotView> find(const Desk& desk, std::string_view id) {
  DeskSnapshot snapshot = desk.snapshot();
  const auto found =
      std::find_if(snapshot.bots.begin(), snapshot.bots.end(), [&](const BotView& bot) { return bot.id == id; });
  if (found == snapshot.bots.end()) return std::nullopt;
  return std::move(*found);
}

net::Response unknown_bot() {
  return failure(404, "no bot of this id; /api/v1/bots/ lists them");
}

using Act = Result<void> (Desk::*)(std::string_view);

net::Handler bot(Desk& desk, Act act) {
  return [&desk, act](const net::Request& request) {
    const std::string_view id = request.parameter("bot_id");
    const auto before = find(desk, id);
    if (!before) return unknown_bot();
    if (const auto result = (desk.*act)(before->symbol); !result) return failure(409, result.error().message);
    return net::Response::json(200, bot_json(*find(desk, id)) + '\n');
  };
}

}  // namespace

std::vector<ApiRoute> bot_routes(Desk& desk) {
  const auto list = [&desk](const net::Request&) {
    return net::Response::json(200, json_array(desk.snapshot().bots, bot_json) + '\n');
  };
  const auto one = [&desk](const net::Request& request) {
    const auto found = find(desk, request.parameter("bot_id"));
    return found ? net::Response::json(200, bot_json(*found) + '\n') : unknown_bot();
  };
  return {
      {"GET", "/api/v1/bots/", "All bots", "[Bot]", list},
      {"GET", "/api/v1/bots/{bot_id}", "One bot", "Bot", one},
      {"POST", "/api/v1/bots/{bot_id}/start", "Starts a bot", "Bot", bot(desk, &Desk::start), true},
      {"POST", "/api/v1/bots/{bot_id}/stop", "Stops a bot; its position is closed", "Bot", bot(desk, &Desk::stop),
       true},
      {"POST", "/api/v1/bots/{bot_id}/pause", "It runs on, keeps its position and trades no more", "Bot",
       bot(desk, &Desk::pause), true},
      {"POST", "/api/v1/bots/{bot_id}/resume", "It trades again", "Bot", bot(desk, &Desk::resume), true},
  };
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
