// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/alert_command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <bellwether/clock.hpp>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/alert_requests.hpp"
#include "cli/alert_tables.hpp"
#include "cli/monitor_client.hpp"
#include "cli/monitor_login.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

struct Arguments {
  MonitorPlace place;
  SilenceWish silence;
  AlertWish alert;
  AcknowledgeWish acknowledgement;
  std::vector<std::string> matchers;
  std::vector<std::string> ids;
  std::string receiver;
  bool expired = false;
  bool all = false;
  bool json = false;
};
using ArgumentsPtr = std::shared_ptr<Arguments>;

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::system().wall()).count();
}

int say(const std::string& problem) {
  fmt::print(stderr, "bellwether: {}\n", problem);
  return 1;
}

std::string user() {
  const char* const name = std::getenv("USER");
  return name != nullptr ? name : "";
}

/// Sends what was made, and shows the answer.
int send(const Arguments& arguments, const std::string& path, const Result<std::string>& body, const char* otherwise) {
  if (!body) return say(body.error().message);
  const auto answer = call_monitor(arguments.place, "POST", path, *body);
  if (!answer) return say(answer.error().message);
  fmt::print("{}", answer->empty() ? otherwise : *answer);
  if (!answer->empty() && answer->back() != '\n') fmt::print("\n");
  return 0;
}

int show(const Arguments& arguments, const std::string& path,
         const std::function<Result<std::string>(const std::string&)>& table) {
  const auto answer = call_monitor(arguments.place, "GET", path);
  if (!answer) return say(answer.error().message);
  const auto text = arguments.json ? Result<std::string>(*answer) : table(*answer);
  if (!text) return say(text.error().message);
  fmt::print("{}", *text);
  return 0;
}

int make_silence(const Arguments& arguments, bool keep_start) {
  SilenceWish wish = arguments.silence;
  if (!wish.id.empty() && keep_start) {
    const auto known = call_monitor(arguments.place, "GET", silence_path(wish.id));
    if (!known) return say(wish.id + ": " + known.error().message);
    const auto start = silence_start(*known);
    if (!start) return say(start.error().message);
    wish.start = *start;
  }
  const auto body = silence_json(wish, now_ms());
  if (!body) return say(body.error().message);
  const auto answer = call_monitor(arguments.place, "POST", "/api/v2/silences", *body);
  if (!answer) return say(answer.error().message);
  const auto id = silence_id(*answer);
  if (!id) return say(id.error().message);
  fmt::print("{}\n", *id);
  return 0;
}

int query_silences(const Arguments& arguments) {
  const auto filter = filter_parameters(arguments.matchers);
  if (!filter) return say(filter.error().message);
  return show(arguments, "/api/v2/silences" + query_text(*filter),
              [&](const std::string& json) { return silence_table(json, arguments.expired); });
}

int expire_silences(const Arguments& arguments) {
  int status = 0;
  for (const std::string& id : arguments.ids) {
    const auto answer = call_monitor(arguments.place, "DELETE", silence_path(id));
    if (!answer) status = say(id + ": " + answer.error().message);
  }
  return status;
}

int query_alerts(const Arguments& arguments) {
  auto parameters = filter_parameters(arguments.matchers);
  if (!parameters) return say(parameters.error().message);
  if (!arguments.receiver.empty()) parameters->emplace_back("receiver", arguments.receiver);
  if (!arguments.all) {
    parameters->emplace_back("silenced", "false");
    parameters->emplace_back("inhibited", "false");
  }
  return show(arguments, "/api/v2/alerts" + query_text(*parameters), alert_table);
}

CLI::App* add(CLI::App& parent, const ArgumentsPtr& arguments, const char* name, const char* what,
              const char* examples) {
  CLI::App* const command = parent.add_subcommand(name, what);
  command->footer(examples);
  command->add_option("--url", arguments->place.url, "The monitor, or an Alertmanager")->capture_default_str();
  add_login_option(*command, arguments->place.http_config);
  return command;
}

}  // namespace

void add_silence_command(CLI::App& app, int& status) {
  CLI::App* const silence = app.add_subcommand("silence", "Tell nobody of some alerts for a while");
  silence->require_subcommand(1);
  auto arguments = std::make_shared<Arguments>();
  arguments->silence.author = user();

  CLI::App* const make =
      add(*silence, arguments, "add", "Make a silence, or change one; prints its id",
          "Examples:\n"
          "  bellwether silence add VenueDown venue=ibkr --duration 2h --comment 'planned outage'\n"
          "  bellwether silence add 'severity=~\"P1|P2\"' --start +8h --end +10h --comment weekend\n");
  make->add_option("MATCHER", arguments->silence.matchers, "An alert's name; name=value, !=, =~, !~")->required();
  make->add_option("--comment", arguments->silence.comment, "Why")->required();
  make->add_option("--author", arguments->silence.author, "Who; default: the user")->type_name("NAME");
  make->add_option("--duration", arguments->silence.duration, "30m, 2h, 1d")->capture_default_str();
  make->add_option("--start", arguments->silence.start, "now, +8h, 2026-11-21T12:00:00Z; with --id: as it was")
      ->capture_default_str();
  make->add_option("--end", arguments->silence.end, "The same, in place of --duration")->type_name("TIME");
  make->add_option("--id", arguments->silence.id, "Change this one")->type_name("ID");
  make->callback(
      [arguments, make, &status] { status = make_silence(*arguments, make->get_option("--start")->count() == 0); });

  CLI::App* const query = add(*silence, arguments, "query", "List silences",
                              "Examples:\n"
                              "  bellwether silence query\n"
                              "  bellwether silence query venue=ibkr --expired\n"
                              "  bellwether silence query --url https://monitor:9090 --http.config.file login.yml\n");
  query->add_option("MATCHER", arguments->matchers, "Only those with such matchers");
  query->add_flag("--expired", arguments->expired, "Those that have ended too");
  query->add_flag("--json", arguments->json, "As the API gives them");
  query->callback([arguments, &status] { status = query_silences(*arguments); });

  CLI::App* const expire = add(*silence, arguments, "expire", "End silences now",
                               "Example:\n  bellwether silence expire 8fe2b0ae-0d0b-4a35-8f2a-5d16f9b8a9a1\n");
  expire->add_option("ID", arguments->ids, "As `silence query` lists them")->required();
  expire->callback([arguments, &status] { status = expire_silences(*arguments); });
}

void add_alert_command(CLI::App& app, int& status) {
  CLI::App* const alert = app.add_subcommand("alert", "List, raise and acknowledge alerts");
  alert->require_subcommand(1);
  auto arguments = std::make_shared<Arguments>();
  arguments->acknowledgement.by = user();

  CLI::App* const query = add(*alert, arguments, "query", "List the alerts that fire",
                              "Examples:\n"
                              "  bellwether alert query\n"
                              "  bellwether alert query 'severity=~\"P0|P1\"' --all --json\n"
                              "  bellwether alert query --url https://monitor:9090 --http.config.file login.yml\n");
  query->add_option("MATCHER", arguments->matchers, "An alert's name; name=value, !=, =~, !~");
  query->add_option("--receiver", arguments->receiver, "Only those that go there: a regular expression");
  query->add_flag("--all", arguments->all, "Silenced and inhibited ones too");
  query->add_flag("--json", arguments->json, "As the API gives them");
  query->callback([arguments, &status] { status = query_alerts(*arguments); });

  CLI::App* const raise = add(*alert, arguments, "add", "Raise an alert, or end one (--end now)",
                              "Examples:\n"
                              "  bellwether alert add Drill severity=P2 --annotation summary='a drill' --end +5m\n"
                              "  bellwether alert add Drill severity=P2 --end now\n");
  raise->add_option("LABEL", arguments->alert.labels, "The alert's name, then name=value")->required();
  raise->add_option("--annotation", arguments->alert.annotations, "name=value; again for more")
      ->expected(1)
      ->take_all();
  raise->add_option("--start", arguments->alert.start, "now, -5m, 2026-11-21T12:00:00Z")->capture_default_str();
  raise->add_option("--end", arguments->alert.end, "When it ends by itself; default: the resolve_timeout from now")
      ->type_name("TIME");
  raise->add_option("--generator-url", arguments->alert.generator_url, "What its link leads to")->type_name("URL");
  raise->callback([arguments, &status] {
    status = send(*arguments, "/api/v2/alerts", alert_json(arguments->alert, now_ms()), "taken\n");
  });

  CLI::App* const acknowledge =
      add(*alert, arguments, "acknowledge", "Say that you look after alerts: repeats and escalation stop",
          "Examples:\n"
          "  bellwether alert acknowledge KillSwitchTripped --by ann --comment 'on it'\n"
          "  bellwether alert acknowledge 6a160496cb69b7a6 --duration 2h\n");
  acknowledge->add_option("ALERT", arguments->acknowledgement.alerts, "Fingerprints, or matchers")->required();
  acknowledge->add_option("--by", arguments->acknowledgement.by, "Who; default: the user")->type_name("NAME");
  acknowledge->add_option("--comment", arguments->acknowledgement.comment, "What others should know");
  acknowledge->add_option("--duration", arguments->acknowledgement.duration, "At most so long; default: until it ends")
      ->type_name("2h");
  acknowledge->callback([arguments, &status] {
    status = send(*arguments, "/api/v1/alerts/acknowledge", acknowledge_json(arguments->acknowledgement), "");
  });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
