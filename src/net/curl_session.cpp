// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/curl_session.hpp"

#include <csignal>
#include <ctime>
#include <new>
#include <optional>

#include "net/curl_options.hpp"
#include "net/curl_transfer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr int poll_milliseconds = 1000;  // libcurl wakes earlier where it has something to do

/// OpenSSL writes to sockets that the other side has closed; the signal is not the process's affair.
class SigpipeHeld {
 public:
  SigpipeHeld() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~SigpipeHeld() {
    const timespec at_once{};
    if (!was_pending_) (void)sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeHeld(const SigpipeHeld&) = delete;
  SigpipeHeld& operator=(const SigpipeHeld&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

// The transfer's result, or nothing when `stop` came first.
std::optional<CURLcode> run(CURLM* multi, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [multi] { libcurl().multi_wakeup(multi); });
  int running = 1;
  while (running > 0) {
    if (stop.stop_requested()) return std::nullopt;
    if (libcurl().multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running > 0 && libcurl().multi_poll(multi, nullptr, 0, poll_milliseconds, nullptr) != CURLM_OK) {
      return CURLE_FAILED_INIT;
    }
  }
  int left = 0;
  while (const CURLMsg* message = libcurl().multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  return CURLE_FAILED_INIT;
}

}  // namespace

CurlSession::CurlSession() : easy_(libcurl().easy_init()), multi_(libcurl().multi_init()) {
  if (easy_ != nullptr && multi_ != nullptr) return;
  libcurl().easy_cleanup(easy_);
  libcurl().multi_cleanup(multi_);
  throw std::bad_alloc();
}

CurlSession::~CurlSession() {
  const SigpipeHeld held;  // saying goodbye to TLS writes, too
  libcurl().easy_cleanup(easy_);
  libcurl().multi_cleanup(multi_);
}

HttpResult CurlSession::perform(const HttpRequest& request, const RequestDestination& destination,
                                const std::string& user_agent) {
  const SigpipeHeld held;
  CurlTransfer transfer;
  CurlList headers;
  std::optional<CURLcode> code = set_curl_options(easy_, request, destination, user_agent, headers);
  if (*code == CURLE_OK) {
    transfer.attach(easy_, request.max_response_bytes);
    libcurl().multi_add_handle(multi_, easy_);
    code = run(multi_, request.stop);
    libcurl().multi_remove_handle(multi_, easy_);
  }
  HttpResult result = transfer.finish(easy_, code, destination.origin);
  libcurl().easy_reset(easy_);  // the connections stay, in multi_
  return result;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
