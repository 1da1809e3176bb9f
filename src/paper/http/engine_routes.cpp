// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk.hpp"
#include "paper/http/access.hpp"
#include "paper/http/desk_api.hpp"
#include "paper/http/json_text.hpp"
#include "paper/http/snapshot_json.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

using Act = Result<void> (Desk::*)(std::string_view);

net::Handler engine(Desk& desk, Act act, std::string_view done) {
  return [&desk, act, done](const net::Request& request) {
    const std::string symbol{request.parameter("symbol")};
    if (!desk.knows(symbol)) return failure(404, "no engine for this symbol; /engines/status lists them");
    if (const auto result = (desk.*act)(symbol); !result) return failure(409, result.error().message);
    return net::Response::json(200, JsonObject{}.add("symbol", symbol).add("result", done).text() + '\n');
  };
}

}  // namespace

std::vector<ApiRoute> engine_routes(Desk& desk) {
  const auto status = [&desk](const net::Request&) {
    return net::Response::json(200, json_array(desk.snapshot().bots, engine_json) + '\n');
  };
  return {
      {"GET", "/engines/status", "How each engine does", "[Engine]", status},
      {"POST", "/engines/{symbol}/start", "Starts an engine", "Done", engine(desk, &Desk::start, "started"), true},
      {"POST", "/engines/{symbol}/stop", "Stops an engine; its position is closed", "Done",
       engine(desk, &Desk::stop, "stopped"), true},
      {"POST", "/engines/{symbol}/crash", "A fault for drills: the engine's next cycle throws", "Done",
       engine(desk, &Desk::crash, "crash armed"), true},
  };
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
