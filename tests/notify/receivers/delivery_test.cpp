// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What each answer of a channel means, and what is sent again in what form.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "notify/receivers/channels.hpp"
#include "notify/receivers/delivery_rules.hpp"
#include "notify/receivers/json_values.hpp"
#include "notify/receivers/message_text.hpp"
#include "sample.hpp"

namespace bellwether::test {
namespace {

using namespace std::chrono_literals;
using net::HttpErrorKind;
using notify::DeliveryOutcome;
using notify::DeliveryResult;
using testing::HasSubstr;
using testing::Not;

class Delivery : public testing::Test {
 protected:
  notify::ReceiverParts parts() {
    notify::ReceiverParts parts{.http = http, .mail = mail, .clock = &sample_clock()};
    parts.templates = std::make_shared<const notify::MessageTemplates>(notify::MessageTemplates::load().value());
    return parts;
  }
  std::shared_ptr<notify::Integration> slack_webhook() {
    return notify::make_slack("desk", "slack[0]", {.api_url = config::Secret("http://hooks.example/T0/B0/topsecret")},
                              parts());
  }
  static DeliveryResult sent(notify::Integration& integration, const notify::OutgoingMessage& message) {
    std::optional<DeliveryResult> result;
    integration.deliver(message, [&](DeliveryResult with) { result = std::move(with); });
    EXPECT_TRUE(result) << "done was not called";
    return result.value_or(DeliveryResult{});
  }
  DeliveryResult answered(notify::Integration& integration, net::HttpResult answer) {
    http->answers.push_back(std::move(answer));
    return sent(integration, {.id = 7,
                              .payload = integration.render(sample_notification({sample_alert("X")})).value(),
                              .deduplication_key = "key"});
  }
  boost::json::object body(std::size_t i) const { return notify::parse_object(http->requests.at(i).body).value(); }

  std::shared_ptr<FakeHttp> http = std::make_shared<FakeHttp>();
  std::shared_ptr<FakeMail> mail = std::make_shared<FakeMail>();
};

TEST_F(Delivery, EveryStatusHasItsOutcome) {
  const auto slack = slack_webhook();
  const std::vector<std::pair<int, DeliveryOutcome>> table{
      {200, DeliveryOutcome::delivered},    {202, DeliveryOutcome::delivered},    {301, DeliveryOutcome::permanent},
      {400, DeliveryOutcome::permanent},    {401, DeliveryOutcome::unauthorized}, {403, DeliveryOutcome::unauthorized},
      {404, DeliveryOutcome::permanent},    {408, DeliveryOutcome::transient},    {410, DeliveryOutcome::permanent},
      {429, DeliveryOutcome::rate_limited}, {500, DeliveryOutcome::transient},    {503, DeliveryOutcome::transient}};
  for (const auto& [status, outcome] : table) {
    EXPECT_EQ(answered(*slack, net::HttpResponse{.status = status}).outcome, outcome) << status;
  }
  for (const HttpErrorKind kind : {HttpErrorKind::resolve, HttpErrorKind::connect, HttpErrorKind::timeout,
                                   HttpErrorKind::tls, HttpErrorKind::closed, HttpErrorKind::cancelled}) {
    EXPECT_EQ(answered(*slack, net::HttpError{kind, "gone"}).outcome, DeliveryOutcome::transient);
  }
  EXPECT_EQ(answered(*slack, net::HttpError{HttpErrorKind::bad_request, "no"}).outcome, DeliveryOutcome::permanent);
}

TEST_F(Delivery, WaitsAsTheHeaderAsksOrTheBody) {
  const auto slack = slack_webhook();
  EXPECT_EQ(answered(*slack, net::HttpResponse{.status = 429, .headers = {{"Retry-After", "2"}}}).retry_after, 2s);
  EXPECT_EQ(answered(*slack, net::HttpResponse{.status = 429, .body = R"({"retry_after":1.5,"ok":false})"}).retry_after,
            1500ms);
  const auto both = answered(
      *slack, net::HttpResponse{.status = 503, .headers = {{"Retry-After", "3"}}, .body = R"({"retry_after":1})"});
  EXPECT_EQ(both.outcome, DeliveryOutcome::rate_limited);
  EXPECT_EQ(both.retry_after, 3s);
  EXPECT_EQ(notify::retry_after_of_body(R"({"ok":false,"parameters":{"retry_after":5}})"), 5s);
  for (const char* bad : {"", "[1]", R"({"retry_after":-1})", R"({"retry_after":"x"})", R"({"retry_after":)"}) {
    EXPECT_FALSE(notify::retry_after_of_body(bad)) << bad;
  }
  EXPECT_EQ(notify::retry_after_of_body(R"({"retry_after":1e300})"), 24h);
}

TEST_F(Delivery, NoErrorHoldsASecret) {
  const auto slack = slack_webhook();
  const auto refused =
      answered(*slack, net::HttpResponse{.status = 400, .body = "bad: http://hooks.example/T0/B0/topsecret\r\nsecond"});
  EXPECT_THAT(refused.error, HasSubstr("slack[0]: status 400: bad: <secret> second"));
  const auto telegram = notify::make_telegram(
      "desk", "telegram[0]", {.api_url = "http://t", .bot_token = config::Secret("12:abc"), .chat_id = 1}, parts());
  EXPECT_THAT(answered(*telegram, net::HttpResponse{.status = 500, .body = "at /bot12:abc/"}).error,
              Not(HasSubstr("12:abc")));
  config::SlackConfig missing{.api_url_file = "/nonexistent/url"};
  const auto none =
      answered(*notify::make_slack("desk", "slack[0]", missing, parts()), net::HttpResponse{.status = 200});
  EXPECT_EQ(none.outcome, DeliveryOutcome::unauthorized);
  EXPECT_THAT(none.error, HasSubstr("/nonexistent/url"));
}

TEST_F(Delivery, SlacksWebApiSaysInTheBodyWhatCameOfIt) {
  config::SlackConfig config{
      .app_token = config::Secret("xoxb-1"), .app_url = "http://slack.example/api/chat.postMessage", .channel = "#a"};
  config.message_strategy = config::SlackMessageStrategy::thread;
  const auto slack = notify::make_slack("desk", "slack[0]", config, parts());
  const auto answer = [&](const char* text) {
    return answered(*slack, net::HttpResponse{.status = 200, .body = text});
  };
  EXPECT_EQ(answer(R"({"ok":false,"error":"invalid_auth"})").outcome, DeliveryOutcome::unauthorized);
  EXPECT_EQ(answer(R"({"ok":false,"error":"channel_not_found"})").outcome, DeliveryOutcome::permanent);
  EXPECT_EQ(answer(R"({"ok":false,"error":"internal_error"})").outcome, DeliveryOutcome::transient);
  EXPECT_EQ(answer(R"({"ok":false,"error":"ratelimited"})").outcome, DeliveryOutcome::rate_limited);
  EXPECT_EQ(answer(R"({"ok":true,"channel":"C1","ts":"12.5"})").reference, "C1 12.5");
  EXPECT_EQ(std::get<net::BearerToken>(http->requests.back().auth).token, "xoxb-1");

  http->answers.push_back(net::HttpResponse{.status = 200, .body = R"({"ok":true,"channel":"C1","ts":"13.0"})"});
  const auto second = sent(*slack, {.id = 8,
                                    .payload = slack->render(sample_notification({sample_alert("X", false)})).value(),
                                    .reference = "C1 12.5"});
  EXPECT_EQ(second.reference, "C1 12.5");
  EXPECT_EQ(body(http->requests.size() - 1).at("thread_ts").as_string(), "12.5");

  config.message_strategy = config::SlackMessageStrategy::update;
  const auto updating = notify::make_slack("desk", "slack[0]", config, parts());
  sent(
      *updating,
      {.id = 9, .payload = updating->render(sample_notification({sample_alert("X")})).value(), .reference = "C1 12.5"});
  EXPECT_EQ(http->requests.back().url, "http://slack.example/api/chat.update");
  EXPECT_EQ(body(http->requests.size() - 1).at("ts").as_string(), "12.5");
}

TEST_F(Delivery, PagerdutyGetsItsKeysWhenItIsSent) {
  const auto pagerduty = notify::make_pagerduty(
      "desk", "pagerduty[0]", {.routing_key = config::Secret("R0"), .url = "http://p/v2/enqueue"}, parts());
  EXPECT_EQ(answered(*pagerduty, net::HttpResponse{.status = 202}).outcome, DeliveryOutcome::delivered);
  EXPECT_EQ(body(0).at("routing_key").as_string(), "R0");
  EXPECT_EQ(body(0).at("dedup_key").as_string(), "key");
  EXPECT_EQ(sent(*pagerduty, {.id = 1, .payload = "no json"}).outcome, DeliveryOutcome::permanent);
}

TEST_F(Delivery, WebhookBearsTheMessagesIdItsAttemptAndASignature) {
  notify::ReceiverParts signing = parts();
  signing.webhook_key = config::Secret("k");
  const auto webhook = notify::make_webhook("desk", "webhook[0]", {.url = config::Secret("http://w/x")}, signing);
  sent(*webhook, {.id = 42, .payload = "{}", .attempt = 3});
  const net::HttpRequest& request = http->requests.at(0);
  EXPECT_EQ(header_of(request, "Idempotency-Key"), "42");
  EXPECT_EQ(header_of(request, "X-Bellwether-Attempt"), "3");
  EXPECT_EQ(header_of(request, "X-Bellwether-Signature"),
            "t=1795253401,v1=" + notify::hmac_sha256_hex("k", "1795253401.{}"));
  EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
  EXPECT_EQ(request.body, "{}");
}

TEST_F(Delivery, TelegramFallsBackToPlainTextAndFollowsAMovedChat) {
  const auto telegram = notify::make_telegram(
      "desk", "telegram[0]", {.api_url = "http://t", .bot_token = config::Secret("12:abc"), .chat_id = -5}, parts());
  http->answers.push_back(
      net::HttpResponse{.status = 400, .body = R"({"ok":false,"description":"Bad Request: can't parse entities: x"})"});
  const auto plain =
      answered(*telegram, net::HttpResponse{.status = 200, .body = R"({"ok":true,"result":{"message_id":9}})"});
  // The answers are taken in their order: the refusal came first.
  EXPECT_EQ(plain.outcome, DeliveryOutcome::delivered);
  EXPECT_EQ(plain.reference, "9");
  ASSERT_EQ(http->requests.size(), 2U);
  EXPECT_TRUE(body(0).contains("parse_mode"));
  EXPECT_FALSE(body(1).contains("parse_mode"));
  EXPECT_THAT(notify::text_at(body(1), "text"), HasSubstr("Kill switch <pnl> on X"));

  http->answers.push_back(net::HttpResponse{
      .status = 400,
      .body = R"({"ok":false,"description":"upgraded","parameters":{"migrate_to_chat_id":-1001234567890}})"});
  EXPECT_EQ(answered(*telegram, net::HttpResponse{.status = 200, .body = R"({"ok":true,"result":{"message_id":10}})"})
                .outcome,
            DeliveryOutcome::delivered);
  EXPECT_EQ(body(3).at("chat_id").to_number<std::int64_t>(), -1001234567890);
  answered(*telegram, net::HttpResponse{.status = 200, .body = "{}"});
  EXPECT_EQ(body(4).at("chat_id").to_number<std::int64_t>(), -1001234567890);
  EXPECT_EQ(answered(*telegram, net::HttpResponse{.status = 404, .body = R"({"ok":false,"description":"Not Found"})"})
                .outcome,
            DeliveryOutcome::unauthorized);
  EXPECT_EQ(
      answered(*telegram, net::HttpResponse{.status = 429, .body = R"({"ok":false,"parameters":{"retry_after":5}})"})
          .retry_after,
      5s);
}

TEST_F(Delivery, AMessageIdStaysTheSameAcrossAttempts) {
  config::EmailConfig config{.to = "a@b.org", .from = "c@d.org", .smarthost = {"mail.example", 587}};
  const auto email = notify::make_email("desk", "email[0]", config, parts());
  const std::string payload = email->render(sample_notification({sample_alert("X")})).value();
  sent(*email, {.id = 5, .payload = payload});
  sent(*email, {.id = 5, .payload = payload, .attempt = 2});
  sent(*email, {.id = 6, .payload = payload});
  ASSERT_EQ(mail->mails.size(), 3U);
  EXPECT_EQ(mail->mails[0].text, mail->mails[1].text);
  EXPECT_NE(mail->mails[0].text, mail->mails[2].text);
  EXPECT_THAT(mail->mails[0].text, testing::StartsWith("Message-ID: <5."));
  EXPECT_TRUE(mail->mails[0].server.require_tls);
  EXPECT_EQ(mail->mails[0].from, "c@d.org");
  EXPECT_EQ(sent(*email, {.id = 7, .payload = "garbage"}).outcome, DeliveryOutcome::permanent);
}

TEST_F(Delivery, ManyRecipientsGoInBatches) {
  std::string to;
  for (int i = 0; i < 250; ++i) to += "p" + std::to_string(i) + "@b.org, ";
  const auto email = notify::make_email("desk", "email[0]", {.to = to, .from = "c@d.org"}, parts());
  const std::string payload = email->render(sample_notification({sample_alert("X")})).value();
  sent(*email, {.id = 5, .payload = payload});
  ASSERT_EQ(mail->mails.size(), 3U);
  EXPECT_EQ(mail->mails[2].recipients.size(), 50U);
  EXPECT_EQ(email->recipients(payload).size(), 250U);

  // The first batch is with its people, the second fails: nobody of the first is asked for again.
  mail->answers = {{}, {.outcome = DeliveryOutcome::unauthorized, .error = "no more"}};
  const DeliveryResult part = sent(*email, {.id = 5, .payload = payload});
  EXPECT_EQ(mail->mails.size(), 5U);
  EXPECT_EQ(part.outcome, DeliveryOutcome::delivered);
  ASSERT_EQ(part.left_out.size(), 150U);
  EXPECT_EQ(part.left_out.front().recipient, "p100@b.org");
  EXPECT_EQ(part.left_out.back().recipient, "p249@b.org");
  for (const notify::LeftOut& one : part.left_out) EXPECT_EQ(one.outcome, DeliveryOutcome::transient);

  mail->answers = {{.outcome = DeliveryOutcome::transient, .error = "busy"}};
  const DeliveryResult nobody = sent(*email, {.id = 5, .payload = payload});
  EXPECT_EQ(mail->mails.size(), 6U);
  EXPECT_EQ(nobody.outcome, DeliveryOutcome::transient);
  EXPECT_TRUE(nobody.left_out.empty());
}

TEST_F(Delivery, ABatchOfWhichAllAreRefusedDoesNotEndTheOthers) {
  std::string to;
  std::vector<notify::LeftOut> first;
  for (int i = 0; i < 101; ++i) {
    to += "p" + std::to_string(i) + "@b.org, ";
    if (i < 100) first.push_back({"p" + std::to_string(i) + "@b.org", DeliveryOutcome::permanent, "550 nobody"});
  }
  const auto email = notify::make_email("desk", "email[0]", {.to = to, .from = "c@d.org"}, parts());
  const std::string payload = email->render(sample_notification({sample_alert("X")})).value();
  const DeliveryResult refused{.outcome = DeliveryOutcome::permanent, .error = "550 nobody", .left_out = first};
  for (notify::LeftOut& one : first) one.outcome = DeliveryOutcome::transient;
  const DeliveryResult put_off{.outcome = DeliveryOutcome::transient, .error = "451 later", .left_out = first};
  const DeliveryResult never{.outcome = DeliveryOutcome::permanent, .error = "554 no"};
  const DeliveryResult busy{.outcome = DeliveryOutcome::transient, .error = "busy"};
  const auto answered_with = [&](const DeliveryResult& one, const DeliveryResult& other) {
    mail->mails.clear();
    mail->answers = {one, other};
    DeliveryResult whole = sent(*email, {.id = 5, .payload = payload});
    EXPECT_EQ(mail->mails.size(), 2U);
    EXPECT_EQ(mail->mails.back().recipients, std::vector<std::string>{"p100@b.org"});
    return whole;
  };
  const DeliveryResult one_taken = answered_with(refused, {});
  EXPECT_EQ(one_taken.outcome, DeliveryOutcome::delivered);
  EXPECT_EQ(one_taken.left_out.size(), 100U);
  const DeliveryResult one_later = answered_with(refused, busy);
  EXPECT_EQ(one_later.outcome, DeliveryOutcome::transient);
  EXPECT_EQ(one_later.left_out.size(), 100U);
  EXPECT_EQ(answered_with(refused, never).outcome, DeliveryOutcome::permanent);
  const DeliveryResult all_but_one_later = answered_with(put_off, never);
  EXPECT_EQ(all_but_one_later.outcome, DeliveryOutcome::transient);
  ASSERT_EQ(all_but_one_later.left_out.size(), 101U);
  EXPECT_EQ(all_but_one_later.left_out.back().outcome, DeliveryOutcome::permanent);
}

TEST_F(Delivery, ASecondAttemptForSomeIsTheSameMailToThemOnly) {
  const auto email =
      notify::make_email("desk", "email[0]", {.to = "a@b.org, c@b.org, e@b.org", .from = "c@d.org"}, parts());
  const std::string payload = email->render(sample_notification({sample_alert("X")})).value();
  EXPECT_EQ(email->recipients(payload), (std::vector<std::string>{"a@b.org", "c@b.org", "e@b.org"}));
  sent(*email, {.id = 5, .payload = payload});
  sent(*email, {.id = 5, .payload = payload, .attempt = 2, .recipients = {"c@b.org", "stranger@b.org"}});
  ASSERT_EQ(mail->mails.size(), 2U);
  EXPECT_EQ(mail->mails[1].recipients, std::vector<std::string>{"c@b.org"});
  EXPECT_EQ(mail->mails[1].text, mail->mails[0].text);  // To, Message-ID and References, too
  EXPECT_THAT(mail->mails[1].text, testing::HasSubstr("To: a@b.org,\r\n c@b.org,\r\n e@b.org\r\n"));
  EXPECT_EQ(sent(*email, {.id = 5, .payload = payload, .recipients = {"stranger@b.org"}}).outcome,
            DeliveryOutcome::permanent);
  EXPECT_EQ(mail->mails.size(), 2U);
  EXPECT_TRUE(email->recipients("garbage").empty());
}

TEST_F(Delivery, AWebhookThatCannotBeSignedIsNotSent) {
  const std::string path = testing::TempDir() + "webhook-key-" + std::to_string(::getpid());
  std::remove(path.c_str());
  notify::ReceiverParts signing = parts();
  signing.webhook_key_file = path;
  const auto webhook = notify::make_webhook("desk", "webhook[0]", {.url = config::Secret("http://w/x")}, signing);
  const DeliveryResult missing = sent(*webhook, {.id = 1, .payload = "{}"});
  EXPECT_EQ(missing.outcome, DeliveryOutcome::unauthorized);
  EXPECT_THAT(missing.error, testing::HasSubstr("webhook_key_file " + path));
  std::ofstream(path) << " \n";
  EXPECT_EQ(sent(*webhook, {.id = 1, .payload = "{}"}).outcome, DeliveryOutcome::unauthorized);
  EXPECT_TRUE(http->requests.empty());
  std::ofstream(path) << "first key of ours\n";
  EXPECT_EQ(sent(*webhook, {.id = 1, .payload = "{}"}).outcome, DeliveryOutcome::delivered);
  std::ofstream(path) << "second key of ours\n";  // from the next message on
  EXPECT_EQ(sent(*webhook, {.id = 1, .payload = "{}"}).outcome, DeliveryOutcome::delivered);
  ASSERT_EQ(http->requests.size(), 2U);
  EXPECT_EQ(header_of(http->requests[0], "X-Bellwether-Signature"),
            "t=1795253401,v1=" + notify::hmac_sha256_hex("first key of ours", "1795253401.{}"));
  EXPECT_EQ(header_of(http->requests[1], "X-Bellwether-Signature"),
            "t=1795253401,v1=" + notify::hmac_sha256_hex("second key of ours", "1795253401.{}"));
  std::remove(path.c_str());
}

TEST_F(Delivery, EveryReceiverSignsWithTheKeyOfBellwetherYml) {
  config::NotifierConfig config;
  config.extensions.webhook_key = config::Secret("the key of the environment");
  config.receivers.push_back({.name = "desk"});
  config.receivers.back().webhook_configs.push_back({.url = config::Secret("http://w/x")});
  const notify::Receivers receivers = notify::make_receivers(config, parts()).value();
  sent(*receivers.at("desk").at(0), {.id = 1, .payload = "{}"});
  EXPECT_EQ(header_of(http->requests.at(0), "X-Bellwether-Signature"),
            "t=1795253401,v1=" + notify::hmac_sha256_hex("the key of the environment", "1795253401.{}"));
}

}  // namespace
}  // namespace bellwether::test
