// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of AsyncHttpClient that asks over libcurl.
#include <sys/timerfd.h>

#include <algorithm>

#include "net/async_http_state.hpp"
#include "net/libcurl.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr int poll_milliseconds = 60'000;      // it is woken where there is something to do
constexpr std::size_t kept_easy_handles = 16;  // each holds buffers
constexpr long receive_buffer = 64L * 1024;

}  // namespace

CURL* AsyncHttpClient::State::take_easy() {
  if (multi == nullptr) {
    if (!start_libcurl_once()) return nullptr;
    multi = libcurl().multi_init();
    if (multi == nullptr) return nullptr;
  }
  // libcurl closes what it has more than this; its own limit counts only what is under way.
  const long wanted = lines.load(std::memory_order_relaxed) + 16;
  if (wanted > connection_limit || wanted < connection_limit / 2) {
    connection_limit = wanted + wanted / 2;
    libcurl().multi_setopt(multi, CURLMOPT_MAXCONNECTS, connection_limit);
  }
  if (idle.empty()) return libcurl().easy_init();
  CURL* const easy = idle.back();
  idle.pop_back();
  return easy;
}

void AsyncHttpClient::State::begin_curl(Job job, std::chrono::milliseconds timeout) {
  const std::shared_ptr<Prepared> line = job.line;
  CURL* const easy = take_easy();
  if (easy == nullptr) {
    const char* const why = start_libcurl_once() ? ": out of memory" : ": libcurl.so.4 cannot be loaded";
    job.done(HttpError{HttpErrorKind::other, line->destination.origin + why});
    return;
  }
  auto work = std::make_unique<CurlWork>(std::move(job));
  CURLcode code = set_curl_options(easy, line->request, line->destination, options.user_agent, work->headers);
  if (code == CURLE_OK && timeout != line->request.timeout) {
    code = libcurl().easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  }
  // Beside its plain connection a line keeps no other: a server that serves one after the other would wait for the wrong one.
  if (code == CURLE_OK && line->plain_target) libcurl().easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  // A handle whose last transfer found no server still has its buffer, and libcurl then refuses another size: it serves as it is.
  if (code == CURLE_OK) libcurl().easy_setopt(easy, CURLOPT_BUFFERSIZE, receive_buffer);
  work->transfer.attach(easy, line->request.max_response_bytes);
  running.emplace(easy, std::move(work));
  if (code == CURLE_OK && libcurl().multi_add_handle(multi, easy) != CURLM_OK) code = CURLE_FAILED_INIT;
  if (code != CURLE_OK) end_curl(easy, code);
}

void AsyncHttpClient::State::end_curl(CURL* easy, std::optional<CURLcode> code) {
  const auto found = running.find(easy);
  if (found == running.end()) return;
  const std::unique_ptr<CurlWork> work = std::move(found->second);
  running.erase(found);
  libcurl().multi_remove_handle(multi, easy);
  HttpResult result = work->transfer.finish(easy, code, work->job.line->destination.origin);
  if (idle.size() < kept_easy_handles) {
    libcurl().easy_reset(easy);
    idle.push_back(easy);
  } else {
    libcurl().easy_cleanup(easy);
  }
  work->job.done(std::move(result));
}

void AsyncHttpClient::State::run_curl() {
  if (running.empty()) return;
  int left = 0;
  libcurl().multi_perform(multi, &left);
  while (const CURLMsg* message = libcurl().multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) end_curl(message->easy_handle, message->data.result);
  }
}

void AsyncHttpClient::State::end_all_curl() {
  while (!running.empty()) end_curl(running.begin()->first, std::nullopt);
  for (CURL* easy : idle) libcurl().easy_cleanup(easy);
  idle.clear();
  if (multi != nullptr) libcurl().multi_cleanup(multi);
  multi = nullptr;
}

void AsyncHttpClient::State::poll_curl(std::optional<std::chrono::nanoseconds> timeout) {
  itimerspec when{};
  if (timeout) {
    const std::chrono::nanoseconds length = std::max(*timeout, std::chrono::nanoseconds{1});
    when.it_value.tv_sec = length / std::chrono::seconds{1};
    when.it_value.tv_nsec = (length % std::chrono::seconds{1}).count();
  }
  (void)::timerfd_settime(timer_descriptor, 0, &when, nullptr);
  std::vector<curl_waitfd> others;
  for (const pollfd& each : polled) {
    // libcurl's POLLIN and POLLOUT are others than the system's.
    const int events =
        ((each.events & POLLIN) != 0 ? CURL_WAIT_POLLIN : 0) | ((each.events & POLLOUT) != 0 ? CURL_WAIT_POLLOUT : 0);
    others.push_back({.fd = each.fd, .events = static_cast<short>(events), .revents = 0});
  }
  libcurl().multi_poll(multi, others.data(), static_cast<unsigned>(others.size()), poll_milliseconds, nullptr);
  for (std::size_t i = 0; i < others.size(); ++i) {
    // It says nothing of errors; trying finds them, and trying in vain does no harm.
    polled[i].revents = others[i].revents != 0 ? polled[i].events : static_cast<short>(0);
  }
}

}  // namespace net
BELLWETHER_NAMESPACE_END
