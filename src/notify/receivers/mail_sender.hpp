// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "config/prometheus/secret.hpp"
#include "net/http_transport.hpp"
#include "notify/integration.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// How a mail server is spoken to.
struct MailServer {
  std::string host;
  std::string port;           ///< "465" speaks TLS from the first byte unless `implicit_tls` says otherwise
  std::string hello;          ///< what we call ourselves: "localhost"
  bool require_tls = true;    ///< STARTTLS or nothing is sent; false: STARTTLS where it is offered
  bool implicit_tls = false;  ///< TLS from the first byte
  net::HttpTls tls = {};
  std::string user = {};  ///< empty: no AUTH
  config::Secret password = {};
  std::string identity = {};  ///< of AUTH PLAIN; mostly empty
  std::chrono::milliseconds timeout{20'000};
};

/// A message and its envelope, as a server takes it.
struct Mail {
  MailServer server;
  std::string from;                     ///< an address alone: "bellwether@example.org"
  std::vector<std::string> recipients;  ///< addresses alone
  std::string text;                     ///< headers, empty line, body; lines end with CR LF, none longer than 998 bytes
};

/// Threads: `send` from any; `done` comes once, from a thread of the sender.
class MailSender {
 public:
  using Done = std::function<void(DeliveryResult)>;
  virtual ~MailSender() = default;
  virtual void send(Mail mail, Done done) = 0;
};

/// libcurl on a thread of its own, one message after the other; the connection to a server is kept for the next one.
///
/// Outcomes: 2xx delivered; 4xx and network transient; 5xx permanent; 530, 534, 535 and refused logins unauthorized. A message is
/// delivered where at least one recipient was taken: the others stand in `left_out`, as all of several do where none was. A server
/// without STARTTLS where it is required is a permanent error, and nothing was said to it. Errors hold the server's words, never the
/// password.
class SmtpSender final : public MailSender {
 public:
  SmtpSender();
  /// What waits is answered as transient; what is under way is given up. Also from within a `done`.
  ~SmtpSender() override;
  SmtpSender(const SmtpSender&) = delete;
  SmtpSender& operator=(const SmtpSender&) = delete;

  void send(Mail mail, Done done) override;

 private:
  struct State;
  void begin();

  std::mutex begin_mutex_;
  std::shared_ptr<State> state_;  // null before the first mail; the thread's too: it may outlive the sender by a moment
  std::thread thread_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
