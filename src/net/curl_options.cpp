// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/curl_options.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <limits>

#include "net/curl_tls.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

/// Sets options until one is refused.
class Options {
 public:
  explicit Options(CURL* easy) : easy_(easy) {}

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (result_ == CURLE_OK) result_ = libcurl().easy_setopt(easy_, option, value);
  }
  void set(CURLoption option, const std::string& value) { set(option, value.c_str()); }
  void fail(CURLcode code) {
    if (result_ == CURLE_OK) result_ = code;
  }
  CURLcode result() const { return result_; }

 private:
  CURL* easy_;
  CURLcode result_ = CURLE_OK;
};

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const Field& field) { return boost::beast::iequals(field.first, name); });
}

bool append(CurlList& headers, const std::string& line) {
  curl_slist* const longer = libcurl().slist_append(headers.get(), line.c_str());
  if (longer == nullptr) return false;
  (void)headers.release();
  headers.reset(longer);
  return true;
}

// An address with colons stands in brackets.
std::string url_host(const std::string& name) {
  return name.find(':') == std::string::npos || name.front() == '[' ? name : "[" + name + "]";
}

bool has_other_name(const HttpRequest& request, const RequestDestination& destination) {
  return destination.is_https && !request.tls.server_name.empty();
}

// For CURLOPT_CONNECT_TO: name:port:host:port.
std::string connect_to(const HttpRequest& request, const RequestDestination& destination) {
  const std::string port = ":" + std::to_string(destination.port);
  return url_host(request.tls.server_name) + port + ":" + destination.host + port;
}

bool make_headers(const HttpRequest& request, const RequestDestination& destination, bool has_body, CurlList& headers) {
  bool fine = append(headers, "Expect:");  // a round trip that nobody here needs
  // libcurl would call every body a form.
  if (has_body && !has_header(request, "Content-Type")) fine = fine && append(headers, "Content-Type:");
  if (has_other_name(request, destination) && !has_header(request, "Host")) {
    fine = fine && append(headers, "Host: " + destination.origin.substr(std::string_view("https://").size()));
  }
  for (const auto& [name, value] : request.headers) {
    // To libcurl "Name:" means to leave the header out, "Name;" one without a value.
    std::string line = name;
    if (value.find_first_not_of(" \t") == std::string::npos) {
      line += ';';
    } else {
      line.append(": ").append(value);
    }
    fine = fine && append(headers, line);
  }
  return fine;
}

// Programs that the process starts must not inherit a connection, and with it keep it open.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void set_method(Options& options, const HttpRequest& request, bool has_body) {
  if (has_body) {
    options.set(CURLOPT_POST, 1L);
    options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    options.set(CURLOPT_POSTFIELDS, request.body.c_str());
    if (request.method != "POST") options.set(CURLOPT_CUSTOMREQUEST, request.method);
  } else if (request.method == "HEAD") {
    options.set(CURLOPT_NOBODY, 1L);
  } else {
    options.set(CURLOPT_HTTPGET, 1L);
    if (request.method != "GET") options.set(CURLOPT_CUSTOMREQUEST, request.method);
  }
}

void set_auth(Options& options, const HttpRequest& request) {
  if (const auto* login = std::get_if<BasicLogin>(&request.auth)) {
    options.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    options.set(CURLOPT_USERNAME, login->user);
    options.set(CURLOPT_PASSWORD, login->password);
  } else if (const auto* bearer = std::get_if<BearerToken>(&request.auth)) {
    options.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    options.set(CURLOPT_XOAUTH2_BEARER, bearer->token);
  }
}

// libcurl checks the certificate against the host of the URL, so that is the name to put there; the way to the real host stands
// in `headers`, before them.
std::string url_of(const HttpRequest& request, const RequestDestination& destination) {
  if (!has_other_name(request, destination)) return request.url;
  return "https://" + url_host(request.tls.server_name) + ":" + std::to_string(destination.port) +
         destination.path_query;
}

}  // namespace

CURLcode set_curl_options(CURL* easy, const HttpRequest& request, const RequestDestination& destination,
                          const std::string& user_agent, CurlList& headers) {
  const bool has_body =
      !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  Options options(easy);
  options.set(CURLOPT_URL, url_of(request, destination));
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_REDIR_PROTOCOLS_STR, destination.is_https ? "https" : "http,https");
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
#if LIBCURL_VERSION_NUM >= 0x075700
  options.set(CURLOPT_QUICK_EXIT, 1L);  // a name look-up that is given up is not waited for
#endif
  options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  options.set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  constexpr auto no_limit = static_cast<std::size_t>(std::numeric_limits<curl_off_t>::max());
  options.set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(std::min(request.max_response_bytes, no_limit)));
  options.set(CURLOPT_FOLLOWLOCATION, request.max_redirects > 0 ? 1L : 0L);
  options.set(CURLOPT_MAXREDIRS, static_cast<long>(request.max_redirects));
  options.set(CURLOPT_USERAGENT, user_agent);
  if (request.accept_gzip) options.set(CURLOPT_ACCEPT_ENCODING, "gzip");
  if (request.proxy) {
    options.set(CURLOPT_PROXY, *request.proxy);
  } else if (destination.is_loopback) {
    options.set(CURLOPT_PROXY, "");
  }
  set_method(options, request, has_body);
  set_auth(options, request);
  set_curl_tls(request.tls, [&options](CURLoption option, auto value) { options.set(option, value); });
  const bool other_name = has_other_name(request, destination);
  if (other_name && !append(headers, connect_to(request, destination))) options.fail(CURLE_OUT_OF_MEMORY);
  if (!make_headers(request, destination, has_body, headers)) options.fail(CURLE_OUT_OF_MEMORY);
  // One list for both: whoever keeps the headers keeps the way. The first line is the way's, and of that it asks no other.
  if (other_name) options.set(CURLOPT_CONNECT_TO, headers.get());
  options.set(CURLOPT_HTTPHEADER, other_name && headers ? headers->next : headers.get());
  return options.result();
}

}  // namespace net
BELLWETHER_NAMESPACE_END
