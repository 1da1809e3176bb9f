// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The parts of `bellwether drill`, with webhooks and a desk that are made up.
#include <gtest/gtest.h>

#include <unistd.h>
#include <bellwether/clock.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "cli/drill/alert_tester.hpp"
#include "cli/drill/desk_control.hpp"
#include "cli/drill/drill_files.hpp"
#include "cli/drill/inbox.hpp"
#include "cli/drill/runner.hpp"
#include "cli/drill/scenario.hpp"
#include "cli/drill/stand_in.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string webhook(const std::string& status, const std::string& labels) {
  return R"({"version":"4","alerts":[{"status":")" + status + R"(","labels":{)" + labels + "}}]}";
}

// "alert|pack" of every alert in the packs' rule files.
std::multiset<std::string> alerts_in_rules() {
  std::multiset<std::string> alerts;
  for (const auto& entry : fs::recursive_directory_iterator{fs::path{BELLWETHER_SOURCE_DIR} / "packs"}) {
    const std::string path = entry.path().string();
    if (path.find("/rules/") == std::string::npos || path.find("/tests/") != std::string::npos) continue;
    if (!entry.is_regular_file()) continue;
    const std::string pack = fs::relative(entry.path(), fs::path{BELLWETHER_SOURCE_DIR} / "packs").begin()->string();
    std::istringstream lines{text_of(entry.path())};
    constexpr std::string_view begin = "      - alert: ";
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(begin)) alerts.insert(line.substr(begin.size()) + '|' + pack);
    }
  }
  return alerts;
}

TEST(DrillScenarios, there_is_one_for_every_alert_of_the_packs) {
  std::multiset<std::string> scenarios;
  for (const StandInScenario& each : stand_in_scenarios()) {
    scenarios.insert(std::string{each.alert} + '|' + std::string{each.pack});
  }
  scenarios.insert("Watchdog|desk");  // always fires
  EXPECT_EQ(scenarios, alerts_in_rules());
}

TEST(DrillScenarios, a_desk_scenario_names_alerts_that_exist_and_a_fault_that_exists) {
  const std::multiset<std::string> known = alerts_in_rules();
  const std::string faults =
      text_of(BELLWETHER_SOURCE_DIR "/src/paper/faults.cpp");  // the library is too large for this test
  for (const DeskScenario& each : desk_scenarios()) {
    for (const std::string_view alert : each.alerts) {
      const auto found = known.lower_bound(std::string{alert} + '|');
      ASSERT_NE(found, known.end()) << alert;
      EXPECT_TRUE(found->starts_with(std::string{alert} + '|')) << alert;
    }
    if (each.action == DeskAction::fault) {
      EXPECT_NE(faults.find("{\"" + std::string{each.name} + "\", "), std::string::npos) << each.name;
    }
  }
}

TEST(DrillScenarios, the_stand_in_reads_all_of_them) {
  ManualClock clock;
  StandIn stand_in{clock};
  for (const StandInScenario& each : stand_in_scenarios()) {
    const auto added = stand_in.add(std::string{each.alert}, each.series);
    EXPECT_TRUE(added) << added.error().message;
  }
  EXPECT_NE(stand_in.metrics().find("levi_global_stop 0\n"), std::string::npos);
}

TEST(StandIn, shows_the_good_value_until_its_scenario_begins_and_after_it_ended) {
  ManualClock clock;
  StandIn stand_in{clock};
  ASSERT_TRUE(stand_in.add("crash", R"(status{symbol="A B"} = 1 2)"));
  EXPECT_EQ(stand_in.metrics(), "status{symbol=\"A B\"} 1\n");
  stand_in.begin("crash");
  EXPECT_EQ(stand_in.metrics(), "status{symbol=\"A B\"} 2\n");
  stand_in.end("crash");
  stand_in.end("crash");
  EXPECT_EQ(stand_in.metrics(), "status{symbol=\"A B\"} 1\n");
  EXPECT_EQ(stand_in.scrapes(), 3U);
}

TEST(StandIn, counters_go_on_at_the_pace_of_the_moment_and_never_fall) {
  ManualClock clock;
  StandIn stand_in{clock};
  ASSERT_TRUE(stand_in.add("errors", "errors_total + 1 10"));
  clock.advance(2s);
  EXPECT_EQ(stand_in.metrics(), "errors_total 2\n");
  stand_in.begin("errors");
  clock.advance(2s);
  EXPECT_EQ(stand_in.metrics(), "errors_total 22\n");
  stand_in.end("errors");
  clock.advance(2s);
  EXPECT_EQ(stand_in.metrics(), "errors_total 24\n");
}

TEST(StandIn, a_histogram_moves_its_observations_to_the_bad_bucket) {
  ManualClock clock;
  StandIn stand_in{clock};
  ASSERT_TRUE(stand_in.add("slow", R"(latency{a="b"} H 0.1 5)"));
  stand_in.begin("slow");
  clock.advance(1s);
  EXPECT_EQ(stand_in.metrics(),
            "latency_bucket{a=\"b\", le=\"+Inf\"} 20\nlatency_bucket{a=\"b\", le=\"0.1\"} 0\n"
            "latency_bucket{a=\"b\", le=\"5\"} 20\n");
}

TEST(StandIn, ages_absent_series_and_hidden_metrics) {
  ManualClock clock{1000s};
  StandIn stand_in{clock};
  ASSERT_TRUE(stand_in.add("stale", "run_timestamp @ 5 900"));
  ASSERT_TRUE(stand_in.add("absent", "state{k=\"a\"} = gone 0"));
  ASSERT_TRUE(stand_in.add("missing", "run_timestamp !"));
  EXPECT_EQ(stand_in.metrics(), "run_timestamp 995.000\n");
  stand_in.begin("stale");
  stand_in.begin("absent");
  EXPECT_EQ(stand_in.metrics(), "run_timestamp 100.000\nstate{k=\"a\"} 0\n");
  stand_in.begin("missing");
  EXPECT_EQ(stand_in.metrics(), "state{k=\"a\"} 0\n");
  EXPECT_EQ(stand_in.metrics_of("missing"), (std::set<std::string>{"run_timestamp"}));
}

TEST(StandIn, refuses_lines_that_cannot_be_read_and_contradictions) {
  ManualClock clock;
  StandIn stand_in{clock};
  for (const char* const line : {"x", "x ?", "x ? 1 2", "x = 1", "x{a=\"b\" = 1 2", "{", " "}) {
    EXPECT_FALSE(stand_in.add("s", line)) << line;
  }
  ASSERT_TRUE(stand_in.add("one", "x = 1 2"));
  EXPECT_FALSE(stand_in.add("two", "x = 3 2"));
  EXPECT_FALSE(stand_in.add("two", "x + 1 2"));
  EXPECT_TRUE(stand_in.add("two", "x = 1 9"));
  stand_in.begin("nobody knows it");
  stand_in.begin("one");
  stand_in.begin("two");
  EXPECT_EQ(stand_in.metrics(), "x 9\n");
}

TEST(Inbox, knows_when_an_alert_began_and_ended) {
  ManualClock clock;
  Inbox inbox{clock};
  const WantedAlert crash{"EngineCrashed", ""};
  EXPECT_FALSE(inbox.firing(crash));
  clock.advance(1s);
  ASSERT_TRUE(inbox.take(webhook("firing", R"("alertname":"EngineCrashed","symbol":"A")")));
  clock.advance(1s);
  ASSERT_TRUE(inbox.take(webhook("firing", R"("alertname":"EngineCrashed","symbol":"A")")));  // a repeat
  ASSERT_TRUE(inbox.take(webhook("firing", R"("alertname":"EngineCrashed","symbol":"B")")));
  EXPECT_TRUE(inbox.firing(crash));
  EXPECT_FALSE(inbox.firing({"Other", ""}));
  const auto first = inbox.began(crash, 0ns);
  ASSERT_TRUE(first);
  EXPECT_EQ(inbox.began(crash, *first + 1ns), *first + 1s);
  EXPECT_EQ(inbox.began({"EngineCrashed", "symbol=B"}, 0ns), *first + 1s);
  clock.advance(1s);
  ASSERT_TRUE(inbox.take(webhook("resolved", R"("alertname":"EngineCrashed","symbol":"A")")));
  EXPECT_FALSE(inbox.ended(crash)) << "B fires still";
  EXPECT_FALSE(inbox.firing({"EngineCrashed", "symbol=A"}));
  clock.advance(1s);
  ASSERT_TRUE(inbox.take(webhook("resolved", R"("alertname":"EngineCrashed","symbol":"B")")));
  EXPECT_EQ(inbox.ended(crash), *first + 3s);
}

TEST(Inbox, refuses_what_is_no_webhook) {
  ManualClock clock;
  Inbox inbox{clock};
  for (const char* const body :
       {"", "{", "[]", "null", "{}", R"({"alerts":1})", R"({"alerts":[1]})", R"({"alerts":[{}]})",
        R"({"alerts":[{"labels":[],"status":"firing"}]})", R"({"alerts":[{"labels":{},"status":1}]})"}) {
    EXPECT_FALSE(inbox.take(body)) << body;
  }
  net::Request request;
  request.body = "nonsense";
  EXPECT_EQ(inbox.route("/alerts").handler(request).status, 400);
  request.body = webhook("firing", R"("alertname":"X")");
  EXPECT_EQ(inbox.route("/alerts").handler(request).status, 200);
}

/// A monitor that tells at once, or never.
class Drills {
 public:
  Drill make(const std::string& name, bool fires = true, bool ends = true, std::set<std::string> uses = {"thing"}) {
    Drill drill{.name = name, .severity = "critical", .alerts = {}, .uses = std::move(uses), .begin = {}, .end = {}};
    drill.alerts.push_back({name, ""});
    drill.begin = [this, name, fires]() -> Result<void> {
      on.insert(name);
      clock.advance(10ms);
      if (fires) (void)inbox.take(webhook("firing", R"("alertname":")" + name + '"'));
      return {};
    };
    drill.end = [this, name, ends]() -> Result<void> {
      on.erase(name);
      clock.advance(20ms);
      if (ends) (void)inbox.take(webhook("resolved", R"("alertname":")" + name + '"'));
      return {};
    };
    return drill;
  }

  ManualClock clock;
  Inbox inbox{clock};
  std::set<std::string> on;
  RunOptions options{.fire_within = 0ns, .resolve_within = 0ns, .quiet_within = 0ns};
};

TEST(DrillRunner, measures_from_the_switch_to_the_arrival) {
  Drills drills;
  const auto outcomes = run_wave({drills.make("A")}, drills.inbox, drills.clock, drills.options);
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_TRUE(outcomes[0].passed()) << outcomes[0].trouble;
  EXPECT_EQ(outcomes[0].fired, 10ms);
  EXPECT_EQ(outcomes[0].resolved, 20ms);
  EXPECT_NE(table_of(outcomes).find("10.0         20.0  ok"), std::string::npos) << table_of(outcomes);
  EXPECT_NE(json_of(outcomes).find(R"("passed":true)"), std::string::npos);
}

TEST(DrillRunner, says_what_did_not_arrive_and_switches_off_all_the_same) {
  Drills drills;
  const auto outcomes = run_wave({drills.make("silent", false), drills.make("endless", true, false)}, drills.inbox,
                                 drills.clock, drills.options);
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].trouble, "never arrived");
  EXPECT_EQ(outcomes[1].trouble, "its end never arrived");
  EXPECT_TRUE(drills.on.empty());
  EXPECT_NE(table_of(outcomes).find("0 of 2 alerts"), std::string::npos);
}

TEST(DrillRunner, does_not_pass_an_alert_that_fired_before) {
  Drills drills;
  ASSERT_TRUE(drills.inbox.take(webhook("firing", R"("alertname":"A")")));
  const auto outcomes = run_wave({drills.make("A")}, drills.inbox, drills.clock, drills.options);
  EXPECT_EQ(outcomes[0].trouble, "fired before the drill began");
}

TEST(DrillRunner, tells_an_error_of_the_switch_and_waits_for_nothing) {
  Drills drills;
  drills.options.fire_within = 24h;
  Drill broken = drills.make("A");
  broken.begin = []() -> Result<void> { return Error{"no desk"}; };
  const auto outcomes = run_wave({broken}, drills.inbox, drills.clock, drills.options);
  EXPECT_EQ(outcomes[0].trouble, "no desk");
}

TEST(DrillRunner, puts_what_uses_the_same_into_different_waves) {
  Drills drills;
  std::vector<Drill> all;
  for (const auto& [name, thing] :
       std::vector<std::pair<std::string, std::string>>{{"a", "x"}, {"b", "y"}, {"c", "x"}, {"d", "*"}, {"e", "y"}}) {
    all.push_back(drills.make(name, true, true, {thing}));
  }
  const auto waves = waves_of(std::move(all));
  std::string text;
  for (const auto& wave : waves) {
    for (const Drill& drill : wave) text += drill.name;
    text += ' ';
  }
  EXPECT_EQ(text, "ab ce d ");
}

TEST(DrillFiles, shortens_times_and_nothing_else) {
  EXPECT_EQ(
      shorten_rules("groups:\n  - name: x\n    interval: 1m\n    rules:\n      # for: an hour [5m]\n      - alert: A\n"
                    "        expr: rate(a[5m]) > 5 and b{c=\"[x]\"}[30d] < c offset 1h\n        for: 5m\n"
                    "          summary: \"10 for 5m [not a window]\"\n"),
      "groups:\n  - name: x\n    rules:\n      # for: an hour [5m]\n      - alert: A\n"
      "        expr: rate(a[3s]) > 5 and b{c=\"[x]\"}[60s] < c offset 5s\n        for: 0s\n"
      "          summary: \"10 for 5m [not a window]\"\n");
}

TEST(DrillFiles, writes_what_a_monitor_needs) {
  const fs::path folder = fs::temp_directory_path() / ("bellwether-drill-test-" + std::to_string(::getpid()));
  const auto written = write_drill_files({.directory = folder.string(),
                                          .packs = BELLWETHER_SOURCE_DIR "/packs",
                                          .port = 4711,
                                          .desk = "",
                                          .alertmanager = "127.0.0.1:9093"});
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_NE(text_of(folder / "prometheus.yml").find("127.0.0.1:4711"), std::string::npos);
  EXPECT_NE(text_of(folder / "prometheus.yml").find("127.0.0.1:9093"), std::string::npos);
  EXPECT_NE(text_of(folder / "alertmanager.yml").find("http://127.0.0.1:4711/alerts"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder / "rules/levibot-levibot.yml"));
  EXPECT_TRUE(fs::exists(folder / "rules/automation-optional-system.yml"));
  fs::remove_all(folder);
  EXPECT_FALSE(write_drill_files({.directory = folder.string(), .packs = "/nowhere", .desk = "", .alertmanager = ""}));
  fs::remove_all(folder);
}

class FakeDesk final : public net::HttpTransport {
 public:
  net::HttpResult send(const net::HttpRequest& request) override {
    const std::string path = request.url.substr(request.url.find('/', 8));
    asked.push_back(request.method + ' ' + path);
    if (refuses) return net::HttpResponse{.status = 401};
    net::HttpResponse answer{.status = 200};
    if (path == "/engines/status") answer.body = R"([{"symbol":"BTCUSDT"},{"symbol":"ETHUSDT"}])";
    if (path == "/api/v1/bots/") answer.body = R"([{"bot_id":"bot-1"}])";
    if (path == "/faults") answer.body = R"([{"fault":"slow"}])";
    if (path == "/health") answer = {.status = 503, .body = R"({"status":"DOWN"})"};
    if (path == "/api/v1/alerts") {
      answer.body =
          R"({"status":"success","data":{"alerts":[{"labels":{"alertname":"X","severity":"info"},"state":"firing"}]}})";
    }
    return answer;
  }
  std::vector<std::string> asked;
  bool refuses = false;
};

std::vector<std::string> asked_for(const std::string& scenario) {
  FakeDesk fake;
  DeskControl desk{fake, "http://desk", "token"};
  for (const DeskScenario& each : desk_scenarios()) {
    if (each.name != scenario) continue;
    EXPECT_TRUE(desk.begin(each));
    EXPECT_TRUE(desk.end(each));
  }
  return fake.asked;
}

TEST(DeskControl, switches_by_the_desks_api) {
  EXPECT_EQ(asked_for("slow"), (std::vector<std::string>{"POST /faults/slow", "DELETE /faults/slow"}));
  EXPECT_EQ(asked_for("kill_switch"), (std::vector<std::string>{"POST /api/v1/risk/kill-switches/trip",
                                                                "POST /api/v1/risk/kill-switches/reset"}));
  EXPECT_EQ(asked_for("bots"), (std::vector<std::string>{"GET /api/v1/bots/", "POST /api/v1/bots/bot-1/stop",
                                                         "GET /api/v1/bots/", "POST /api/v1/bots/bot-1/start"}));
  EXPECT_EQ(asked_for("crash"),
            (std::vector<std::string>{"GET /engines/status", "POST /engines/BTCUSDT/crash", "GET /engines/status",
                                      "POST /engines/BTCUSDT/start", "POST /engines/ETHUSDT/start"}));
  EXPECT_EQ(asked_for("pacing"), (std::vector<std::string>{"POST /faults/pacing"}));
}

TEST(AlertTester, shows_raises_and_resets) {
  FakeDesk fake;
  DeskControl desk{fake, "http://desk", "token"};
  AlertTester tester{fake, desk, "http://monitor"};
  std::istringstream in{"1\n7\n3\n4\n0\n"};
  std::ostringstream out;
  tester.menu(in, out);
  for (const char* const text : {"desk http://desk: DOWN", "faults that are on: slow", "firing   info     X",
                                 "there is no '7'", "must raise InferenceLatencySpike", "all faults are off"}) {
    EXPECT_NE(out.str().find(text), std::string::npos) << text << " in " << out.str();
  }
  fake.refuses = true;
  const auto status = tester.status();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("--token"), std::string::npos);
}

}  // namespace
}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
