// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/curl_session.hpp"

#include <array>
#include <csignal>
#include <ctime>
#include <new>
#include <string_view>

#include "net/curl_options.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr std::size_t max_header_bytes = 300UL * 1024;
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

/// What arrives.
struct Arrival {
  HttpResponse response;
  std::size_t max_body_bytes = 0;
  std::size_t header_bytes = 0;
  bool in_header = false;
  bool too_large = false;
};

// libcurl hands over a line at a time, of every answer on the way: 100 Continue, redirects, the proxy's.
std::size_t take_header(char* data, std::size_t, std::size_t size, void* user) noexcept try {
  auto& arrival = *static_cast<Arrival*>(user);
  std::string_view line(data, size);
  arrival.header_bytes += size;
  if (arrival.header_bytes > max_header_bytes) {
    arrival.too_large = true;
    return 0;
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    arrival.response.headers.clear();
    arrival.in_header = true;
    return size;
  }
  if (line.empty()) arrival.in_header = false;  // trailers behind the body are left out
  const std::size_t colon = line.find(':');
  if (!arrival.in_header || colon == std::string_view::npos) return size;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  arrival.response.headers.emplace_back(std::string(line.substr(0, colon)), std::string(value));
  return size;
} catch (...) {
  return 0;
}

std::size_t take_body(char* data, std::size_t, std::size_t size, void* user) noexcept try {
  auto& arrival = *static_cast<Arrival*>(user);
  if (size > arrival.max_body_bytes - arrival.response.body.size()) {
    arrival.too_large = true;
    return 0;
  }
  arrival.response.body.append(data, size);
  return size;
} catch (...) {
  return 0;
}

HttpErrorKind kind_of(CURL* easy, CURLcode code) {
  long proxy_status = 0;
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION:
      return status >= 300 && status <= 399 ? HttpErrorKind::too_many_redirects : HttpErrorKind::bad_request;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
      return HttpErrorKind::resolve;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
    case CURLE_PROXY:
      return HttpErrorKind::connect;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpErrorKind::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
      return HttpErrorKind::tls;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return proxy_status >= 300 ? HttpErrorKind::connect : HttpErrorKind::closed;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return HttpErrorKind::closed;
    case CURLE_UNSUPPORTED_PROTOCOL:  // of a redirect; or bytes that begin with no status line
      return status >= 300 && status <= 399 ? HttpErrorKind::too_many_redirects : HttpErrorKind::bad_response;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return HttpErrorKind::bad_response;
    case CURLE_FILESIZE_EXCEEDED:
      return HttpErrorKind::too_large;
    case CURLE_TOO_MANY_REDIRECTS:
      return HttpErrorKind::too_many_redirects;
    default:
      return HttpErrorKind::other;
  }
}

std::string_view hint(HttpErrorKind kind) {
  switch (kind) {
    case HttpErrorKind::resolve:
      return "; is the name right, and can this machine look it up?";
    case HttpErrorKind::connect:
      return "; is it running there, and does the firewall let us through?";
    case HttpErrorKind::tls:
      return "; an authority of your own is named by ca_file";
    default:
      return {};
  }
}

// The transfer's result, or nothing when `stop` came first.
std::optional<CURLcode> run(CURLM* multi, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
  int running = 1;
  while (running > 0) {
    if (stop.stop_requested()) return std::nullopt;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running > 0 && curl_multi_poll(multi, nullptr, 0, poll_milliseconds, nullptr) != CURLM_OK) {
      return CURLE_FAILED_INIT;
    }
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
  return CURLE_FAILED_INIT;
}

}  // namespace

CurlSession::CurlSession() : easy_(curl_easy_init()), multi_(curl_multi_init()) {
  if (easy_ != nullptr && multi_ != nullptr) return;
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
  throw std::bad_alloc();
}

CurlSession::~CurlSession() {
  const SigpipeHeld held;  // saying goodbye to TLS writes, too
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
}

HttpResult CurlSession::perform(const HttpRequest& request, const RequestDestination& destination,
                                const std::string& user_agent) {
  const SigpipeHeld held;
  Arrival arrival;
  arrival.max_body_bytes = request.max_response_bytes;
  CurlHeaders headers(nullptr, &curl_slist_free_all);
  std::array<char, CURL_ERROR_SIZE> text{};
  std::optional<CURLcode> code = set_curl_options(easy_, request, destination, user_agent, headers);
  if (*code == CURLE_OK) {
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, text.data());
    curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(easy_, CURLOPT_HEADERDATA, &arrival);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &arrival);
    curl_multi_add_handle(multi_, easy_);
    code = run(multi_, request.stop);
    curl_multi_remove_handle(multi_, easy_);
  }
  long status = 0;
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &microseconds);
  HttpErrorKind kind = HttpErrorKind::cancelled;
  // libcurl calls the end of the connection in the midst of the headers the end of an answer without a body.
  if (code == CURLE_OK && arrival.in_header) code = CURLE_PARTIAL_FILE;
  // And a line that is longer than it takes, a lack of memory.
  if (code == CURLE_OUT_OF_MEMORY && arrival.in_header) arrival.too_large = true;
  if (code && *code != CURLE_OK) kind = arrival.too_large ? HttpErrorKind::too_large : kind_of(easy_, *code);
  curl_easy_reset(easy_);  // the connections stay, in multi_

  if (code == CURLE_OK) {
    arrival.response.status = static_cast<int>(status);
    arrival.response.total_time = std::chrono::microseconds{microseconds};
    return std::move(arrival.response);
  }
  std::string message = destination.origin + ": ";
  if (!code) {
    message += "given up because we were asked to stop";
  } else if (kind == HttpErrorKind::too_large) {
    message += "the answer is larger than " + std::to_string(request.max_response_bytes) +
               " bytes (or its headers than 300 KiB)";
  } else {
    message += text[0] != '\0' ? text.data() : curl_easy_strerror(*code);
  }
  message += hint(kind);
  return HttpError{kind, std::move(message)};
}

}  // namespace net
BELLWETHER_NAMESPACE_END
