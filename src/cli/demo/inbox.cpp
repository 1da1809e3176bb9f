// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/demo/inbox.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// A demo that runs for days must not grow.
constexpr std::size_t most_arrivals = 1000;

template <typename Arrivals, typename Arrival>
void keep(Arrivals& arrivals, Arrival arrival) {
  if (arrivals.size() == most_arrivals) arrivals.erase(arrivals.begin());
  arrivals.push_back(std::move(arrival));
}

}  // namespace

Result<std::unique_ptr<Inbox>> Inbox::open(const std::string& directory, const Clock& clock) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return Error{fmt::format("cannot make the inbox {}: {}", directory, code.message())};
  std::unique_ptr<Inbox> inbox(new Inbox(directory, clock));
  auto spool =
      MailSpool::start(directory + "/mail", [raw = inbox.get()](std::string_view mail) { raw->take_mail(mail); });
  if (!spool) return spool.error();
  inbox->spool_ = std::move(*spool);
  std::vector<net::Route> routes;
  routes.push_back({"POST", "/alerts", [raw = inbox.get()](const net::Request& request) {
                      raw->take_webhook(request.body);
                      return net::Response::text(200, "taken\n");
                    }});
  net::HttpServerOptions options;
  options.port = 0;
  options.max_body_bytes = std::size_t{8} << 20U;
  auto server = net::HttpServer::start(std::move(options), std::move(routes));
  if (!server) return server.error();
  inbox->server_ = std::move(*server);
  return inbox;
}

std::string Inbox::alertmanager_config() const {
  return fmt::format(
      "global:\n"
      "  smtp_smarthost: 127.0.0.1:{}\n"
      "  smtp_from: bellwether@localhost\n"
      "  smtp_require_tls: false\n"
      "route:\n"
      "  receiver: trader\n"
      "  group_by: [alertname]\n"
      "  group_wait: 1s\n"
      "  group_interval: 5s\n"
      "  repeat_interval: 4h\n"
      "receivers:\n"
      "  - name: trader\n"
      "    webhook_configs:\n"
      "      - url: {}/alerts\n"
      "    email_configs:\n"
      "      - to: trader@localhost\n"
      "        send_resolved: true\n",
      spool_->port(), server_->url());
}

void Inbox::take_webhook(const std::string& body) {
  const auto now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  std::ofstream(directory_ + "/webhook.jsonl", std::ios::app) << body << '\n';
  keep(webhooks_, Arrival{now, body, body.find(R"("status":"firing")") != std::string::npos});
}

void Inbox::take_mail(std::string_view mail) {
  const auto now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  const std::size_t subject = mail.find("Subject:");
  const std::string_view line = mail.substr(subject == std::string_view::npos ? 0 : subject, 200);
  keep(mails_, Arrival{now, std::string(mail), line.find("RESOLVED") == std::string_view::npos});
}

std::optional<std::chrono::nanoseconds> Inbox::told(const std::vector<Arrival>& arrivals, std::string_view alert,
                                                    bool firing, std::chrono::nanoseconds since) const {
  const std::lock_guard lock(mutex_);
  for (const Arrival& arrival : arrivals) {
    if (arrival.time >= since && arrival.firing == firing && arrival.text.find(alert) != std::string::npos) {
      return arrival.time;
    }
  }
  return std::nullopt;
}

std::optional<std::chrono::nanoseconds> Inbox::webhook_told(std::string_view alert, bool firing,
                                                            std::chrono::nanoseconds since) const {
  return told(webhooks_, alert, firing, since);
}

std::optional<std::chrono::nanoseconds> Inbox::mail_told(std::string_view alert, bool firing,
                                                         std::chrono::nanoseconds since) const {
  return told(mails_, alert, firing, since);
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
