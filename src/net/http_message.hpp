// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// A name and its value: a header, a query parameter, a parameter of the path.
using Field = std::pair<std::string, std::string>;

/// What a client asked. A handler gets it whole, its body read and its limits checked.
///
///     Response find(const Request& request) {
///       if (auto name = request.query_parameter("name")) return Response::text(200, look_up(*name));
///       return Response::text(400, "the parameter `name` is missing\n");
///     }
///
/// Threads: a plain value.
struct BELLWETHER_API Request {
  std::string method;             ///< as sent, "GET"; a route for GET sees "HEAD" too
  std::string path;               ///< decoded, without the query: "/engines/BTC USDT"
  std::string query;              ///< as sent, without the '?'
  std::vector<Field> headers;     ///< as sent, in order
  std::string body;               ///< at most HttpServerOptions::max_body_bytes
  std::string remote_address;     ///< "127.0.0.1" or "::1"
  std::string user;               ///< who has shown the password; empty without basic authentication
  std::vector<Field> parameters;  ///< what `{name}` in the route's path stood for, decoded
  std::stop_token stop = {};      ///< of a blocking route: asked when the client has gone, or the server ends

  /// The first header of that name in any case, or empty.
  std::string_view header(std::string_view name) const noexcept;
  /// All values of a header, joined by ", " as RFC 9110 allows. Allocates.
  std::string header_values(std::string_view name) const;

  /// The first value of a query parameter, decoded ('+' is a space); nothing when it is missing. Allocates.
  std::optional<std::string> query_parameter(std::string_view name) const;
  /// All of them, for `?match[]=a&match[]=b`.
  std::vector<std::string> query_parameters(std::string_view name) const;

  /// What `{name}` in the route stood for, or empty.
  std::string_view parameter(std::string_view name) const noexcept;
};

/// `a=1&b=x%20y` decoded, in order; of a query, or of a body of application/x-www-form-urlencoded.
/// A broken escape stays as it was written.
BELLWETHER_API std::vector<Field> parse_form(std::string_view text);

/// Percent-decodes; nothing when an escape is broken.
BELLWETHER_API std::optional<std::string> percent_decode(std::string_view text);

/// A body that is made while it is sent. The server takes one chunk at a time, the next when the socket has
/// taken the last, so a slow reader costs neither a thread nor a large buffer.
///
///     class Lines final : public BodySource {
///       bool next(std::string& chunk) override {
///         while (chunk.size() < 64 * 1024 && more()) append_line(chunk);
///         return !chunk.empty();
///       }
///     };
///
/// Threads: called and destroyed by the server's I/O thread (destroyed by the thread that stops the server
/// when it is cut off then). It must not block: while it works nobody else is served.
/// An exception cuts the connection, so that the client sees that the body is not whole.
class BELLWETHER_API BodySource {
 public:
  virtual ~BodySource() = default;

  /// `chunk` comes empty, with the capacity of the last one. Put about 64 KiB into it and return true;
  /// return false at the end (what then stands in `chunk` is still sent).
  /// True with an empty chunk: nothing yet, ask again after `poll_interval()`. A stream of events is written so.
  virtual bool next(std::string& chunk) = 0;

  /// See `next`.
  virtual std::chrono::microseconds poll_interval() const { return std::chrono::milliseconds{1}; }
};

/// What a handler answers. Date, Content-Length, Transfer-Encoding and Connection are the server's affair.
struct BELLWETHER_API Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<Field> headers;  ///< a control character in one makes the server answer 500
  std::variant<std::string, std::unique_ptr<BodySource>> body;

  static Response text(int status, std::string body);
  static Response json(int status, std::string body);
  static Response stream(std::string content_type, std::unique_ptr<BodySource> body);
};

}  // namespace net
BELLWETHER_NAMESPACE_END
