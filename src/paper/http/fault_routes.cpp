// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/desk.hpp"
#include "paper/http/access.hpp"
#include "paper/http/desk_api.hpp"
#include "paper/http/json_text.hpp"
#include "paper/http/request_body.hpp"
#include "paper/http/snapshot_json.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

net::Response unknown_fault() {
  std::string names;
  for (std::size_t i = 0; i < fault_kinds; ++i)
    names += (i == 0 ? "" : ", ") + std::string{name(static_cast<Fault>(i))};
  return failure(404, "no such fault; there are: " + names);
}

net::Response done(std::string_view text) {
  return net::Response::json(200, JsonObject{}.add("result", text).text() + '\n');
}

}  // namespace

std::vector<ApiRoute> fault_routes(Desk& desk) {
  const auto list = [&desk](const net::Request&) {
    return net::Response::json(200, json_array(desk.faults().list(), fault_json) + '\n');
  };
  const auto begin = [&desk](const net::Request& request) {
    const auto fault = fault_named(request.parameter("fault"));
    if (!fault) return unknown_fault();
    const auto body = read_body(request.body);
    if (!body) return failure(400, body.error().message);
    if (!body->symbol.empty() && !desk.knows(body->symbol)) return failure(404, "no engine for this symbol");
    if (const auto result = desk.begin_fault(*fault, body->symbol, body->lasts); !result) {
      return failure(409, result.error().message);
    }
    return done("begun");
  };
  const auto end = [&desk](const net::Request& request) {
    const auto fault = fault_named(request.parameter("fault"));
    if (!fault) return unknown_fault();
    return desk.end_fault(*fault) ? done("ended") : failure(409, "this fault is not on");
  };
  return {
      {"GET", "/faults", "The faults that are on", "[Fault]", list},
      {"POST", "/faults/{fault}", "Makes something go wrong, for drills", "Done", begin, true, {}, "FaultOptions"},
      {"DELETE", "/faults/{fault}", "Ends a fault", "Done", end, true},
  };
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
