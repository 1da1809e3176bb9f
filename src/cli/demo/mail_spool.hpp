// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// A mail server of the loopback that puts every mail into a file of its own, `<directory>/0001.eml` and so on: what the demo's
/// alerts are sent to. No mail leaves the machine, and nobody but this machine can bring one.
///
///     auto spool = MailSpool::start("inbox", [](std::string_view mail) { … });
///     smarthost = "127.0.0.1:" + std::to_string((*spool)->port());
///
/// It speaks SMTP as far as a client needs that sends plainly: EHLO, MAIL, RCPT, DATA, RSET, NOOP, QUIT; no TLS, no login. One
/// client at a time, who must not be silent for longer than five seconds; a mail of more than a MiB is refused.
///
/// Threads: one of its own, on which `on_mail` is called. Errors: no directory, no port.
class MailSpool {
 public:
  using OnMail = std::function<void(std::string_view mail)>;

  static Result<std::unique_ptr<MailSpool>> start(std::string directory, OnMail on_mail);
  ~MailSpool();
  MailSpool(const MailSpool&) = delete;
  MailSpool& operator=(const MailSpool&) = delete;

  std::uint16_t port() const noexcept { return port_; }

 private:
  MailSpool(std::string directory, OnMail on_mail, int listener, std::uint16_t port);
  void serve(const std::stop_token& stop);
  void converse(int client, const std::stop_token& stop);
  void keep(const std::string& mail);

  const std::string directory_;
  const OnMail on_mail_;
  const int listener_;
  const std::uint16_t port_;
  unsigned mails_ = 0;
  std::jthread thread_;
};

}  // namespace cli
BELLWETHER_NAMESPACE_END
