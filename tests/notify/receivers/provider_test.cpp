// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The real senders against servers that misbehave, and against a real mail server (Debian's python3-aiosmtpd).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>

#include <filesystem>
#include <future>
#include <thread>

#include "exporter/child_process.hpp"
#include "fake_provider.hpp"
#include "net/test_certificates.hpp"
#include "notify/receivers/channels.hpp"
#include "sample.hpp"

namespace bellwether::test {
namespace {

using namespace std::chrono_literals;
using notify::DeliveryOutcome;
using notify::DeliveryResult;
using testing::HasSubstr;
using testing::Not;

DeliveryResult sent(notify::Integration& integration, std::uint64_t id = 1) {
  std::promise<DeliveryResult> promise;
  auto result = promise.get_future();
  const auto payload = integration.render(sample_notification({sample_alert("X")}));
  integration.deliver({.id = id, .payload = payload.value(), .deduplication_key = "k"},
                      [&](DeliveryResult with) { promise.set_value(std::move(with)); });
  if (result.wait_for(60s) != std::future_status::ready) throw std::runtime_error("no answer within a minute");
  return result.get();
}

class Providers : public testing::Test {
 protected:
  notify::ReceiverParts parts() const {
    notify::ReceiverParts parts{.http = std::make_shared<notify::AsyncHttpSender>(),
                                .mail = std::make_shared<notify::SmtpSender>()};
    parts.templates = std::make_shared<const notify::MessageTemplates>(notify::MessageTemplates::load().value());
    return parts;
  }
};

TEST_F(Providers, WhatAServerDoesIsWhatTheOutboxIsTold) {
  FakeProvider provider;
  const auto webhook =
      notify::make_webhook("desk", "webhook[0]", {.url = config::Secret(provider.url()), .timeout = 2s}, parts());
  provider.answer({.status = 429, .retry_after = 2});
  const DeliveryResult limited = sent(*webhook);
  EXPECT_EQ(limited.outcome, DeliveryOutcome::rate_limited);
  EXPECT_EQ(limited.retry_after, 2s);
  provider.answer({.status = 500, .body = "boom"});
  EXPECT_EQ(sent(*webhook).outcome, DeliveryOutcome::transient);
  provider.answer({.reset = true});
  EXPECT_EQ(sent(*webhook).outcome, DeliveryOutcome::transient);
  provider.answer({.delay = 20s});
  EXPECT_EQ(sent(*webhook).outcome, DeliveryOutcome::transient);
  EXPECT_EQ(sent(*webhook).outcome, DeliveryOutcome::delivered);
  EXPECT_EQ(provider.got().size(), 5U);
  const auto nobody =
      notify::make_webhook("desk", "webhook[1]", {.url = config::Secret("http://127.0.0.1:9/secretpath")}, parts());
  const DeliveryResult refused = sent(*nobody);
  EXPECT_EQ(refused.outcome, DeliveryOutcome::transient);
  EXPECT_THAT(refused.error, Not(HasSubstr("secretpath")));
}

TEST_F(Providers, WithoutAFreeDescriptorAMessageWaitsForTheNextAttempt) {
  FakeProvider provider;
  const auto webhook = notify::make_webhook("desk", "webhook[0]", {.url = config::Secret(provider.url())}, parts());
  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const DeliveryResult refused = sent(*webhook);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &usual), 0);
  EXPECT_EQ(refused.outcome, DeliveryOutcome::transient);
  EXPECT_THAT(refused.error, HasSubstr("eventfd"));
  EXPECT_EQ(sent(*webhook).outcome, DeliveryOutcome::delivered);
}

TEST_F(Providers, WithoutAFreeThreadAMailWaitsForTheNextAttempt) {
  notify::SmtpSender sender;
  const auto send = [&sender] {
    auto promise = std::make_shared<std::promise<DeliveryResult>>();
    auto result = promise->get_future();
    sender.send({.server = {.host = "127.0.0.1", .port = "9", .hello = "localhost", .require_tls = false},
                 .from = "a@b.org",
                 .recipients = {"c@d.org"},
                 .text = "\r\n"},
                [promise](DeliveryResult with) { promise->set_value(std::move(with)); });
    return result.get();
  };
  // No address space has room for such a stack.
  pthread_attr_t usual;
  ASSERT_EQ(pthread_getattr_default_np(&usual), 0);
  pthread_attr_t huge;
  ASSERT_EQ(pthread_attr_init(&huge), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&huge, std::size_t{1} << 60U), 0);
  ASSERT_EQ(pthread_setattr_default_np(&huge), 0);
  const DeliveryResult refused = send();
  ASSERT_EQ(pthread_setattr_default_np(&usual), 0);
  pthread_attr_destroy(&huge);
  pthread_attr_destroy(&usual);
  EXPECT_EQ(refused.outcome, DeliveryOutcome::transient);
  EXPECT_THAT(refused.error, HasSubstr("cannot start"));
  EXPECT_THAT(send().error, HasSubstr("127.0.0.1:9"));
}

TEST_F(Providers, AServiceWhoseNameIsUnknownLeavesTheOthersAlone) {
  FakeProvider provider;
  const auto shared = parts();
  const auto unknown =
      notify::make_webhook("desk", "webhook[0]", {.url = config::Secret("http://no-such-service.invalid/x")}, shared);
  const auto known = notify::make_webhook("desk", "webhook[1]", {.url = config::Secret(provider.url())}, shared);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sent(*unknown).outcome, DeliveryOutcome::transient);
    const DeliveryResult result = sent(*known);
    EXPECT_EQ(result.outcome, DeliveryOutcome::delivered) << result.error;
  }
}

TEST_F(Providers, EveryChannelReachesItsService) {
  FakeProvider provider;
  provider.always({.status = 200, .body = R"({"ok":true,"result":{"message_id":3},"channel":"C","ts":"1.2"})"});
  config::ReceiverConfig receiver{.name = "desk"};
  receiver.slack_configs.push_back({.api_url = config::Secret(provider.url("/services/T/B"))});
  receiver.pagerduty_configs.push_back({.routing_key = config::Secret("R"), .url = provider.url("/v2/enqueue")});
  receiver.telegram_configs.push_back({.api_url = provider.url(""), .bot_token = config::Secret("1:t"), .chat_id = 4});
  receiver.webhook_configs.push_back({.url = config::Secret(provider.url("/hook"))});
  const auto integrations = notify::make_integrations(receiver, parts()).value();
  ASSERT_EQ(integrations.size(), 4U);
  for (const auto& integration : integrations) {
    const DeliveryResult result = sent(*integration);
    EXPECT_EQ(result.outcome, DeliveryOutcome::delivered) << integration->name() << ": " << result.error;
  }
  ASSERT_EQ(provider.got().size(), 4U);
  EXPECT_EQ(provider.got()[2].path, "/bot1:t/sendMessage");
}

TEST_F(Providers, AnAnswerMayBeTheLastOwnerOfItsSender) {
  FakeProvider provider;
  std::promise<void> http_gone;
  std::promise<void> mail_gone;
  {
    auto http = std::make_shared<notify::AsyncHttpSender>();
    auto gone = std::shared_ptr<void>(nullptr, [&](void*) { http_gone.set_value(); });
    http->send({.method = "POST", .url = provider.url()}, [http, gone](const net::HttpResult&) {});
    auto mail = std::make_shared<notify::SmtpSender>();
    gone = std::shared_ptr<void>(nullptr, [&](void*) { mail_gone.set_value(); });
    mail->send({.server = {.host = "127.0.0.1", .port = "9", .hello = "x"},
                .from = "a@b.org",
                .recipients = {"c@d.org"},
                .text = "x"},
               [mail, gone](const DeliveryResult&) {});
  }
  EXPECT_EQ(http_gone.get_future().wait_for(60s), std::future_status::ready);
  EXPECT_EQ(mail_gone.get_future().wait_for(60s), std::future_status::ready);
}

TEST_F(Providers, StoppingAnswersWhatIsUnderWay) {
  FakeProvider provider;
  provider.always({.delay = 20s});
  std::atomic<int> answers{0};
  {
    notify::AsyncHttpSender sender;
    for (int i = 0; i < 5; ++i) {
      sender.send({.method = "POST", .url = provider.url()},
                  [&](const net::HttpResult& result) { answers += result ? 0 : 1; });
    }
    EXPECT_TRUE(provider.wait_for(1));
  }
  EXPECT_EQ(answers, 5);
}

class MailServerProcess {
 public:
  explicit MailServerProcess(std::vector<std::string> more = {}) {
    std::vector<std::string> command{PYTHON_PROGRAM, BELLWETHER_SOURCE_DIR "/tests/notify/receivers/smtp_server.py",
                                     folder_.path("")};
    command.insert(command.end(), more.begin(), more.end());
    process_ = std::make_unique<ChildProcess>(command, folder_.path("log"));
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (!std::filesystem::exists(folder_.path("port"))) {
      if (!process_->is_running() || std::chrono::steady_clock::now() > until) {
        throw std::runtime_error("the mail server does not start: " + file_text(folder_.path("log")));
      }
      std::this_thread::sleep_for(20ms);
    }
    port_ = static_cast<std::uint16_t>(std::stoi(file_text(folder_.path("port"))));
  }
  std::uint16_t port() const { return port_; }
  std::string mail(int i) const { return file_text(folder_.path(std::to_string(i) + ".eml")); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<ChildProcess> process_;
  std::uint16_t port_ = 0;
};

class Mails : public Providers {
 protected:
  DeliveryResult mail_to(const std::string& to, std::uint16_t port,
                         const std::function<void(config::EmailConfig&)>& change = {}) {
    config::EmailConfig config{.to = to,
                               .from = "bw@example.org",
                               .hello = "desk.test",
                               .smarthost = {"127.0.0.1", port},
                               .require_tls = false};
    if (change) change(config);
    return sent(*notify::make_email("desk", "email[0]", config, shared_));
  }
  notify::ReceiverParts shared_ = parts();
};

TEST_F(Mails, AreTakenRefusedAndPutOff) {
  const MailServerProcess server;
  EXPECT_EQ(mail_to("a@example.org, b@example.org", server.port()).error, "");
  EXPECT_THAT(server.mail(1), HasSubstr("tls=no user= from=bw@example.org to=a@example.org,b@example.org"));
  EXPECT_THAT(server.mail(1), HasSubstr("Content-Type: multipart/alternative"));
  EXPECT_THAT(server.mail(1), HasSubstr("Message-ID: <1."));
  EXPECT_THAT(server.mail(1), HasSubstr("[FIRING:1]"));

  const DeliveryResult part = mail_to("refused@example.org, a@example.org", server.port());
  EXPECT_EQ(part.outcome, DeliveryOutcome::delivered);
  ASSERT_EQ(part.left_out.size(), 1U);
  EXPECT_EQ(part.left_out[0].recipient, "refused@example.org");
  EXPECT_EQ(part.left_out[0].outcome, DeliveryOutcome::permanent);
  EXPECT_THAT(part.left_out[0].error, HasSubstr("refused@example.org: 550"));
  EXPECT_THAT(server.mail(2), HasSubstr("to=a@example.org"));
  const DeliveryResult put_off = mail_to("a@example.org, later@example.org, b@example.org", server.port());
  EXPECT_EQ(put_off.outcome, DeliveryOutcome::delivered);
  ASSERT_EQ(put_off.left_out.size(), 1U);
  EXPECT_EQ(put_off.left_out[0].recipient, "later@example.org");
  EXPECT_EQ(put_off.left_out[0].outcome, DeliveryOutcome::transient);
  EXPECT_THAT(server.mail(3), HasSubstr("to=a@example.org,b@example.org"));

  const DeliveryResult refused = mail_to("refused@example.org", server.port());
  EXPECT_EQ(refused.outcome, DeliveryOutcome::permanent) << refused.error;
  EXPECT_THAT(refused.error, HasSubstr("no such user here"));
  EXPECT_EQ(mail_to("later@example.org", server.port()).outcome, DeliveryOutcome::transient);
  const DeliveryResult none = mail_to("refused@example.org, later@example.org", server.port());
  EXPECT_EQ(none.outcome, DeliveryOutcome::transient);
  ASSERT_EQ(none.left_out.size(), 2U);
  EXPECT_EQ(none.left_out[0].outcome, DeliveryOutcome::permanent);
  EXPECT_EQ(none.left_out[1].outcome, DeliveryOutcome::transient);
  EXPECT_EQ(mail_to("refused@example.org, refused2@example.org", server.port()).outcome, DeliveryOutcome::permanent);
  const DeliveryResult busy =
      mail_to("a@example.org, b@example.org", server.port(), [](auto& config) { config.from = "busy@example.org"; });
  EXPECT_EQ(busy.outcome, DeliveryOutcome::transient);
  EXPECT_TRUE(busy.left_out.empty()) << busy.left_out[0].error;
  EXPECT_EQ(mail_to("a@example.org", server.port(), [](auto& config) { config.from = "busy@example.org"; }).outcome,
            DeliveryOutcome::transient);
  const DeliveryResult no_tls =
      mail_to("a@example.org", server.port(), [](auto& config) { config.require_tls = true; });
  EXPECT_EQ(no_tls.outcome, DeliveryOutcome::permanent);
  EXPECT_THAT(no_tls.error, HasSubstr("STARTTLS"));
  EXPECT_EQ(mail_to("a@example.org", 9).outcome, DeliveryOutcome::transient);
}

TEST_F(Mails, GoEncryptedAndLoggedIn) {
  const TestCertificates certificates;
  const MailServerProcess server({"--certificate", certificates.server_cert(), "--key", certificates.server_key(),
                                  "--user", "desk", "--password", "open sesame"});
  const auto with = [&](const std::string& password) {
    return [&certificates, password](config::EmailConfig& config) {
      config.require_tls = true;
      config.tls.ca_file = certificates.ca();
      config.auth_username = "desk";
      config.auth_password = config::Secret(password);
    };
  };
  const DeliveryResult good = mail_to("a@example.org", server.port(), with("open sesame"));
  EXPECT_EQ(good.outcome, DeliveryOutcome::delivered) << good.error;
  EXPECT_THAT(server.mail(1), HasSubstr("tls=yes user=desk"));
  const DeliveryResult wrong = mail_to("a@example.org", server.port(), with("wrong password"));
  EXPECT_EQ(wrong.outcome, DeliveryOutcome::unauthorized);
  EXPECT_THAT(wrong.error, Not(HasSubstr("wrong password")));
  const DeliveryResult stranger =
      mail_to("a@example.org", server.port(), [](auto& config) { config.require_tls = true; });
  EXPECT_EQ(stranger.outcome, DeliveryOutcome::transient);  // a certificate that nobody vouches for
  EXPECT_THAT(mail_to("a@example.org", 25,
                      [](auto& config) {
                        config.smarthost.host = "mail.example.org";
                        config.auth_username = "desk";
                        config.auth_password = config::Secret("open sesame");
                      })
                  .error,
              HasSubstr("unencrypted"));
}

}  // namespace
}  // namespace bellwether::test
