// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/fault_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "cli/desk_options.hpp"
#include "net/http_client.hpp"
#include "paper/faults.hpp"
#include "paper/http/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

struct FaultArguments {
  std::string fault;
  std::string symbol;
  std::string lasts;
  std::string url = "http://127.0.0.1:8000";
  std::string token;
  bool end = false;
};

std::string known_faults() {
  std::string text;
  for (std::size_t i = 0; i < paper::fault_kinds; ++i) {
    const auto fault = static_cast<paper::Fault>(i);
    text += fmt::format("  {:<17} {}\n", name(fault), description(fault));
  }
  return text;
}

int fail(const std::string& why) {
  fmt::print(stderr, "bellwether fault: {}\n", why);
  return 1;
}

std::string token_of(const FaultArguments& arguments) {
  const char* const from_environment = std::getenv("BELLWETHER_TOKEN");
  return arguments.token.empty() && from_environment != nullptr ? from_environment : arguments.token;
}

net::HttpRequest request_of(const FaultArguments& arguments) {
  net::HttpRequest request;
  request.url = arguments.url + "/faults";
  if (arguments.fault == "list") return request;
  request.url += '/' + arguments.fault;
  request.method = arguments.end ? "DELETE" : "POST";
  request.auth = net::BearerToken{token_of(arguments)};
  if (arguments.end) return request;
  paper::JsonObject body;
  if (!arguments.symbol.empty()) body.add("symbol", arguments.symbol);
  if (!arguments.lasts.empty()) {
    const auto lasts = parse_time_span(arguments.lasts);
    if (!lasts) throw CLI::ValidationError("--for", lasts.error().message);
    body.add("seconds", std::chrono::duration<double>(*lasts).count());
  }
  request.headers = {{"Content-Type", "application/json"}};
  request.body = body.text();
  return request;
}

int run(const FaultArguments& arguments) {
  if (arguments.fault != "list" && !paper::fault_named(arguments.fault)) {
    throw CLI::ValidationError("FAULT", "'" + arguments.fault + "' is none of list or\n" + known_faults());
  }
  if (arguments.fault != "list" && token_of(arguments).empty()) {
    return fail("the desk printed a token at its start; give it with --token, or set BELLWETHER_TOKEN");
  }
  net::HttpClient client;
  const net::HttpResult result = client.send(request_of(arguments));
  if (!result) return fail(result.error().message + "; is the desk running there? --url names another");
  if (!result->is_success()) return fail(fmt::format("refused with {}: {}", result->status, result->body));
  fmt::print("{}", result->body);
  return 0;
}

}  // namespace

void add_fault_command(CLI::App& app, int& status) {
  CLI::App* const fault = app.add_subcommand("fault", "Make something go wrong on a running desk, for drills");
  auto arguments = std::make_shared<FaultArguments>();
  fault->add_option("FAULT", arguments->fault, "list: which are on; or what is to go wrong")->required();
  fault->add_option("--symbol", arguments->symbol, "Only this engine; default: all")->type_name("SYMBOL");
  fault->add_option("--for", arguments->lasts, "End it after this time; default: when it is ended")->type_name("30s");
  fault->add_flag("--end", arguments->end, "End it");
  fault->add_option("--url", arguments->url, "The desk")->type_name("URL")->capture_default_str();
  fault->add_option("--token", arguments->token, "What the desk printed at its start; default BELLWETHER_TOKEN")
      ->type_name("TOKEN");
  fault->footer("Faults:\n" + known_faults() +
                "Example:\n"
                "  bellwether fault slow --symbol BTCUSDT --for 5m --token 0123456789abcdef\n"
                "  bellwether fault slow --end");
  fault->callback([arguments, &status] { status = run(*arguments); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
