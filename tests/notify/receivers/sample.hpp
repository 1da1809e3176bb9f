// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "notify/receivers/make_integrations.hpp"

namespace bellwether::test {

/// Saturday, 21 November 2026, 09:30:01 UTC.
constexpr std::int64_t sample_time = 1'795'253'401'000;

inline rules::Alert sample_alert(const std::string& venue, bool firing = true) {
  rules::Alert alert;
  alert.labels = {{"alertname", "KillSwitchTripped"}, {"severity", "P0"}, {"venue", venue}};
  alert.annotations = {{"summary", "Kill switch <pnl> on " + venue},
                       {"description", "PnL is -7.1 % & the limit is -5 %"},
                       {"value", "-0.071"},
                       {"runbook_url", "https://runbooks.example/kill"}};
  alert.starts_ms = sample_time - 65'000;
  if (!firing) alert.ends_ms = sample_time - 1000;
  alert.generator_url = "http://monitor.example:9090/graph?g0.expr=kill_switch";
  return alert;
}

inline notify::Notification sample_notification(std::vector<rules::Alert> alerts) {
  notify::Notification notification;
  notification.receiver = "desk";
  notification.group_key = R"({}:{alertname="KillSwitchTripped"})";
  notification.group_labels = {{"alertname", "KillSwitchTripped"}};
  notification.common_labels = {{"alertname", "KillSwitchTripped"}, {"severity", "P0"}};
  notification.alerts = std::move(alerts);
  notification.external_url = "http://monitor.example:9090";
  notification.now_ms = sample_time;
  return notification;
}

inline notify::Notification many_alerts(std::size_t count, std::size_t length) {
  std::vector<rules::Alert> alerts;
  for (std::size_t i = 0; i < count; ++i) {
    alerts.push_back(sample_alert("venue" + std::to_string(i)));
    std::string text;
    while (text.size() < length) text += "<b>&\xC3\xA4\xF0\x9F\x94\xA5 ";
    alerts.back().annotations["description"] = text;
  }
  return sample_notification(std::move(alerts));
}

/// Answers at once with what the test has laid out, and keeps what was asked.
class FakeHttp final : public notify::HttpSender {
 public:
  void send(net::HttpRequest request, Done done) override {
    requests.push_back(std::move(request));
    net::HttpResult answer = net::HttpResponse{.status = 200, .body = "ok"};
    if (!answers.empty()) {
      answer = answers.front();
      answers.pop_front();
    }
    done(std::move(answer));
  }
  std::vector<net::HttpRequest> requests;
  std::deque<net::HttpResult> answers;
};

class FakeMail final : public notify::MailSender {
 public:
  void send(notify::Mail mail, Done done) override {
    mails.push_back(std::move(mail));
    notify::DeliveryResult answer = result;
    if (!answers.empty()) {
      answer = answers.front();
      answers.pop_front();
    }
    done(answer);
  }
  std::deque<notify::DeliveryResult> answers;
  std::vector<notify::Mail> mails;
  notify::DeliveryResult result;
};

inline const ManualClock& sample_clock() {
  static const ManualClock clock{std::chrono::milliseconds{sample_time}};
  return clock;
}

inline std::string header_of(const net::HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace bellwether::test
