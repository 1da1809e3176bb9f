// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What goes out: texts, limits, and each channel's form.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notify/receivers/channels.hpp"
#include "notify/receivers/json_values.hpp"
#include "notify/receivers/mail_text.hpp"
#include "notify/receivers/message_model.hpp"
#include "notify/receivers/message_text.hpp"
#include "notify/receivers/shortening.hpp"
#include "notify/receivers/slack_message.hpp"
#include "notify/receivers/telegram_text.hpp"
#include "notify/receivers/webhook_signature.hpp"
#include "sample.hpp"

namespace bellwether::test {
namespace {

using notify::MessageTemplates;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Messages : public testing::Test {
 protected:
  notify::ReceiverParts parts() {
    notify::ReceiverParts parts{.http = http, .mail = mail, .clock = &sample_clock()};
    parts.templates = std::make_shared<const MessageTemplates>(MessageTemplates::load().value());
    parts.links = [](const notify::Notification&) {
      return notify::MessageLinks{.silence = "http://monitor.example:9090/-/silence?token=s",
                                  .acknowledge = "http://monitor.example:9090/-/acknowledge?token=a"};
    };
    return parts;
  }
  static boost::json::object json(const std::string& text) { return notify::parse_object(text).value(); }
  static boost::json::object attachment(const std::string& text) {
    return json(text).at("attachments").as_array().at(0).as_object();
  }

  std::shared_ptr<FakeHttp> http = std::make_shared<FakeHttp>();
  std::shared_ptr<FakeMail> mail = std::make_shared<FakeMail>();
};

TEST_F(Messages, TextsAreCutBetweenCharactersOnly) {
  EXPECT_EQ(notify::shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(notify::shorten("\xC3\xA4\xC3\xB6\xC3\xBC", 2), "\xC3\xA4\xE2\x80\xA6");
  EXPECT_EQ(notify::shorten_bytes("\xC3\xA4\xC3\xB6\xC3\xBC", 5), "\xC3\xA4\xE2\x80\xA6");
  EXPECT_EQ(notify::shorten_utf16("a\xF0\x9F\x94\xA5z", 3), "a\xE2\x80\xA6");
  EXPECT_EQ(notify::clean_text("a\xFF\x01\nb\xED\xA0\x80"), "a\xEF\xBF\xBD\nb\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(notify::utf16_units("\xF0\x9F\x94\xA5!"), 3U);
}

TEST_F(Messages, TimesAreWrittenAsTheirFormatsAsk) {
  EXPECT_EQ(notify::rfc3339(0), "0001-01-01T00:00:00Z");
  EXPECT_EQ(notify::rfc3339(sample_time + 250), "2026-11-21T09:30:01.25Z");
  EXPECT_EQ(notify::rfc5322_date(sample_time), "Sat, 21 Nov 2026 09:30:01 +0000");
  EXPECT_EQ(notify::duration_words(65'000), "1 min 5 s");
}

TEST_F(Messages, SeveritiesOfAllSchoolsAreKnown) {
  for (const char* word : {"critical", "P0", "page"})
    EXPECT_EQ(notify::message_severity_of({{"severity", word}}), notify::Severity::critical);
  for (const char* word : {"high", "P1", "error"})
    EXPECT_EQ(notify::message_severity_of({{"severity", word}}), notify::Severity::high);
  for (const char* word : {"warning", "P2", "odd"})
    EXPECT_EQ(notify::message_severity_of({{"severity", word}}), notify::Severity::warning);
  for (const char* word : {"INFO", "info", "none"})
    EXPECT_EQ(notify::message_severity_of({{"severity", word}}), notify::Severity::info);
  EXPECT_EQ(notify::message_severity_of({{"priority", "P0"}}), notify::Severity::critical);
}

TEST_F(Messages, SlackShowsColourLabelsValueAndLinks) {
  const auto slack = notify::make_slack("desk", "slack[0]", {}, parts());
  const std::string text = slack->render(sample_notification({sample_alert("X"), sample_alert("Y")})).value();
  EXPECT_EQ(attachment(text).at("color").as_string(), "#d00000");
  EXPECT_THAT(text, HasSubstr("[FIRING:2] KillSwitchTripped \xC2\xB7 P0"));
  EXPECT_THAT(text, HasSubstr("Kill switch &lt;pnl&gt; on X"));
  EXPECT_THAT(text, HasSubstr("`-0.071`"));
  EXPECT_THAT(text, HasSubstr("venue=Y"));
  EXPECT_THAT(text, HasSubstr("<https://runbooks.example/kill|runbook>"));
  EXPECT_THAT(text, HasSubstr("|graph>"));
  EXPECT_THAT(text, HasSubstr("/-/silence?token=s"));
  const std::string over = slack->render(sample_notification({sample_alert("X", false)})).value();
  EXPECT_EQ(attachment(over).at("color").as_string(), "#2eb67d");
  EXPECT_THAT(over, HasSubstr("[RESOLVED]"));
  EXPECT_THAT(over, Not(HasSubstr("silence")));
}

TEST_F(Messages, SlackKeepsEveryLimitByShorteningWhatIsSaid) {
  const auto slack = notify::make_slack("desk", "slack[0]", {}, parts());
  for (const auto& [count, length] : {std::pair{100UL, 20UL}, std::pair{1UL, 50'000UL}, std::pair{60UL, 9000UL}}) {
    const auto message = json(slack->render(many_alerts(count, length)).value());
    EXPECT_TRUE(notify::within_slack_limits(message)) << count << " " << length;
    EXPECT_THAT(boost::json::serialize(message), HasSubstr("Kill switch"));
  }
  EXPECT_THAT(slack->render(many_alerts(100, 20)).value(), HasSubstr("and 80 alerts more"));
}

TEST_F(Messages, LinksAndChannelAreThoseOfTheWholeHoweverLittleIsShown) {
  auto asked = parts();
  asked.links = [](const notify::Notification& of) {
    return notify::MessageLinks{
        .silence = "http://m/s?" + std::to_string(of.alerts.size()) + of.common_labels.at("team"), .acknowledge = {}};
  };
  auto notification = many_alerts(60, 9000);
  const std::string team(80, 't');
  notification.common_labels["team"] = team;
  config::SlackConfig config;
  config.channel = "#{{ .CommonLabels.team }}";
  const std::string text = notify::make_slack("desk", "slack[0]", config, asked)->render(notification).value();
  EXPECT_EQ(json(text).at("channel").as_string(), "#" + team);
  EXPECT_THAT(text, HasSubstr("http://m/s?60" + team));
  EXPECT_THAT(notify::make_telegram("desk", "telegram[0]", {.chat_id = 1}, asked)->render(notification).value(),
              HasSubstr("m/s?60" + team));
  EXPECT_THAT(notify::make_pagerduty("desk", "pagerduty[0]", {.url = "http://p/"}, asked)->render(notification).value(),
              HasSubstr("m/s?60" + team));
}

TEST_F(Messages, SlackHonoursTheFieldsOfAlertmanager) {
  config::SlackConfig config;
  config.channel = "#alerts-{{ .CommonLabels.severity }}";
  config.title = "{{ .Status | toUpper }} {{ len .Alerts.Firing }}";
  config.text = "{{ range .Alerts }}{{ .Annotations.summary }};{{ end }}";
  config.color = R"({{ if eq .Status "firing" }}danger{{ else }}good{{ end }})";
  config.fields = {{"Venue", "{{ (index .Alerts 0).Labels.venue }}", true}};
  config.actions = {{"button", "Runbook", "{{ (index .Alerts 0).Annotations.runbook_url }}", "", "", "", {}}};
  const auto slack = notify::make_slack("desk", "slack[0]", config, parts());
  const std::string text = slack->render(sample_notification({sample_alert("X"), sample_alert("Y")})).value();
  EXPECT_EQ(json(text).at("channel").as_string(), "#alerts-P0");
  const auto sent = attachment(text);
  EXPECT_EQ(sent.at("title").as_string(), "FIRING 2");
  EXPECT_EQ(sent.at("text").as_string(), "Kill switch <pnl> on X;Kill switch <pnl> on Y;");
  EXPECT_EQ(sent.at("color").as_string(), "danger");
  EXPECT_EQ(sent.at("fields").as_array().at(0).at("value").as_string(), "X");
  EXPECT_EQ(sent.at("actions").as_array().at(0).at("url").as_string(), "https://runbooks.example/kill");
}

TEST_F(Messages, ATemplateThatFailsNeverCostsTheAlert) {
  config::SlackConfig slack;
  slack.text = "{{ .NoSuchThing }}";
  const std::string text =
      notify::make_slack("desk", "slack[0]", slack, parts())->render(sample_notification({sample_alert("X")})).value();
  EXPECT_THAT(text, HasSubstr("on X"));
  EXPECT_THAT(text, HasSubstr("template failed"));
  config::EmailConfig email{.to = "a@b.org", .from = "c@d.org"};
  email.html = "{{ .NoSuchThing }}";
  EXPECT_THAT(
      notify::make_email("desk", "email[0]", email, parts())->render(sample_notification({sample_alert("X")})).value(),
      HasSubstr("template failed"));
  config::TelegramConfig telegram;
  telegram.message = "{{ .NoSuchThing }}";
  EXPECT_THAT(notify::make_telegram("desk", "telegram[0]", telegram, parts())
                  ->render(sample_notification({sample_alert("X")}))
                  .value(),
              HasSubstr("on X"));
}

TEST_F(Messages, ABrokenTemplateIsRefusedWhenItIsLoaded) {
  config::ReceiverConfig receiver{.name = "desk"};
  receiver.slack_configs.resize(2);
  receiver.slack_configs[1].title = "{{ .Status ";
  const auto made = notify::make_integrations(receiver, parts());
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("receiver desk: slack[1].title"));
}

TEST_F(Messages, TheDefaultTemplatesOfEveryNameCanBeCalled) {
  const auto templates = MessageTemplates::load().value();
  const auto notification = sample_notification({sample_alert("X"), sample_alert("Y", false)});
  for (const char* name :
       {"slack.default.title", "slack.default.username", "slack.default.fallback", "slack.default.pretext",
        "slack.default.titlelink", "slack.default.text", "slack.default.footer", "slack.default.iconurl",
        "slack.default.iconemoji", "slack.default.callbackid", "pagerduty.default.description",
        "pagerduty.default.client", "pagerduty.default.clientURL", "email.default.subject", "email.default.text",
        "telegram.default.message", "__subject"}) {
    const auto text = templates.text("x", std::string("{{ template \"") + name + "\" . }}", notification, {});
    EXPECT_TRUE(text) << name << ": " << (text ? "" : text.error().message);
  }
  EXPECT_THAT(templates.text("x", "{{ template \"__subject\" . }}", notification, {}).value(),
              StartsWith("[FIRING:1] KillSwitchTripped"));
  const auto html = templates.html("x", "{{ template \"email.default.html\" . }}", notification, {});
  ASSERT_TRUE(html) << html.error().message;
  EXPECT_THAT(*html, HasSubstr("Kill switch &lt;pnl&gt; on X"));
}

TEST_F(Messages, PagerdutyMapsSeveritiesAndKeepsItsSize) {
  const auto pagerduty = notify::make_pagerduty("desk", "pagerduty[0]", {.url = "http://p/"}, parts());
  const auto event = json(pagerduty->render(sample_notification({sample_alert("X")})).value());
  EXPECT_EQ(event.at("event_action").as_string(), "trigger");
  EXPECT_FALSE(event.contains("routing_key"));  // comes when it is sent: nothing secret is stored
  EXPECT_EQ(event.at("payload").at("severity").as_string(), "critical");
  EXPECT_EQ(event.at("payload").at("timestamp").as_string(), "2026-11-21T09:28:56Z");
  EXPECT_THAT(std::string(event.at("payload").at("summary").as_string()), HasSubstr("KillSwitchTripped"));
  EXPECT_GE(event.at("links").as_array().size(), 3U);
  for (const auto& [label, severity] :
       {std::pair{"P1", "error"}, std::pair{"warning", "warning"}, std::pair{"INFO", "info"}}) {
    auto other = sample_alert("X");
    other.labels["severity"] = label;
    EXPECT_EQ(json(pagerduty->render(sample_notification({other})).value()).at("payload").at("severity").as_string(),
              severity);
  }
  EXPECT_EQ(pagerduty->render(sample_notification({sample_alert("X", false)})).value(),
            R"({"event_action":"resolve"})");
  EXPECT_EQ(pagerduty->render_acknowledgement(sample_notification({})), R"({"event_action":"acknowledge"})");
  const std::string large = pagerduty->render(many_alerts(300, 20'000)).value();
  EXPECT_LE(large.size(), 511'000U);
  EXPECT_THAT(large, HasSubstr("alerts more"));
}

TEST_F(Messages, TelegramNeverCutsInsideATagOrEntity) {
  const auto telegram = notify::make_telegram("desk", "telegram[0]", {.chat_id = -100}, parts());
  for (const auto& [count, length] : {std::pair{1UL, 20UL}, std::pair{40UL, 300UL}, std::pair{1UL, 20'000UL}}) {
    const auto message = json(telegram->render(many_alerts(count, length)).value()).at("message").as_object();
    const std::string text = notify::text_at(message, "text");
    EXPECT_EQ(message.at("parse_mode").as_string(), "HTML");
    EXPECT_LE(notify::utf16_units(notify::telegram_plain(text)), 4096U);
    std::size_t open = 0;
    for (std::size_t at = 0; (at = text.find("<", at)) != std::string::npos; ++at)
      text[at + 1] == '/' ? --open : ++open;
    EXPECT_EQ(open, 0U);
    for (std::size_t at = 0; (at = text.find('&', at)) != std::string::npos; ++at)
      EXPECT_NE(text.substr(at, 6).find(';'), std::string::npos);
  }
}

TEST_F(Messages, ATelegramTemplateThatIsAlwaysTooLongBecomesPlainText) {
  config::TelegramConfig config{.chat_id = 1};
  config.message = "<b>" + std::string(5000, 'x') + "</b>";
  const auto payload =
      json(notify::make_telegram("desk", "telegram[0]", config, parts())->render(sample_notification({})).value());
  EXPECT_FALSE(payload.at("message").as_object().contains("parse_mode"));
  EXPECT_EQ(notify::utf16_units(notify::text_at(payload.at("message").as_object(), "text")), 4096U);
}

TEST_F(Messages, WebhookIsAlertmanagersVersion4) {
  config::WebhookConfig config{.url = config::Secret("http://w/"), .max_alerts = 2};
  const auto webhook = notify::make_webhook("desk", "webhook[0]", config, parts());
  const auto body = json(
      webhook->render(sample_notification({sample_alert("X"), sample_alert("Y", false), sample_alert("Z")})).value());
  EXPECT_EQ(body.at("version").as_string(), "4");
  EXPECT_EQ(body.at("groupKey").as_string(), R"({}:{alertname="KillSwitchTripped"})");
  EXPECT_EQ(body.at("truncatedAlerts").to_number<int>(), 1);
  EXPECT_EQ(body.at("status").as_string(), "firing");
  EXPECT_EQ(body.at("receiver").as_string(), "desk");
  EXPECT_EQ(body.at("externalURL").as_string(), "http://monitor.example:9090");
  const auto& alerts = body.at("alerts").as_array();
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].at("endsAt").as_string(), "0001-01-01T00:00:00Z");
  EXPECT_EQ(alerts[1].at("status").as_string(), "resolved");
  EXPECT_EQ(alerts[1].at("endsAt").as_string(), "2026-11-21T09:30:00Z");
  EXPECT_EQ(alerts[0].at("fingerprint").as_string(), rules::fingerprint_text(sample_alert("X").labels));
}

TEST_F(Messages, SignatureIsAnHmacOverTimeAndBody) {
  EXPECT_EQ(notify::hmac_sha256_hex("key", "The quick brown fox jumps over the lazy dog"),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  EXPECT_EQ(notify::webhook_signature("k", 5, "body"), "t=5,v1=" + notify::hmac_sha256_hex("k", "5.body"));
}

TEST_F(Messages, TheFallbackReadsWhoWasNotTold) {
  notify::Notification notification = sample_notification({sample_alert("X")});
  notification.alerts[0].annotations["undelivered"] = "receiver desk, email[0]: <bob>@example.org:\n550 nobody";
  const notify::MessageModel model = notify::message_model(notification, {});
  EXPECT_THAT(notify::plain_text(model),
              HasSubstr("the limit is -5 %\nnot delivered: receiver desk, email[0]: <bob>@example.org: 550 nobody\n"));
  EXPECT_THAT(notify::html_text(model), HasSubstr("&lt;bob&gt;@example.org: 550 nobody"));
}

TEST_F(Messages, MailHasTextAndHtmlAndAThread) {
  config::EmailConfig config{.to = "ops@example.org, \"On c\xC3\xA4ll\" <call@example.org>",
                             .from = "Bellwether <bw@example.org>"};
  config.threading = config::EmailThreading::daily;
  const auto email = notify::make_email("desk", "email[0]", config, parts());
  const std::string text = email->render(sample_notification({sample_alert("X")})).value();
  EXPECT_THAT(text, StartsWith("MAIL FROM:<bw@example.org>\r\nRCPT TO:<ops@example.org>\r\nRCPT "
                               "TO:<call@example.org>\r\n\r\nFrom: \"Bellwether\" "));
  EXPECT_THAT(text, HasSubstr("Subject: =?utf-8?q?"));
  EXPECT_THAT(text, HasSubstr("Content-Type: multipart/alternative"));
  EXPECT_LT(text.find("text/plain"), text.find("text/html"));
  EXPECT_THAT(text, HasSubstr("Importance: high"));
  EXPECT_THAT(text, HasSubstr("References: <group."));
  const auto thread = [](const std::string& sent) { return sent.substr(sent.find("In-Reply-To"), 60); };
  EXPECT_EQ(thread(text), thread(email->render(sample_notification({sample_alert("X", false)})).value()));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 998U);
    EXPECT_EQ(text.substr(at, end - at).find('\n'), std::string::npos);
    at = end + 2;
  }
}

TEST_F(Messages, NothingInALabelBecomesAHeaderOrARecipient) {
  config::EmailConfig config{.to = "{{ .CommonLabels.team }}@example.org", .from = "bw@example.org"};
  config.headers = {
      {"Subject", "{{ .CommonLabels.evil }}"}, {"X-Team", "{{ .CommonLabels.evil }}"}, {"Bad\r\nBcc", "x@y.z"}};
  const auto email = notify::make_email("desk", "email[0]", config, parts());
  auto notification = sample_notification({sample_alert("X")});
  notification.common_labels["team"] = "fx";
  notification.common_labels["evil"] = "a\r\nBcc: thief@evil.example\r\n\r\nbody";
  const std::string text = email->render(notification).value();
  EXPECT_THAT(text, HasSubstr("Subject: a Bcc: thief@evil.example body\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("\r\nBcc")));
  for (const char* team : {"fx>\r\nRCPT TO:<thief", "a b", "x@y", ""}) {
    notification.common_labels["team"] = team;
    const auto refused = email->render(notification);
    EXPECT_FALSE(refused) << team;
  }
}

TEST_F(Messages, QuotedPrintableAndEncodedWordsFollowTheirRfcs) {
  EXPECT_EQ(notify::quoted_printable("a=b \nc\xC3\xA4"), "a=3Db=20\r\nc=C3=A4\r\n");
  const std::string long_line = notify::quoted_printable(std::string(200, 'x'));
  EXPECT_EQ(long_line.substr(75, 3), "=\r\n");
  EXPECT_EQ(notify::header_text("plain"), "plain");
  EXPECT_EQ(notify::header_text("\xC3\xA4 b"), "=?utf-8?q?=C3=A4_b?=");
  for (const char* bad : {"a", "a@", "@b", "a@b@c", "a b@c", "<a@b", "a@b>c", "\xC3\xA4@b.org"})
    EXPECT_FALSE(notify::parse_addresses(bad)) << bad;
}

}  // namespace
}  // namespace bellwether::test
