// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/alertmanager/notifier_config.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "config/alertmanager/matcher_dialects.hpp"

namespace bellwether::config {
namespace {

using namespace std::chrono_literals;

NotifierConfig good(const std::string& text, const NotifierEnvironment& environment = {},
                    std::optional<std::string_view> extensions = std::nullopt) {
  auto report = read_notifier_config_text(text, "dir/alertmanager.yml", environment, extensions);
  for (const std::string& error : report.errors) ADD_FAILURE() << error;
  return report.config.value_or(NotifierConfig{});
}

std::vector<std::string> errors_of(const std::string& text, const NotifierEnvironment& environment = {},
                                   std::optional<std::string_view> extensions = std::nullopt) {
  return read_notifier_config_text(text, "a.yml", environment, extensions).errors;
}

std::string first_error(const std::string& text) {
  const auto errors = errors_of(text);
  return errors.empty() ? "no error" : errors[0];
}

bool says(const std::string& error, const std::string& words) {
  return error.find(words) != std::string::npos;
}

const std::string small = "route: {receiver: a}\nreceivers: [{name: a}]\n";

// One integration of receiver a.
std::string with(const std::string& integration) {
  return "route: {receiver: a}\nreceivers:\n- name: a\n  " + integration + "\n";
}

std::string routed(const std::string& route) {
  return "receivers: [{name: a}, {name: b}]\ntime_intervals: [{name: night, time_intervals: []}]\nroute:\n  receiver: "
         "a\n  routes:\n  - " +
         route + "\n";
}

std::string matcher_text(const std::string& text) {
  const auto matchers = parse_label_matchers(text);
  return matchers ? to_string(*matchers) : "error: " + matchers.error().message;
}

TEST(NotifierConfig, FillsInAlertmanagersDefaults) {
  const NotifierConfig config = good(small);
  EXPECT_EQ(config.global.resolve_timeout, 5min);
  EXPECT_EQ(config.global.smtp_hello, "localhost");
  EXPECT_TRUE(config.global.smtp_require_tls);
  EXPECT_EQ(config.global.pagerduty_url, "https://events.pagerduty.com/v2/enqueue");
  EXPECT_EQ(config.global.telegram_api_url, "https://api.telegram.org");
  EXPECT_EQ(config.route.receiver, "a");
  EXPECT_FALSE(config.route.group_wait);
  EXPECT_EQ(config.extensions, NotifierExtensions{});
  ASSERT_NE(find_receiver(config, "a"), nullptr);
  EXPECT_EQ(find_receiver(config, "b"), nullptr);
}

TEST(NotifierConfig, ReadsAWholeFile) {
  const NotifierConfig config = good(R"(
global:
  resolve_timeout: 1m
  smtp_smarthost: smtp.example.org:587
  smtp_from: monitor@example.org
  smtp_auth_username: monitor
  smtp_auth_password_file: secrets/smtp
  slack_api_url_file: secrets/slack
  http_config: {follow_redirects: false}
  opsgenie_api_url: https://api.eu.opsgenie.com/
templates: [templates/*.tmpl]
route:
  receiver: chat
  group_by: [alertname, venue]
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 1h
  routes:
  - matchers: ['severity=~"P0|critical"', team != "fx"]
    match: {venue: X}
    match_re: {job: "a.*"}
    receiver: pager
    group_by: ['...']
    continue: true
    active_time_intervals: [trading]
  - receiver: mail
    group_by: []
    mute_time_intervals: [night]
inhibit_rules:
- source_matchers: [alertname=KillSwitch]
  target_match_re: {severity: 'P[12]'}
  equal: [venue]
mute_time_intervals:
- name: night
  time_intervals: [{times: [{start_time: '22:00', end_time: '24:00'}]}]
time_intervals:
- name: trading
  time_intervals:
  - weekdays: ['monday:friday']
    months: ['January', '3:5']
    days_of_month: ['1:5', '-3:-1']
    years: ['2026:2030', 2031]
    location: Europe/Berlin
receivers:
- name: chat
  slack_configs: [{channel: '#alerts', send_resolved: true, actions: [{type: button, text: Graph, url: 'http://x'}],
                   fields: [{title: a, value: b, short: true}]}]
- name: pager
  pagerduty_configs: [{routing_key_file: secrets/pd, details: {desk: fx}, links: [{href: 'http://x', text: t}]}]
  webhook_configs: [{url: 'http://127.0.0.1:9/x', max_alerts: 10, timeout: 5s, http_config: {basic_auth: {username: u}}}]
- name: mail
  email_configs: [{to: ops@example.org, headers: {reply-to: x@example.org}, threading: {enabled: true}}]
  telegram_configs: [{bot_token_file: secrets/tg, chat_id: -100123, message_thread_id: 7}]
)");
  EXPECT_EQ(config.global.resolve_timeout, 1min);
  EXPECT_EQ(config.templates, std::vector<std::string>{"dir/templates/*.tmpl"});
  EXPECT_EQ(config.route.group_by, (std::vector<std::string>{"alertname", "venue"}));
  EXPECT_EQ(config.route.group_wait, 0ms);
  const RouteConfig& first = config.route.routes.at(0);
  EXPECT_EQ(to_string(first.matchers), R"({job=~"^(?:a.*)$",severity=~"P0|critical",team!="fx",venue="X"})");
  EXPECT_TRUE(first.group_by_all);
  EXPECT_TRUE(first.continues);
  EXPECT_EQ(config.route.routes.at(1).group_by, std::vector<std::string>{});
  EXPECT_EQ(to_string(config.inhibit_rules.at(0).target_matchers), R"({severity=~"^(?:P[12])$"})");
  ASSERT_EQ(config.time_intervals.size(), 2U);
  EXPECT_EQ(config.time_intervals[0].time_intervals.at(0).times.at(0), (DayTimeRange{1320, 1440}));
  const TimeIntervalSpec& trading = config.time_intervals[1].time_intervals.at(0);
  EXPECT_EQ(trading.weekdays, (std::vector<NumberRange>{{1, 5}}));
  EXPECT_EQ(trading.months, (std::vector<NumberRange>{{1, 1}, {3, 5}}));
  EXPECT_EQ(trading.days_of_month, (std::vector<NumberRange>{{1, 5}, {-3, -1}}));
  EXPECT_EQ(trading.years, (std::vector<NumberRange>{{2026, 2030}, {2031, 2031}}));

  const SlackConfig& slack = find_receiver(config, "chat")->slack_configs.at(0);
  EXPECT_EQ(slack.api_url_file, "dir/secrets/slack");
  EXPECT_FALSE(slack.http.follow_redirects);
  EXPECT_EQ(slack.actions.at(0).text, "Graph");
  EXPECT_EQ(slack.fields.at(0).is_short, true);
  EXPECT_FALSE(slack.title);
  const ReceiverConfig& pager = *find_receiver(config, "pager");
  EXPECT_EQ(pager.pagerduty_configs.at(0).routing_key_file, "dir/secrets/pd");
  EXPECT_TRUE(pager.pagerduty_configs.at(0).send_resolved);
  EXPECT_EQ(pager.webhook_configs.at(0).timeout, 5s);
  EXPECT_TRUE(pager.webhook_configs.at(0).http.follow_redirects);  // a http_config of its own replaces the global one
  const EmailConfig& mail = find_receiver(config, "mail")->email_configs.at(0);
  EXPECT_EQ(mail.smarthost, (HostAndPort{"smtp.example.org", 587}));
  EXPECT_EQ(mail.from, "monitor@example.org");
  EXPECT_EQ(mail.auth_password_file, "dir/secrets/smtp");
  EXPECT_EQ(mail.headers.at("Reply-To"), "x@example.org");
  EXPECT_EQ(mail.threading, EmailThreading::daily);
  EXPECT_EQ(find_receiver(config, "mail")->telegram_configs.at(0).chat_id, -100123);

  // What it prints says the same but for secrets and http_config, so a second printing is equal.
  const std::string yaml = to_yaml(config);
  const auto again = read_notifier_config_text(yaml, "again.yml", {});
  ASSERT_TRUE(again.config) << again.errors.at(0) << "\n" << yaml;
  EXPECT_EQ(again.config->route, config.route);
  EXPECT_EQ(again.config->time_intervals, config.time_intervals);
  EXPECT_EQ(again.config->inhibit_rules, config.inhibit_rules);
}

TEST(NotifierConfig, SaysAllErrorsAtOnceEachAtItsPlace) {
  const auto errors = errors_of(R"(route:
  receiver: nobody
  group_interval: 0s
  matchers: [a=b]
receivers:
- name: a
  slack_config: []
- name: a
)");
  ASSERT_EQ(errors.size(), 5U);
  EXPECT_TRUE(says(errors[0], "a.yml:2:13: there is no receiver \"nobody\"")) << errors[0];
  EXPECT_TRUE(says(errors[1], "a.yml:3:19: group_interval must be above 0")) << errors[1];
  EXPECT_TRUE(says(errors[2], "a.yml:4:13: the root route takes all alerts")) << errors[2];
  EXPECT_TRUE(says(errors[3], "a.yml:7:3: unknown key \"slack_config\"")) << errors[3];
  EXPECT_TRUE(says(errors[3], "did you mean \"slack_configs\"?")) << errors[3];
  EXPECT_TRUE(says(errors[4], "\"a\" stands twice")) << errors[4];
}

TEST(NotifierConfig, RefusesWhatCannotBeMeant) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "no route"},
      {"receivers: [{name: a}]", "no route"},
      {"route: {}\nreceivers: [{name: a}]", "needs a receiver"},
      {"route: {receiver: a, continue: true}\nreceivers: [{name: a}]", "nothing comes after"},
      {"route: {receiver: a}\nreceivers: [{}]", "needs a name"},
      {routed("{receiver: bb}"), "no receiver \"bb\""},
      {routed("{matchers: ['a']}"), "expected one of ="},
      {routed("{matchers: ['a=~\"(\"']}"), "does not compile"},
      {routed("{match_re: {a: '['}}"), "does not compile"},
      {routed("{match: {'a-b': c}}"), "not a label name"},
      {routed("{group_by: ['...', a]}"), "groups by all"},
      {routed("{group_by: [a, a]}"), "stands twice"},
      {routed("{mute_time_intervals: [nigt]}"), "did you mean \"night\"?"},
      {routed("{group_wait: 1x}"), "not a duration"},
      {routed("{repeat_interval: 0s}"), "above 0"},
      {"global: {slack_api_url: YOUR_SLACK_WEBHOOK_URL}\n" + small, "must begin with http"},
      {"global: {slack_api_url: 'http://x', slack_api_url_file: y}\n" + small, "exclude each other"},
      {"global: {smtp_smarthost: mail}\n" + small, "host:port"},
      {"global: {smtp_smarthost: 'a::b:25'}\n" + small, "IPv6"},
      {with("slack_configs: [{channel: x}]"), "SLACK_WEBHOOK_URL"},
      {with("slack_configs: [{api_url: 'http://x', message_strategy: update}]"), "cannot change its messages"},
      {with("pagerduty_configs: [{}]"), "PAGERDUTY_API_KEY"},
      {with("email_configs: [{to: x}]"), "no sender"},
      {with("email_configs: [{to: x, from: y}]"), "no mail server"},
      {with("email_configs: [{to: x, from: y, smarthost: 'z:25', headers: {a: b, A: c}}]"), "stands twice"},
      {with("telegram_configs: [{chat_id: 1}]"), "no bot token"},
      {with("telegram_configs: [{bot_token: x}]"), "no chat"},
      {with("telegram_configs: [{bot_token: x, chat_id: 1, parse_mode: html}]"), "must be one of"},
      {with("webhook_configs: [{}]"), "no url"},
      {with("webhook_configs: [{url: 'ftp://x'}]"), "must begin with http"},
      {with("opsgenie_configs: [{api_key: x}]"), "Opsgenie is not among ours"},
      {with("msteamsv2_configs: [{}]"), "forward alerts to a real Alertmanager"},
  };
  for (const auto& [text, words] : cases) {
    std::string all;
    for (const std::string& error : errors_of(text)) all += error + "\n";
    EXPECT_TRUE(says(all, words)) << text << "\n" << all;
  }
}

TEST(NotifierConfig, RefusesTimeIntervalsThatHoldNever) {
  const auto error = [](const std::string& spec) {
    return first_error(small + "time_intervals: [{name: t, time_intervals: [{" + spec + "}]}]");
  };
  EXPECT_TRUE(says(error("times: [{start_time: '9:00', end_time: '10:00'}]"), "must be HH:MM")) << error("");
  EXPECT_TRUE(says(error("times: [{start_time: '10:00', end_time: '09:00'}]"), "after start_time"));
  EXPECT_TRUE(says(error("times: [{start_time: '10:00'}]"), "end_time is missing"));
  EXPECT_TRUE(says(error("times: [{start_time: '10:00', end_time: '24:01'}]"), "must be HH:MM"));
  EXPECT_TRUE(says(error("weekdays: [mo]"), "cannot stand in weekdays"));
  EXPECT_TRUE(says(error("weekdays: ['friday:monday']"), "ends before it begins"));
  EXPECT_TRUE(says(error("weekdays: []"), "weekdays is empty"));
  EXPECT_TRUE(says(error("days_of_month: ['0']"), "cannot stand"));
  EXPECT_TRUE(says(error("days_of_month: ['-1:5']"), "ends before"));
  EXPECT_TRUE(says(error("days_of_month: ['32']"), "cannot stand"));
  EXPECT_TRUE(says(error("months: ['13']"), "cannot stand"));
  EXPECT_TRUE(says(error("years: ['x']"), "cannot stand"));
  EXPECT_TRUE(says(error("location: Europe/Brelin"), "not in /usr/share/zoneinfo"));
  EXPECT_TRUE(says(error("location: ../../../etc/passwd"), "not in /usr/share/zoneinfo"));
}

TEST(NotifierConfig, TakesSecretsFromTheEnvironmentWhereTheFileLeavesThemOut) {
  const NotifierEnvironment environment{
      Secret("https://hooks.example.org/T/B/secret"), "user", Secret("password"), Secret("routing"), {}};
  const std::string text = R"(
global: {smtp_smarthost: 'smtp.example.org:587', smtp_from: x@example.org, slack_api_url_file: /no/such/file}
route: {receiver: a}
receivers: [{name: a, slack_configs: [{}], email_configs: [{to: y@example.org}], pagerduty_configs: [{routing_key_file: /no/such}]}]
)";
  const ReceiverConfig a = good(text, environment).receivers.at(0);
  EXPECT_EQ(a.slack_configs.at(0).api_url.reveal(), "https://hooks.example.org/T/B/secret");
  EXPECT_EQ(a.slack_configs.at(0).api_url_file, "");
  EXPECT_EQ(a.email_configs.at(0).auth_username, "user");
  EXPECT_EQ(a.email_configs.at(0).auth_password.reveal(), "password");
  EXPECT_EQ(a.pagerduty_configs.at(0).routing_key.reveal(), "routing");
  // Without the variables the files count, which may come later.
  EXPECT_EQ(good(text).receivers.at(0).slack_configs.at(0).api_url_file, "/no/such/file");
  // What the file says goes before a variable.
  const NotifierConfig own = good(with("pagerduty_configs: [{routing_key: mine}]"), environment);
  EXPECT_EQ(own.receivers.at(0).pagerduty_configs.at(0).routing_key.reveal(), "mine");
  // A variable that cannot be used is told without its text.
  const auto errors = errors_of(small, {Secret("hunter2"), "", {}, {}, {}});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_TRUE(says(errors[0], "SLACK_WEBHOOK_URL")) << errors[0];
  EXPECT_FALSE(says(errors[0], "hunter2"));
}

TEST(NotifierConfig, NeverShowsASecret) {
  const NotifierConfig config = good(R"(
global: {slack_api_url: 'https://x/hunter2', smtp_auth_password: hunter2, smtp_smarthost: 'm:25', smtp_from: f@x, telegram_bot_token: hunter2}
route: {receiver: a}
receivers:
- {name: a, slack_configs: [{}], pagerduty_configs: [{routing_key: hunter2}], email_configs: [{to: t@x}],
   telegram_configs: [{chat_id: 5}], webhook_configs: [{url: 'http://x/hunter2'}]}
)");
  EXPECT_EQ(to_yaml(config).find("hunter2"), std::string::npos) << to_yaml(config);
  for (const std::string& text :
       {with("webhook_configs: [{url: 'hunter2'}]"), with("slack_configs: [{api_url: 'ftp://hunter2'}]"),
        with("slack_configs: [{api_url: 'https://user:hunter2@x'}]")}) {
    EXPECT_FALSE(says(first_error(text), "hunter2")) << first_error(text);
    EXPECT_NE(first_error(text), "no error");
  }
}

TEST(NotifierConfig, ReadsOurExtensionsFromAFileOfTheirOwn) {
  const NotifierExtensions read = good(small, {}, R"(
fallback_receiver: a
forward: all
urgent: ['severity="P0", team="fx"', page="yes"]
rate_limits: {slack: {messages: 2, per: 1s, burst: 5}, receivers: {a: {messages: 20, per: 1h}}}
digest: {max_messages: 3, window: 10s}
acknowledgement_lifetime: 1h
escalation:
- {name: p0, matchers: [severity="P0"], steps: [{after: 5m, receivers: [a]}, {after: 15m, receivers: [a]}], repeat_interval: 30m}
watchdogs: [{name: outside, url: 'https://hc.example.org/secret', interval: 30s, method: POST}]
heartbeats: [{name: nightly, interval: 1d, grace: 30m, labels: {severity: P1}}]
one_message_per_alert: [a]
webhook_key_file: no/such/key
)")
                                      .extensions;
  EXPECT_EQ(read.fallback_receiver, "a");
  EXPECT_TRUE(read.forward_to_all);
  ASSERT_EQ(read.urgent.size(), 2U);
  EXPECT_EQ(read.urgent[0].size(), 2U);
  EXPECT_EQ(read.rate_limits.slack, (MessageRate{2, 1s, 5}));
  EXPECT_EQ(read.rate_limits.receivers.at("a"), (MessageRate{20, 1h, 20}));
  EXPECT_EQ(read.digest, (DigestConfig{3, 10s}));
  EXPECT_EQ(read.escalation.at(0).steps.at(1).after, 15min);
  EXPECT_EQ(read.escalation.at(0).repeat_interval, 30min);
  EXPECT_EQ(read.watchdogs.at(0).method, "POST");
  EXPECT_EQ(read.heartbeats.at(0).interval, 24h);
  EXPECT_TRUE(read.one_message_per_alert.contains("a"));
  EXPECT_EQ(read.webhook_key_file, "dir/no/such/key");
  EXPECT_TRUE(read.webhook_key.empty());
}

TEST(NotifierConfig, TheWebhookKeyComesFromAFileOrTheEnvironmentAndIsNeverShown) {
  const std::string key = "0123456789abcdef-hunter2";
  NotifierEnvironment environment;
  environment.webhook_key = Secret(key);
  NotifierExtensions read = good(small, environment).extensions;  // without a bellwether.yml, too
  EXPECT_EQ(read.webhook_key.reveal(), key);
  read = good(small, environment, "webhook_key_file: no/such/key").extensions;
  EXPECT_EQ(read.webhook_key.reveal(), key);
  EXPECT_EQ(read.webhook_key_file, "");

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("bellwether-webhook-key-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto named = [&](const char* name, const std::string& content) {
    std::ofstream(folder / name) << content;
    return "fallback_receiver: a\nwebhook_key_file: " + (folder / name).string();
  };
  read = good(small, environment, named("good", "\n" + key + "\n")).extensions;  // the file goes before the variable
  EXPECT_TRUE(read.webhook_key.empty());
  EXPECT_EQ(read.webhook_key_file, (folder / "good").string());
  EXPECT_EQ(to_yaml(good(small, environment, named("good", key))).find("hunter2"), std::string::npos);

  for (const std::string& wrong :
       {named("short", "hunter2"), named("empty", ""), named("blank", " \n\n"), std::string("\nwebhook_key: " + key)}) {
    const auto errors = errors_of(small, {}, wrong);
    ASSERT_EQ(errors.size(), 1U) << wrong;
    EXPECT_TRUE(says(errors[0], "bellwether.yml:2:")) << errors[0];
    EXPECT_TRUE(says(errors[0], wrong[0] == '\n' ? "webhook_key_file: secrets/webhook" : "openssl rand")) << errors[0];
    EXPECT_FALSE(says(errors[0], "hunter2")) << errors[0];
  }
  environment.webhook_key = Secret("hunter2");
  const auto errors = errors_of(small, environment);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_TRUE(says(errors[0], "BELLWETHER_WEBHOOK_KEY")) << errors[0];
  EXPECT_FALSE(says(errors[0], "hunter2")) << errors[0];
  std::filesystem::remove_all(folder);
}

TEST(NotifierConfig, SaysWhatIsWrongWithTheExtensions) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"forward: some", "any"},
      {"fallback_receiver: b", "no receiver \"b\""},
      {"fallback_reciever: a", "did you mean \"fallback_receiver\""},
      {"urgent: ['']", "every alert urgent"},
      {"rate_limits: {receivers: {b: {}}}", "no receiver \"b\""},
      {"rate_limits: {slack: {messages: 0}}", "above 0"},
      {"escalation: [{name: x, steps: []}]", "needs steps"},
      {"escalation: [{name: x, steps: [{after: 5m, receivers: [a]}, {after: 5m, receivers: [a]}]}]", "step before"},
      {"watchdogs: [{name: x}]", "no url"},
      {"heartbeats: [{name: a/b}]", "stands in a URL"},
      {"heartbeats: [{name: a}, {name: a}]", "stands twice"},
      {"one_message_per_alert: [b]", "no receiver \"b\""},
      {"one_message_per_alert: [a, a]", "stands twice"},
      {"one_message_per_alert: {a: true}", "one_message_per_alert"},
      {"one_mesage_per_alert: [a]", "did you mean \"one_message_per_alert\""},
      {"webhook_key_file: [a]", "webhook_key_file"},
      {"a: [", "bellwether.yml:"},
  };
  for (const auto& [text, words] : cases) {
    const auto errors = errors_of(small, {}, text);
    ASSERT_FALSE(errors.empty()) << text;
    EXPECT_TRUE(says(errors[0], words)) << errors[0];
    EXPECT_EQ(errors[0].rfind("bellwether.yml:", 0), 0U) << errors[0];
  }
}

TEST(NotifierConfig, FindsTheExtensionsBesideTheFile) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("bellwether-notifier-config-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "alertmanager.yml").string();
  std::ofstream(path) << small;
  EXPECT_TRUE(is_notifier_config(path));
  EXPECT_EQ(load_notifier_config(path, {}).value().extensions.fallback_receiver, "");
  std::ofstream(folder / "bellwether.yml") << "fallback_receiver: a\n";
  EXPECT_EQ(load_notifier_config(path, {}).value().extensions.fallback_receiver, "a");
  std::ofstream(folder / "prometheus.yml") << "scrape_configs: []\n";
  EXPECT_FALSE(is_notifier_config((folder / "prometheus.yml").string()));
  EXPECT_FALSE(is_notifier_config((folder / "missing.yml").string()));
  std::filesystem::remove_all(folder);
}

TEST(LabelMatchers, AreReadInBothDialects) {
  EXPECT_EQ(matcher_text("foo=bar"), R"({foo="bar"})");
  EXPECT_EQ(matcher_text(" foo = \"bar\" "), R"({foo="bar"})");
  EXPECT_EQ(matcher_text(R"({foo = "bar", dings != "bums", })"), R"({foo="bar",dings!="bums"})");
  EXPECT_EQ(matcher_text("foo=bar,dings!=bums"), R"({foo="bar",dings!="bums"})");
  EXPECT_EQ(matcher_text(R"(statuscode=~"5..")"), R"({statuscode=~"5.."})");
  EXPECT_EQ(matcher_text(R"(a!~x|y)"), R"({a!~"x|y"})");
  EXPECT_EQ(matcher_text("foo="), R"({foo=""})");  // classic alone
  EXPECT_EQ(matcher_text("foo=a b"), R"({foo="a b"})");
  EXPECT_EQ(matcher_text(R"(foo=~\d+)"), R"({foo=~"\\d+"})");
  EXPECT_EQ(matcher_text(R"(foo="a\d")"), R"({foo="a\\d"})");
  EXPECT_EQ(matcher_text(R"({quote="She said: \"Hi, ladies!\""})"), R"({quote="She said: \"Hi, ladies!\""})");
  EXPECT_EQ(matcher_text(R"("Lösung 1"="\u2713")"), "{\"Lösung 1\"=\"\u2713\"}");           // UTF-8 alone
  EXPECT_EQ(matcher_text(R"(foo="\xf0\x9f\x99\x82")"), R"({foo="\\xf0\\x9f\\x99\\x82"})");  // both, and they differ
  EXPECT_EQ(matcher_text(R"(Προμηθεύς=a)"), R"({Προμηθεύς="a"})");
  EXPECT_EQ(matcher_text("{}"), "{}");
  EXPECT_EQ(matcher_text(""), "{}");
}

TEST(NotifierConfig, TakesAliasesAndMerges) {
  const NotifierConfig config = good(R"(
route:
  receiver: a
  routes:
  - &page {receiver: a, matchers: [severity="page"], group_by: [x]}
  - <<: *page
    receiver: b
receivers:
- name: a
  webhook_configs:
  - &hook {url: "http://x/", send_resolved: true}
- name: b
  webhook_configs:
  - <<: *hook
    send_resolved: false
)");
  ASSERT_EQ(config.route.routes.size(), 2U);
  EXPECT_EQ(config.route.routes[1].receiver, "b");
  EXPECT_EQ(config.route.routes[1].matchers.size(), 1U);
}

TEST(LabelMatchers, SayWhatNeitherDialectReads) {
  for (const char* text : {"a", "=", "{a=b", "a=b}x", "{{a=b}}", "a==b,", "a=\"b", "a=b,,c=d", "a=~\"(\"", "\"\"=b",
                           "a=\"\\q\xff\"", "a !b"}) {
    EXPECT_FALSE(parse_utf8_matchers(text) && parse_label_matchers(text)) << text;
  }
  EXPECT_TRUE(says(matcher_text("severity"), "expected one of = != =~ !~"));
  EXPECT_TRUE(says(matcher_text("a=~\"(\""), "does not compile"));
  EXPECT_TRUE(says(matcher_text("\"\"=b"), "no label name"));
}

}  // namespace
}  // namespace bellwether::config
