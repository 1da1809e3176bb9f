// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "config/web_config.hpp"
#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

struct BasicLogin {
  std::string user;
  std::string password;
};

struct BearerToken {
  std::string token;
};

/// Whom we believe to be the server, and who we say we are. Paths of PEM files, or PEM itself.
struct HttpTls {
  std::string ca_file = {};    ///< empty: the authorities that this machine trusts
  std::string cert_file = {};  ///< with `key_file`: what we show a server that asks who we are
  std::string key_file = {};
  bool skip_verify = false;  ///< believe any certificate: whoever sits on the way can then read and change everything
  std::string ca = {};       ///< PEM, instead of `ca_file`; `cert` and `key` likewise
  std::string cert = {};
  std::string key = {};
  std::string server_name = {};  ///< whom the certificate must name; empty: the host of the URL
  std::optional<config::TlsVersion> min_version = std::nullopt;  ///< nothing: TLS 1.2
  std::optional<config::TlsVersion> max_version = std::nullopt;
};

/// What we ask another server.
///
///     HttpRequest request{.method = "POST", .url = "https://hooks.example/T0", .body = json};
///     request.headers = {{"Content-Type", "application/json"}};
///     request.timeout = 5s;
struct HttpRequest {
  std::string method = "GET";
  std::string url;                  ///< http:// or https://, nothing else; a name and password in it are refused
  std::vector<Field> headers = {};  ///< a control character in one is an error, not sent
  std::string body = {};
  std::variant<std::monostate, BasicLogin, BearerToken> auth = {};

  std::chrono::milliseconds connect_timeout{5'000};     ///< name look-up, connection and TLS handshake together
  std::chrono::milliseconds timeout{10'000};            ///< all of it, redirects included; must be positive
  std::size_t max_response_bytes = 16UL * 1024 * 1024;  ///< of the body, after decompression; more is an error
  bool accept_gzip = false;    ///< ask for compression; the body then comes decompressed, Content-Encoding stays
  unsigned max_redirects = 0;  ///< 0: a redirect is an answer like any other. Never from https to http
  HttpTls tls = {};
  /// Nothing: what the environment says (https_proxy, no_proxy), but never for this machine itself
  /// (localhost, 127.0.0.0/8, ::1). Empty: none. Else the proxy's URL.
  std::optional<std::string> proxy = std::nullopt;
  /// Asked to stop, `send` returns at once with HttpErrorKind::cancelled.
  std::stop_token stop = {};
};

/// What another server answered. Any status is an answer, 500 as well.
struct BELLWETHER_API HttpResponse {
  int status = 0;
  std::vector<Field> headers = {};  ///< as sent, in order; of the last answer when redirects were followed
  std::string body = {};
  std::chrono::nanoseconds total_time{};

  /// 200 to 299.
  bool is_success() const noexcept { return status >= 200 && status <= 299; }

  /// The first header of that name in any case, or empty.
  std::string_view header(std::string_view name) const noexcept;

  /// How long `Retry-After` asks to wait, counted from `wall_time` (Clock::wall()) where it names a date: not below
  /// zero, not above a year. Nothing when there is none, or none that can be read.
  std::optional<std::chrono::seconds> retry_after(std::chrono::nanoseconds wall_time) const noexcept;
};

/// Why there is no answer.
enum class HttpErrorKind : std::uint8_t {
  none,                ///< there is one
  bad_request,         ///< nothing was sent: a URL, header or option that cannot be
  resolve,             ///< the name is unknown, of the server or the proxy
  connect,             ///< nobody listens there, or nobody can be reached
  timeout,             ///< not done in time; the request may have arrived
  tls,                 ///< no trust: certificate, handshake, or the CA file
  closed,              ///< the connection broke; the request may have arrived
  bad_response,        ///< what came is not HTTP
  too_large,           ///< more than `max_response_bytes`, or headers beyond 100 KiB a line or 300 KiB in all
  too_many_redirects,  ///< more than `max_redirects`, or one to where we do not go
  cancelled,           ///< `stop` was asked
  other,
};

/// "resolve", "too_large": for a log or a label.
std::string_view BELLWETHER_API name_of(HttpErrorKind kind) noexcept;

struct HttpError {
  HttpErrorKind kind;
  /// "http://127.0.0.1:9: connection refused; ..." The path is left out: that of a web hook is a secret.
  std::string message;
};

/// A response, or why there is none.
///
///     const HttpResult result = transport.send(request);
///     if (!result) return result.kind() == HttpErrorKind::timeout ? again() : fail(result.error().message);
class [[nodiscard]] HttpResult {
 public:
  HttpResult(HttpResponse response) : result_(std::move(response)) {}  // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  HttpResult(HttpError error) : result_(Error{std::move(error.message)}), kind_(error.kind) {}

  bool has_value() const noexcept { return result_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  HttpResponse& operator*() noexcept { return *result_; }
  const HttpResponse& operator*() const noexcept { return *result_; }
  HttpResponse* operator->() noexcept { return result_.operator->(); }
  const HttpResponse* operator->() const noexcept { return result_.operator->(); }

  HttpErrorKind kind() const noexcept { return kind_; }
  const Error& error() const noexcept { return result_.error(); }

  /// Where the kind does not matter.
  const Result<HttpResponse>& result() const noexcept { return result_; }

 private:
  Result<HttpResponse> result_;
  HttpErrorKind kind_ = HttpErrorKind::none;
};

/// Sends requests and waits for the answers. Code that asks other servers takes one of these, so that its tests ask
/// nobody; `HttpClient` is the real one.
///
///     class Fake final : public HttpTransport {
///       HttpResult send(const HttpRequest& request) override { asked.push_back(request); return HttpResponse{.status = 200}; }
///     };
///
/// Threads: implementations answer any thread, several at a time. `send` blocks up to the request's time-out.
class BELLWETHER_API HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  virtual HttpResult send(const HttpRequest& request) = 0;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
