// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/demo/mail_spool.hpp"
#include "net/http_server.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// Who is told of alerts in the demo: a webhook and a mailbox on the loopback. What arrives is kept: `<directory>/webhook.jsonl`, a
/// line each, and `<directory>/mail/`.
///
/// Threads: any.
class Inbox {
 public:
  static Result<std::unique_ptr<Inbox>> open(const std::string& directory, const Clock& clock);
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  const std::string& directory() const noexcept { return directory_; }
  /// alertmanager.yml that tells this inbox of everything, the webhook at once and the mailbox too.
  std::string alertmanager_config() const;

  /// When it was first told since then that the alert fires, or that it has ended; in the time of Clock::monotonic().
  std::optional<std::chrono::nanoseconds> webhook_told(std::string_view alert, bool firing,
                                                       std::chrono::nanoseconds since) const;
  std::optional<std::chrono::nanoseconds> mail_told(std::string_view alert, bool firing,
                                                    std::chrono::nanoseconds since) const;

 private:
  struct Arrival {
    std::chrono::nanoseconds time;
    std::string text;
    bool firing;
  };

  Inbox(std::string directory, const Clock& clock) : directory_(std::move(directory)), clock_(clock) {}
  void take_webhook(const std::string& body);
  void take_mail(std::string_view mail);
  std::optional<std::chrono::nanoseconds> told(const std::vector<Arrival>& arrivals, std::string_view alert,
                                               bool firing, std::chrono::nanoseconds since) const;

  const std::string directory_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Arrival> webhooks_;
  std::vector<Arrival> mails_;
  std::unique_ptr<MailSpool> spool_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace cli
BELLWETHER_NAMESPACE_END
