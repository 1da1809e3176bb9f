// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "template/alertmanager_functions.hpp"
#include "template/prometheus_functions.hpp"

namespace {

using namespace bellwether::templates;
using Labels = std::map<std::string, std::string>;

/// As an annotation of a rule: $labels, $value, query and so on.
std::string rule_text(const std::string& text, double value = 1.5) {
  const auto parsed = parse_rule_text("summary", text);
  if (!parsed) return "error: " + parsed.error().message;
  PrometheusFunctions surroundings;
  surroundings.external_url = "http://monitor:9090/path";
  surroundings.now_ms = 1'445'867'745'500;
  surroundings.query = [](const std::string& expression) -> bellwether::Result<std::vector<QuerySample>> {
    if (expression == "bad") return bellwether::Error{"no such thing"};
    if (expression == "none") return std::vector<QuerySample>{};
    return std::vector<QuerySample>{{{{"venue", "b"}, {"__value__", "text"}}, 21}, {{{"venue", "a"}}, 11}};
  };
  const FunctionTable functions = bind_prometheus_functions(surroundings);
  RenderOptions options;
  options.functions = &functions;
  const Value data = rule_data(Labels{{"instance", "desk:9100"}}, Labels{{"region", "eu"}}, "http://monitor", value);
  const auto rendered = parsed->render(data, options);
  return rendered ? *rendered : "error: " + rendered.error().message;
}

std::string number_text(const std::string& function, double value) {
  return rule_text("{{ $value | " + function + " }}", value);
}

/// As a field of a receiver.
std::string message_text(const std::string& text, Escaping escaping = Escaping::none) {
  const Value firing =
      Value::map({{"Status", "firing"},
                  {"Labels", Value::labels(Labels{{"venue", "x"}, {"alertname", "Down"}}, label_map_type())},
                  {"StartsAt", Time::from_milliseconds(1'750'000'000'123)},
                  {"EndsAt", Time{}}},
                 alert_type());
  const Value resolved =
      Value::map({{"Status", "resolved"}, {"Labels", Value::labels(Labels{}, label_map_type())}}, alert_type());
  const Value data = Value::map(
      {{"Status", "firing"},
       {"Evil", "<b>'\"&"},
       {"Link", "javascript:alert(1)"},
       {"Good", "https://x/?a=1&b=2"},
       {"Alerts", Value::list({firing, resolved}, alert_list_type())},
       {"GroupLabels", Value::labels(Labels{{"b", "2"}, {"a", "1"}, {"alertname", "Down"}}, label_map_type())}},
      message_data_type());
  const auto parsed = Template::parse("title", text, alertmanager_functions());
  if (!parsed) return "error: " + parsed.error().message;
  const FunctionTable functions = bind_alertmanager_functions(1'750'000'090'123);
  RenderOptions options;
  options.functions = &functions;
  options.escaping = escaping;
  const auto rendered = parsed->render(data, options);
  return rendered ? *rendered : "error: " + rendered.error().message;
}

TEST(PrometheusFunctions, numbers_are_shown_for_people) {
  EXPECT_EQ(number_text("humanize", 0), "0");
  EXPECT_EQ(number_text("humanize", 1234567), "1.235M");
  EXPECT_EQ(number_text("humanize", 0.0123), "12.3m");
  EXPECT_EQ(number_text("humanize", -999), "-999");
  EXPECT_EQ(number_text("humanize", 1e30), "1e+06Y");
  EXPECT_EQ(number_text("humanize1024", 1048576), "1Mi");
  EXPECT_EQ(number_text("humanize1024", 0.5), "0.5");
  EXPECT_EQ(number_text("humanizePercentage", 0.12345), "12.35%");
  EXPECT_EQ(number_text("humanizeDuration", 0), "0s");
  EXPECT_EQ(number_text("humanizeDuration", 0.0125), "12.5ms");
  EXPECT_EQ(number_text("humanizeDuration", 59.9994), "60s");
  EXPECT_EQ(number_text("humanizeDuration", 3661), "1h 1m 1s");
  EXPECT_EQ(number_text("humanizeDuration", -90061), "-1d 1h 1m 1s");
  EXPECT_EQ(number_text("humanizeTimestamp", 1435065584.128), "2015-06-23 13:19:44.128 +0000 UTC");
  EXPECT_NE(number_text("humanizeTimestamp", 1e300).find("overflow"), std::string::npos);
  EXPECT_EQ(number_text("humanize", std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(rule_text("{{ \"1.5e3\" | humanize }} {{ humanize 3 }} {{ humanizeDuration \"60\" }}"), "1.5k 3 1m 0s");
  EXPECT_NE(rule_text("{{ humanize \"many\" }}").find("is no number"), std::string::npos);
}

TEST(PrometheusFunctions, variables_and_surroundings_are_there) {
  EXPECT_EQ(rule_text("{{ $labels.instance }} {{ $labels.nope }}|{{ $externalLabels.region }} {{ $externalURL }} "
                      "{{ $value }} {{ .Value }} {{ .Labels.instance }}"),
            "desk:9100 |eu http://monitor 1.5 1.5 desk:9100");
  EXPECT_EQ(rule_text("{{ externalURL }} {{ pathPrefix }} {{ now }}"),
            "http://monitor:9090/path /path 1.4458677455e+09");
}

TEST(PrometheusFunctions, queries_give_samples) {
  EXPECT_EQ(rule_text("{{ with query \"metric\" }}{{ . | first | value | humanize }}{{ end }}"), "21");
  EXPECT_EQ(rule_text("{{ query \"m\" | first | label \"venue\" }} {{ query \"m\" | first | strvalue }}"), "b text");
  EXPECT_EQ(rule_text("{{ range query \"m\" | sortByLabel \"venue\" }}{{ .Labels.venue }}={{ .Value }} {{ end }}"),
            "a=11 b=21 ");
  EXPECT_EQ(rule_text("{{ range query \"none\" }}x{{ else }}nothing{{ end }}"), "nothing");
  EXPECT_NE(rule_text("{{ query \"none\" | first }}").find("first() called on vector with no elements"),
            std::string::npos);
  EXPECT_NE(rule_text("{{ query \"bad\" }}").find("no such thing"), std::string::npos);
}

TEST(PrometheusFunctions, texts_are_worked_on) {
  EXPECT_EQ(rule_text("{{ reReplaceAll \"(.*):.*\" \"${1}!\" $labels.instance }}"), "desk!");
  EXPECT_EQ(rule_text("{{ reReplaceAll \"a*\" \"-\" \"baac\" }} {{ reReplaceAll \"b\" \"$$\" \"abc\" }}"), "-b-c- a$c");
  EXPECT_EQ(rule_text("{{ reReplaceAll \"(?P<x>a)\" \"<$x>\" \"aa\" }} {{ reReplaceAll \"a\" \"$1x\" \"ab\" }}"),
            "<a><a> b");
  EXPECT_NE(rule_text("{{ reReplaceAll \"(\" \"\" \"x\" }}").find("error parsing regexp"), std::string::npos);
  EXPECT_EQ(rule_text("{{ match \"d.sk\" $labels.instance }} {{ match \"^sk\" $labels.instance }}"), "true false");
  EXPECT_EQ(rule_text("{{ toUpper \"aéя\" }} {{ toLower \"AÉЯ\" }} {{ title \"two WORDS o'x\" }}"),
            "AÉЯ aéя Two WORDS O'X");
  EXPECT_EQ(
      rule_text("{{ stripPort \"h:80\" }} {{ stripPort \"[::1]:80\" }} {{ stripPort \"h\" }} {{ stripPort \"::1\" }}"),
      "h ::1 h ::1");
  EXPECT_EQ(rule_text("{{ stripDomain \"a.b.c:80\" }} {{ stripDomain \"a.b\" }} {{ stripDomain \"10.0.0.1:80\" }}"),
            "a:80 a 10.0.0.1:80");
  EXPECT_EQ(rule_text("{{ graphLink \"up == 0\" }} {{ tableLink \"up\" }}"),
            "/graph?g0.expr=up+%3D%3D+0&g0.tab=0 /graph?g0.expr=up&g0.tab=1");
  EXPECT_EQ(rule_text("{{ parseDuration \"1h2m10ms\" }} {{ (toTime 1.5).Unix }} {{ (toDuration 90.0).Minutes }}"),
            "3720.01 1 1.5");
  EXPECT_NE(rule_text("{{ parseDuration \"1x\" }}").find("not a valid duration"), std::string::npos);
  EXPECT_EQ(rule_text("{{ define \"a\" }}<{{ .arg0 }}|{{ .arg1 }}>{{ end }}{{ tmpl \"a\" (args 1 \"x\") }}"), "<1|x>");
}

TEST(PrometheusFunctions, errors_say_where_and_do_not_count_the_prologue) {
  EXPECT_EQ(rule_text("a {{ $nope }}"), "error: summary:1:6: undefined variable \"$nope\"");
  EXPECT_EQ(rule_text("{{ humanise 1 }}"), "error: summary:1:4: function \"humanise\" not defined");
  EXPECT_TRUE(rule_text("x\n  {{ if }}").starts_with("error: summary:2:9: missing value for if"));
  EXPECT_TRUE(rule_text("{{ if gt $value 1 }}x{{ end }}")
                  .starts_with("error: summary:1:7: <gt>: error calling gt: incompatible"));
  EXPECT_TRUE(rule_text("{{ toUpper 5 }}").find("expected string as argument 1; got int") != std::string::npos);
}

TEST(PrometheusFunctions, a_text_without_actions_is_known_to_be_constant) {
  EXPECT_TRUE(parse_rule_text("a", "plain")->constant());
  EXPECT_FALSE(parse_rule_text("a", "plain {{ 1 }}")->constant());
  EXPECT_FALSE(parse_rule_text("a", "{{ with $x := 1 }}a{{ end }}")->constant());
}

TEST(AlertmanagerFunctions, data_has_alertmanagers_methods) {
  EXPECT_EQ(message_text("{{ .Status | toUpper }}:{{ .Alerts.Firing | len }}/{{ len .Alerts }} "
                         "{{ range .Alerts.Firing }}{{ .Labels.venue }}{{ end }}"),
            "FIRING:1/2 x");
  EXPECT_EQ(message_text("{{ .GroupLabels.SortedPairs.Values | join \" \" }} {{ .GroupLabels.Names | join \",\" }} "
                         "{{ range .GroupLabels.SortedPairs }}{{ .Name }}={{ .Value }};{{ end }}"),
            "Down 1 2 alertname,a,b alertname=Down;a=1;b=2;");
  EXPECT_EQ(message_text("{{ with .GroupLabels.Remove (stringSlice \"alertname\" \"b\") }}{{ .SortedPairs }}{{ end }} "
                         "{{ .GroupLabels }}"),
            "a=1 alertname=Down, a=1, b=2");
  EXPECT_NE(message_text("{{ .Nope }}").find("can't evaluate field Nope in type *template.Data"), std::string::npos);
}

TEST(AlertmanagerFunctions, times_are_shown_in_zones) {
  const std::string alert = "{{ with index .Alerts 0 }}";
  EXPECT_EQ(message_text(alert + "{{ .StartsAt }} {{ .EndsAt.IsZero }} {{ .EndsAt }}{{ end }}"),
            "2025-06-15 15:06:40.123 +0000 UTC true 0001-01-01 00:00:00 +0000 UTC");
  EXPECT_EQ(message_text(alert + "{{ .StartsAt | date \"Mon, 02 Jan 2006 3:04PM .000 Z07:00\" }}{{ end }}"),
            "Sun, 15 Jun 2025 3:06PM .123 Z");
  EXPECT_EQ(message_text(alert + "{{ .StartsAt | tz \"Europe/Paris\" | date \"15:04 MST -0700\" }}{{ end }}"),
            "17:06 CEST +0200");
  // Beyond the last change that the zone's file lists, its yearly rule holds.
  EXPECT_EQ(
      message_text(
          alert +
          "{{ (.StartsAt.Add 788400000000000000) | tz \"Europe/Paris\" | date \"2006-01-02 15:04 MST\" }}{{ end }}"),
      "2050-06-09 17:06 CEST");
  EXPECT_NE(
      message_text(alert + "{{ .StartsAt | tz \"../etc/passwd\" }}{{ end }}").find("is not the name of a time zone"),
      std::string::npos);
  EXPECT_EQ(message_text(alert + "{{ since .StartsAt | humanizeDuration }} {{ since .StartsAt }}{{ end }}"),
            "1m 30s 1m30s");
  EXPECT_EQ(message_text(alert + "{{ .StartsAt.Format \"2006-01-02T15:04:05.999999999Z07:00\" }} {{ .StartsAt.Unix }} "
                                 "{{ .StartsAt.Weekday }} {{ .StartsAt.YearDay }}{{ end }}"),
            "2025-06-15T15:06:40.123Z 1750000000 Sunday 166");
}

TEST(AlertmanagerFunctions, lists_texts_and_json) {
  EXPECT_EQ(message_text("{{ list 1 \"a\" | toJson }} {{ dict \"k\" 0.5 \"l\" nil | toJson }}"),
            "[1,\"a\"] {\"k\":0.5,\"l\":null}");
  EXPECT_EQ(message_text("{{ append (list 1) 2 3 | len }} {{ trimSpace \"  a b\\n\" }}|{{ title \"hELLO wORLD\" }}"),
            "3 a b|Hello World");
  EXPECT_EQ(message_text("{{ urlUnescape \"a%20b+c\" }} {{ toJson \"<a>\\n\" }}"), "a b c \"\\u003ca\\u003e\\n\"");
  EXPECT_NE(message_text("{{ urlUnescape \"%zz\" }}").find("invalid URL escape"), std::string::npos);
  EXPECT_NE(message_text("{{ dict \"k\" }}").find("pairs"), std::string::npos);
}

TEST(HtmlEscaping, what_actions_print_is_escaped_but_markup_is_not) {
  EXPECT_EQ(message_text("<p>{{ .Evil }}</p>", Escaping::html), "<p>&lt;b&gt;&#39;&#34;&amp;</p>");
  EXPECT_EQ(message_text("{{ .Evil | safeHtml }}", Escaping::html), "<b>'\"&");
  EXPECT_EQ(message_text("<a href=\"{{ .Link }}\">", Escaping::html), "<a href=\"#blocked\">");
  EXPECT_EQ(message_text("<a href=\"{{ .Good }}\">", Escaping::html), "<a href=\"https://x/?a=1&amp;b=2\">");
  EXPECT_EQ(message_text("{{ .Evil }}"), "<b>'\"&");
}

TEST(TemplateSet, definitions_call_one_another_and_later_ones_win) {
  TemplateSet set(alertmanager_functions());
  ASSERT_TRUE(set.add("a.tmpl", "{{ define \"x\" }}first{{ end }}{{ define \"y\" }}<{{ template \"x\" . }}>{{ end }}"));
  ASSERT_TRUE(set.add("b.tmpl", "{{ define \"x\" }}second {{ . }}{{ end }}{{ define \"y\" }}  {{ end }}"));
  EXPECT_EQ(*set.render("y", Value(1)), "<second 1>");
  EXPECT_EQ(*Template::parse("t", "{{ template \"y\" .N }}", set)->render(Value::map({{"N", 7}})), "<second 7>");
  EXPECT_FALSE(set.add("c.tmpl", "{{ define \"x\" }}{{ nope }}{{ end }}"));
  EXPECT_EQ(*set.render("y", Value(1)), "<second 1>");
  EXPECT_FALSE(set.render("z", Value()));
}

}  // namespace
