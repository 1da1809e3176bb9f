// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/curl_transfer.hpp"

#include <chrono>
#include <string_view>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr std::size_t max_header_bytes = 300UL * 1024;

HttpErrorKind kind_of(CURL* easy, CURLcode code) {
  long proxy_status = 0;
  long status = 0;
  libcurl().easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  libcurl().easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
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

}  // namespace

// libcurl hands over a line at a time, of every answer on the way: 100 Continue, redirects, the proxy's.
std::size_t CurlTransfer::take_header(char* data, std::size_t, std::size_t size, void* user) noexcept try {
  auto& arrival = *static_cast<CurlTransfer*>(user);
  std::string_view line(data, size);
  arrival.header_bytes_ += size;
  if (arrival.header_bytes_ > max_header_bytes) {
    arrival.too_large_ = true;
    return 0;
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    arrival.response_.headers.clear();
    arrival.in_header_ = true;
    return size;
  }
  if (line.empty()) arrival.in_header_ = false;  // trailers behind the body are left out
  const std::size_t colon = line.find(':');
  if (!arrival.in_header_ || colon == std::string_view::npos) return size;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  arrival.response_.headers.emplace_back(std::string(line.substr(0, colon)), std::string(value));
  return size;
} catch (...) {
  return 0;
}

std::size_t CurlTransfer::take_body(char* data, std::size_t, std::size_t size, void* user) noexcept try {
  auto& arrival = *static_cast<CurlTransfer*>(user);
  if (arrival.sink_) return arrival.hand_over({data, size}) ? size : 0;
  if (size > arrival.max_body_bytes_ - arrival.response_.body.size()) {
    arrival.too_large_ = true;
    return 0;
  }
  arrival.response_.body.append(data, size);
  return size;
} catch (...) {
  return 0;
}

bool CurlTransfer::hand_over(std::string_view part) {
  long status = 0;
  libcurl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  cut_ = true;  // also when the sink throws
  cut_ = !sink_(response_, part);
  return !cut_;
}

void CurlTransfer::attach(CURL* easy, Sink sink) {
  attach(easy, 0);
  easy_ = easy;
  sink_ = std::move(sink);
}

void CurlTransfer::attach(CURL* easy, std::size_t max_body_bytes) {
  max_body_bytes_ = max_body_bytes;
  libcurl().easy_setopt(easy, CURLOPT_ERRORBUFFER, text_.data());
  libcurl().easy_setopt(easy, CURLOPT_HEADERFUNCTION, &take_header);
  libcurl().easy_setopt(easy, CURLOPT_HEADERDATA, this);
  libcurl().easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take_body);
  libcurl().easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

HttpResult CurlTransfer::finish(CURL* easy, std::optional<CURLcode> code, const std::string& origin) {
  CurlTransfer transfer;
  std::swap(transfer, *this);
  long status = 0;
  curl_off_t microseconds = 0;
  libcurl().easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  libcurl().easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
  HttpErrorKind kind = HttpErrorKind::cancelled;
  // libcurl calls the end of the connection in the midst of the headers the end of an answer without a body.
  if (code == CURLE_OK && transfer.in_header_) code = CURLE_PARTIAL_FILE;
  // And a line that is longer than it takes, a lack of memory.
  if (code == CURLE_OUT_OF_MEMORY && transfer.in_header_) transfer.too_large_ = true;
  if (code && *code != CURLE_OK && !transfer.cut_)
    kind = transfer.too_large_ ? HttpErrorKind::too_large : kind_of(easy, *code);

  if (code == CURLE_OK) {
    transfer.response_.status = static_cast<int>(status);
    transfer.response_.total_time = std::chrono::microseconds{microseconds};
    return std::move(transfer.response_);
  }
  std::string message = origin + ": ";
  if (transfer.cut_) {
    message += "cut by its reader";
  } else if (!code) {
    message += "given up because we were asked to stop";
  } else if (kind == HttpErrorKind::too_large) {
    message += "the answer is larger than " + std::to_string(transfer.max_body_bytes_) +
               " bytes (or its headers than 300 KiB)";
  } else {
    message += transfer.text_[0] != '\0' ? transfer.text_.data() : libcurl().easy_strerror(code.value_or(CURLE_OK));
  }
  message += hint(kind);
  return HttpError{kind, std::move(message)};
}

}  // namespace net
BELLWETHER_NAMESPACE_END
