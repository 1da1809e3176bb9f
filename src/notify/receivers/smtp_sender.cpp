// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include "net/curl_tls.hpp"
#include "net/libcurl.hpp"
#include "net/request_check.hpp"
#include "notify/receivers/delivery_rules.hpp"
#include "notify/receivers/mail_sender.hpp"
#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

struct Upload {
  std::string_view left;
};

std::size_t read_upload(char* buffer, std::size_t size, std::size_t count, void* upload) {
  std::string_view& left = static_cast<Upload*>(upload)->left;
  const std::size_t taken = std::min(left.size(), size * count);
  std::memcpy(buffer, left.data(), taken);
  left.remove_prefix(taken);
  return taken;
}

/// What the server said, one entry a finished reply: "550 5.1.1 no such user".
struct Replies {
  std::vector<std::string> lines;
};

std::size_t take_reply(char* data, std::size_t size, std::size_t count, void* replies) {
  const std::string_view line(data, size * count);
  const bool finished =
      line.size() >= 4 && line[3] != '-' && line.substr(0, 3).find_first_not_of("0123456789") == line.npos;
  constexpr std::size_t enough = 2000;
  auto& lines = static_cast<Replies*>(replies)->lines;
  if (finished && lines.size() < enough && line.substr(0, 3) != "221") lines.emplace_back(one_line(clean_text(line)));
  return size * count;
}

int stop_asked(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool>*>(stopping)->load() ? 1 : 0;
}

int code_of(const std::string& reply) {
  return (reply[0] - '0') * 100 + (reply[1] - '0') * 10 + (reply[2] - '0');
}

DeliveryOutcome outcome_of(CURLcode curl, int code) noexcept {
  if (code == 530 || code == 534 || code == 535 || code == 538) return DeliveryOutcome::unauthorized;
  if (code >= 500) return DeliveryOutcome::permanent;
  if (code >= 400) return DeliveryOutcome::transient;
  if (curl == CURLE_LOGIN_DENIED) return DeliveryOutcome::unauthorized;
  if (curl == CURLE_USE_SSL_FAILED || curl == CURLE_URL_MALFORMAT) return DeliveryOutcome::permanent;
  return DeliveryOutcome::transient;
}

/// The replies to RCPT: those just before 354, or the last ones where DATA was never reached.
std::vector<std::string> recipient_replies(const Replies& replies, std::size_t recipients) {
  const auto& lines = replies.lines;
  const auto data =
      std::find_if(lines.begin(), lines.end(), [](const std::string& line) { return code_of(line) == 354; });
  const auto before = static_cast<std::size_t>(data - lines.begin());
  if (before < recipients) return {};
  return {data - static_cast<std::ptrdiff_t>(recipients), data};
}

std::vector<LeftOut> left_out_of(const Mail& mail, const std::vector<std::string>& replies, const std::string& secret) {
  std::vector<LeftOut> out;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (code_of(replies[i]) < 400) continue;
    out.push_back({.recipient = mail.recipients[i],
                   .outcome = code_of(replies[i]) < 500 ? DeliveryOutcome::transient : DeliveryOutcome::permanent,
                   .error = "email: " + mail.recipients[i] + ": " + error_text(replies[i], secret)});
  }
  return out;
}

class Session {
 public:
  Session() : easy_(net::libcurl().easy_init()) {
    if (easy_ == nullptr) throw std::bad_alloc();
  }
  ~Session() { net::libcurl().easy_cleanup(easy_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  DeliveryResult send(const Mail& mail);
  void stop() noexcept { stopping_ = true; }

 private:
  CURLcode set_server(const MailServer& server);
  DeliveryResult result_of(CURLcode curl, const Mail& mail, const Replies& replies, const char* words) const;

  CURL* easy_;
  std::atomic<bool> stopping_{false};
};

CURLcode Session::set_server(const MailServer& server) {
  const bool literal = server.host.find(':') != std::string::npos;
  const std::string url = std::string(server.implicit_tls ? "smtps://" : "smtp://") +
                          (literal ? "[" + server.host + "]" : server.host) + ":" + server.port + "/" +
                          percent_encode(server.hello.empty() ? "localhost" : server.hello);
  net::libcurl().easy_setopt(easy_, CURLOPT_URL, url.c_str());
  net::libcurl().easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  net::libcurl().easy_setopt(easy_, CURLOPT_PROXY, "");
  net::libcurl().easy_setopt(easy_, CURLOPT_USE_SSL,
                             static_cast<long>(server.require_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  net::libcurl().easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout.count()));
  net::libcurl().easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.timeout.count()));
  net::libcurl().easy_setopt(easy_, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                             std::max(1L, static_cast<long>(server.timeout.count() / 1000)));
  CURLcode tls = CURLE_OK;  // without what is asked for here no password goes out
  net::set_curl_tls(server.tls, [&](CURLoption option, auto value) {
    if (tls == CURLE_OK) tls = net::libcurl().easy_setopt(easy_, option, value);
  });
  if (server.user.empty()) return tls;
  net::libcurl().easy_setopt(easy_, CURLOPT_USERNAME, server.user.c_str());
  net::libcurl().easy_setopt(easy_, CURLOPT_PASSWORD, server.password.reveal().c_str());
  if (!server.identity.empty()) net::libcurl().easy_setopt(easy_, CURLOPT_SASL_AUTHZID, server.identity.c_str());
  return tls;
}

DeliveryResult Session::send(const Mail& mail) {
  const MailServer& server = mail.server;
  if (!server.user.empty() && !server.require_tls && !server.implicit_tls && !net::is_loopback_host(server.host)) {
    return {.outcome = DeliveryOutcome::permanent,
            .error = "email: the password would go to " + server.host + " unencrypted; set require_tls: true"};
  }
  net::CurlList recipients;
  for (const std::string& recipient : mail.recipients) {
    recipients.reset(net::libcurl().slist_append(recipients.release(), ("<" + recipient + ">").c_str()));
  }
  const std::string from = "<" + mail.from + ">";
  Upload upload{mail.text};
  Replies replies;
  std::array<char, CURL_ERROR_SIZE> words{};
  net::libcurl().easy_reset(easy_);
  const CURLcode ready = set_server(server);
  net::libcurl().easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  net::libcurl().easy_setopt(easy_, CURLOPT_ERRORBUFFER, words.data());
  net::libcurl().easy_setopt(easy_, CURLOPT_MAIL_FROM, from.c_str());
  net::libcurl().easy_setopt(easy_, CURLOPT_MAIL_RCPT, recipients.get());
  net::libcurl().easy_setopt(easy_, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  net::libcurl().easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
  net::libcurl().easy_setopt(easy_, CURLOPT_READFUNCTION, &read_upload);
  net::libcurl().easy_setopt(easy_, CURLOPT_READDATA, &upload);
  net::libcurl().easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &take_reply);
  net::libcurl().easy_setopt(easy_, CURLOPT_HEADERDATA, &replies);
  net::libcurl().easy_setopt(easy_, CURLOPT_NOPROGRESS, 0L);
  net::libcurl().easy_setopt(easy_, CURLOPT_XFERINFOFUNCTION, &stop_asked);
  net::libcurl().easy_setopt(easy_, CURLOPT_XFERINFODATA, &stopping_);
  return result_of(ready == CURLE_OK ? net::libcurl().easy_perform(easy_) : ready, mail, replies, words.data());
}

DeliveryResult Session::result_of(CURLcode curl, const Mail& mail, const Replies& replies, const char* words) const {
  const std::string& secret = mail.server.password.reveal();
  const std::vector<std::string> recipients = recipient_replies(replies, mail.recipients.size());
  DeliveryResult result;
  std::vector<LeftOut> left_out = left_out_of(mail, recipients, secret);
  if (curl == CURLE_OK) {
    result.left_out = std::move(left_out);
    return result;
  }
  const std::string where = "email: " + mail.server.host + ":" + mail.server.port + ": ";
  const int code = replies.lines.empty() || code_of(replies.lines.back()) < 400 ? 0 : code_of(replies.lines.back());
  result.outcome = outcome_of(curl, code);
  // Several recipients who were all refused, of whom some may be taken later.
  if (curl == CURLE_SEND_ERROR && result.outcome != DeliveryOutcome::unauthorized && left_out.size() > 1 &&
      left_out.size() == mail.recipients.size()) {
    result.outcome = DeliveryOutcome::permanent;
    for (const LeftOut& one : left_out) {
      if (one.outcome == DeliveryOutcome::transient) result.outcome = DeliveryOutcome::transient;
      result.error.append(result.error.empty() ? "" : "; ").append(one.error);
    }
    result.left_out = std::move(left_out);
    return result;
  }
  // A server may repeat what was said to it while logging in; its code is enough then.
  if (curl == CURLE_LOGIN_DENIED) {
    result.error = where + "the login was refused" + (code == 0 ? "" : " (" + std::to_string(code) + ")") +
                   "; check auth_username and auth_password";
  } else if (curl == CURLE_USE_SSL_FAILED) {
    result.error = where + "no STARTTLS there, so nothing was sent; use a port that has it, or set require_tls: false";
  } else {
    result.error =
        where + (code != 0 ? error_text(replies.lines.back(), secret)
                           : error_text(words[0] != '\0' ? words : net::libcurl().easy_strerror(curl), secret));
  }
  return result;
}

}  // namespace

struct SmtpSender::State {
  struct Job {
    Mail mail;
    Done done;
  };

  void run();

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Job> jobs;
  bool stopping = false;
  Session session;
};

SmtpSender::SmtpSender() = default;

// Not before there is a mail: many never send one.
void SmtpSender::begin() {
  const std::lock_guard lock(begin_mutex_);
  if (state_ != nullptr) return;
  if (!net::start_libcurl_once()) throw std::runtime_error("libcurl.so.4 cannot be loaded");
  auto state = std::make_shared<State>();
  thread_ = std::thread([state] { state->run(); });
  state_ = std::move(state);
}

SmtpSender::~SmtpSender() {
  if (state_ == nullptr) return;
  std::deque<State::Job> left;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    std::swap(left, state_->jobs);
  }
  state_->session.stop();
  state_->wake.notify_all();
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();  // a `done` was the last owner: its thread ends as soon as that is over
  } else {
    thread_.join();
  }
  for (State::Job& job : left) {
    job.done({.outcome = DeliveryOutcome::transient, .error = "email: given up because of the stop"});
  }
}

void SmtpSender::send(Mail mail, Done done) {
  try {
    begin();
  } catch (const std::exception& error) {  // no thread or memory is free now: the next send tries again
    done({.outcome = DeliveryOutcome::transient, .error = std::string("email: cannot start to send: ") + error.what()});
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->stopping) {
      state_->jobs.push_back({std::move(mail), std::move(done)});
      state_->wake.notify_one();
      return;
    }
  }
  done({.outcome = DeliveryOutcome::transient, .error = "email: given up because of the stop"});
}

void SmtpSender::State::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // SIGPIPE too: OpenSSL writes to sockets that the other side has closed
  for (;;) {
    std::optional<Job> job;
    {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return stopping || !jobs.empty(); });
      if (stopping) return;
      job.emplace(std::move(jobs.front()));
      jobs.pop_front();
    }
    job->done(session.send(job->mail));
  }
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
