// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// The same files and alerts before amtool (0.25 in Debian 12) and before us. Where the verdicts differ, they differ on purpose.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/alertmanager/notifier_config.hpp"
#include "notify/route_tree.hpp"

namespace bellwether::notify {
namespace {

class Amtool : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    if (std::system("amtool --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "amtool is missing";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& text) const { std::ofstream(file()) << text; }
  std::string file() const { return (folder_ / "alertmanager.yml").string(); }

  bool amtool_takes(const std::string& text) const {
    write(text);
    return std::system(("amtool check-config " + file() + " > /dev/null 2>&1").c_str()) == 0;
  }
  static bool we_take(const std::string& text) {
    return config::read_notifier_config_text(text, "a.yml").errors.empty();
  }

  // The receivers that amtool names for these labels.
  std::string amtool_routes(const std::string& labels) const {
    FILE* const pipe =
        ::popen(("amtool config routes test --config.file=" + file() + " " + labels + " 2> /dev/null").c_str(), "r");
    std::string out(4096, '\0');
    out.resize(pipe == nullptr ? 0 : std::fread(out.data(), 1, out.size(), pipe));
    if (pipe != nullptr) ::pclose(pipe);
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("bellwether-amtool-" + std::to_string(::getpid()));
};

std::string with(const std::string& integration) {
  return "route: {receiver: a}\nreceivers:\n- name: a\n  " + integration + "\n";
}

std::string route(const std::string& text) {
  return "receivers: [{name: a}, {name: b}]\nroute: " + text + "\n";
}

std::string interval(const std::string& spec) {
  return route("{receiver: a}") + "time_intervals: [{name: t, time_intervals: [{" + spec + "}]}]\n";
}

TEST_F(Amtool, TakesAndRefusesWhatWeDo) {
  const std::string mail = "global: {smtp_smarthost: 'm:25', smtp_from: f@x}\n";
  const std::vector<std::string> texts{
      "",
      "route:\n",
      route("{receiver: a}"),
      route("{receiver: c}"),
      route("{}"),
      route("{receiver: a, match: {a: b}}"),
      route("{receiver: a, matchers: [a=b]}"),
      route("{receiver: a, mute_time_intervals: [t]}"),
      route("{receiver: a, continue: true}"),
      route("{receiver: a, routes: [{receiver: c}]}"),
      route("{receiver: a, routes: [{matchers: ['a=b', 'c=~\"d|e\"', 'f!=g', 'h!~i']}]}"),
      route("{receiver: a, routes: [{matchers: ['{a=b,c=~d,}']}]}"),
      route("{receiver: a, routes: [{matchers: ['a']}]}"),
      route("{receiver: a, routes: [{matchers: ['a=\"b']}]}"),
      route("{receiver: a, routes: [{matchers: ['a=~\"(\"']}]}"),
      route("{receiver: a, routes: [{match_re: {a: '('}}]}"),
      route("{receiver: a, routes: [{match: {'a-b': c}}]}"),
      route("{receiver: a, routes: [{mute_time_intervals: [t]}]}"),
      route("{receiver: a, group_by: [a, b]}"),
      route("{receiver: a, group_by: ['...']}"),
      route("{receiver: a, group_by: ['...', a]}"),
      route("{receiver: a, group_by: [a, a]}"),
      route("{receiver: a, group_wait: 0s}"),
      route("{receiver: a, group_interval: 0s}"),
      route("{receiver: a, repeat_interval: 0s}"),
      route("{receiver: a, group_wait: 1x}"),
      route("{receiver: a, group_wait: 1h30m}"),
      route("{receiver: a, grop_wait: 1m}"),
      "route: {receiver: a}\nreceivers: [{name: a}, {name: a}]",
      "route: {receiver: a}\nreceivers: [{}]",
      route("{receiver: a}") + "templates: ['t/*.tmpl']",
      route("{receiver: a}") + "inhibit_rules: [{source_matchers: [a=b], target_matchers: ['c=~\"d.*\"'], equal: [e]}]",
      route("{receiver: a}") + "inhibit_rules: [{source_match: {a: b}, target_match_re: {c: d.*}}]",
      route("{receiver: a}") + "inhibit_rules: [{source_match: {a: b}, target: {c: d}}]",
      interval("times: [{start_time: '09:00', end_time: '17:00'}]"),
      interval("times: [{start_time: '9:00', end_time: '17:00'}]"),
      interval("times: [{start_time: '17:00', end_time: '09:00'}]"),
      interval("times: [{start_time: '17:00'}]"),
      interval("times: [{start_time: '00:00', end_time: '24:00'}]"),
      interval("weekdays: ['monday:friday', Sunday]"),
      interval("weekdays: ['friday:monday']"),
      interval("weekdays: [mon]"),
      interval("days_of_month: ['1:5', '-3:-1', '28:-1']"),
      interval("days_of_month: ['0']"),
      interval("days_of_month: ['-1:5']"),
      interval("months: ['1:3', 'may:august', 'December']"),
      interval("months: ['august:may']"),
      interval("years: ['2020:2022', '2030']"),
      interval("years: ['2022:2020']"),
      interval("location: Europe/Berlin"),
      interval("location: Europe/Brelin"),
      interval("location: Local"),
      with("slack_configs: [{}]"),
      with("slack_configs: [{api_url: 'https://hooks.example.org/x', channel: '#a', title: '{{ .Status }}'}]"),
      with("slack_configs: [{api_url: x}]"),
      with("slack_configs: [{api_url_file: x, fields: [{title: a, value: b}]}]"),
      with("slack_configs: [{api_url_file: x, fields: [{title: a}]}]"),
      with("slack_configs: [{api_url_file: x, actions: [{type: button, text: a, url: b}]}]"),
      with("slack_configs: [{api_url_file: x, actions: [{type: button, text: a}]}]"),
      "global: {slack_api_url: 'https://hooks.example.org/x'}\n" + with("slack_configs: [{}]"),
      "global: {slack_api_url: 'https://hooks.example.org/x', slack_api_url_file: y}\n" + with("slack_configs: [{}]"),
      with("pagerduty_configs: [{}]"),
      with("pagerduty_configs: [{routing_key: x}]"),
      with("pagerduty_configs: [{routing_key_file: x, details: {a: b}, links: [{href: h, text: t}]}]"),
      with("pagerduty_configs: [{routing_key: x, routing_key_file: x}]"),
      with("pagerduty_configs: [{service_key: x}]"),
      with("email_configs: [{to: t@x}]"),
      mail + with("email_configs: [{to: t@x}]"),
      mail + with("email_configs: [{}]"),
      mail + with("email_configs: [{to: t@x, headers: {Subject: a, subject: b}}]"),
      mail + with("email_configs: [{to: t@x, require_tls: false, tls_config: {insecure_skip_verify: true}}]"),
      "global: {smtp_smarthost: m}\n" + with("webhook_configs: []"),
      "global: {smtp_smarthost: 'm:'}\n" + with("webhook_configs: []"),
      with("telegram_configs: [{bot_token: x, chat_id: -5}]"),
      with("telegram_configs: [{bot_token: x}]"),
      with("telegram_configs: [{chat_id: 5}]"),
      with("telegram_configs: [{bot_token: x, chat_id: 5, parse_mode: MarkdownV2}]"),
      with("telegram_configs: [{bot_token: x, chat_id: 5, parse_mode: markdown}]"),
      with("webhook_configs: [{url: 'http://x/y', max_alerts: 5, send_resolved: false}]"),
      with("webhook_configs: [{url: x}]"),
      with("webhook_configs: [{}]"),
      with("webhook_configs: [{url: 'http://x', http_config: {basic_auth: {username: u, password: p}}}]"),
      with("webhook_configs: [{url: 'http://x', http_config: {bearer_token: u, authorization: {credentials: p}}}]"),
      with("webhook_configs: [{url: 'http://x', http_confg: {}}]"),
      "global: {resolve_timeout: 5m, opsgenie_api_key: x}\n" + route("{receiver: a}"),
      "global: {resolve_timout: 5m}\n" + route("{receiver: a}"),
  };
  for (const std::string& text : texts) EXPECT_EQ(amtool_takes(text), we_take(text)) << text;
}

TEST_F(Amtool, IsLaxerWhereWeHaveAReason) {
  // Receivers that are not ours; a list that would hold never; a password that would show in a URL.
  for (const std::string& text : {with("pushover_configs: [{user_key: x, token: y}]"), interval("weekdays: []"),
                                  with("webhook_configs: [{url: 'http://user:password@x'}]"),
                                  "global: {smtp_smarthost: 'm:smtp'}\n" + route("{receiver: a}")}) {
    EXPECT_TRUE(amtool_takes(text)) << text;
    EXPECT_FALSE(we_take(text)) << text;
  }
  // What is newer than 0.25.
  for (const std::string& text : {with("webhook_configs: [{url_file: x, timeout: 5s}]"),
                                  with("telegram_configs: [{bot_token_file: x, chat_id: 5}]"),
                                  route("{receiver: a, routes: [{matchers: ['\"Lösung\"=\"✓\"']}]}")}) {
    EXPECT_FALSE(amtool_takes(text)) << text;
    EXPECT_TRUE(we_take(text)) << text;
  }
}

TEST_F(Amtool, RoutesAlertsAsWeDo) {
  write(R"(
receivers: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}]
route:
  receiver: a
  routes:
  - matchers: [severity="P0"]
    receiver: b
    continue: true
    routes:
    - match: {team: fx}
      receiver: c
    - match_re: {team: "f.*|e"}
      continue: true
    - matchers: ['team!~"fx|rates"', 'venue!="Y"']
      receiver: d
  - matchers: ['severity=~"P0|P1"', 'venue=""']
    receiver: e
  - matchers: ['{severity=~"P.", venue=~".+"}']
    receiver: d
  - matchers: ['note="a, \"b\" {c}"']
    receiver: e
)");
  const auto report = config::read_notifier_config(file(), {});
  ASSERT_TRUE(report.config) << report.errors.at(0);
  const RouteTree tree = RouteTree::build(report.config->route).value();
  std::vector<rules::AlertLabels> alerts{{{"note", "a, \"b\" {c}"}}};
  for (const char* severity : {"", "P0", "P1", "P2", "XP0"}) {
    for (const char* team : {"", "fx", "fxo", "e", "rates"}) {
      for (const char* venue : {"", "X", "Y"}) {
        rules::AlertLabels labels{{"alertname", "T"}};
        if (*severity != 0) labels["severity"] = severity;
        if (*team != 0) labels["team"] = team;
        if (*venue != 0) labels["venue"] = venue;
        alerts.push_back(std::move(labels));
      }
    }
  }
  for (const rules::AlertLabels& labels : alerts) {
    std::string arguments;
    for (const auto& [name, value] : labels) {
      std::string quoted;
      for (const char c : value) quoted += c == '"' ? "\\\"" : std::string(1, c);
      arguments += " '" + name + "=\"" + quoted + "\"'";
    }
    std::string ours;
    for (const Route* taken : tree.match(labels)) ours += (ours.empty() ? "" : ",") + taken->receiver;
    EXPECT_EQ(amtool_routes(arguments), ours) << arguments;
  }
}

TEST_F(Amtool, TakesThePacksFilesAsWeDo) {
  std::size_t files = 0;
  for (const auto& folder : std::filesystem::directory_iterator(BELLWETHER_SOURCE_DIR "/packs")) {
    const std::string path = (folder.path() / "alertmanager.yml").string();
    if (!std::filesystem::exists(path)) continue;
    ++files;
    EXPECT_EQ(std::system(("amtool check-config " + path + " > /dev/null 2>&1").c_str()), 0) << path;
    const auto report = config::read_notifier_config(path, {});
    for (const std::string& error : report.errors) ADD_FAILURE() << error;
  }
  EXPECT_GT(files, 0U);
}

TEST_F(Amtool, ReadsWhatWePrint) {
  const auto report = config::read_notifier_config_text(R"(
global: {smtp_smarthost: 'm:25', smtp_from: f@x, slack_api_url: 'https://x/y', smtp_auth_password: p}
templates: [t/*.tmpl]
route:
  receiver: a
  group_by: ['...']
  routes:
  - {matchers: ['a="b"', 'c=~"d\\.e"'], receiver: b, continue: true, mute_time_intervals: [t], routes: [{match: {x: y}}]}
  - {match_re: {a: b.*}, group_by: [], group_wait: 0s, active_time_intervals: [t]}
inhibit_rules: [{source_matchers: [a=b], target_matchers: [c=d], equal: [e]}]
receivers:
- {name: a, slack_configs: [{text: "{{ range .Alerts }}\n* {{ .Labels.x }}: \"y\"{{ end }}"}], webhook_configs: [{url: 'http://x'}]}
- {name: b, pagerduty_configs: [{routing_key: k}], email_configs: [{to: t@x}], telegram_configs: [{bot_token: x, chat_id: -5}]}
time_intervals: [{name: t, time_intervals: [{times: [{start_time: '09:00', end_time: '17:00'}], weekdays: ['monday:friday'],
  days_of_month: ['-1'], months: ['1:3'], years: ['2026'], location: Europe/Berlin}, {}]}]
)",
                                                        "a.yml");
  ASSERT_TRUE(report.config) << report.errors.at(0);
  const std::string yaml = config::to_yaml(*report.config);
  EXPECT_TRUE(amtool_takes(yaml)) << yaml;
}

}  // namespace
}  // namespace bellwether::notify
