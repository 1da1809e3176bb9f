// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/answer.hpp"

#include <utility>

#include "api/json_writer.hpp"
#include "exporter/gzip.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr std::size_t compressed_at_most = 4UL << 20U;
constexpr const char* json_type = "application/json";

struct ErrorKind {
  const char* name;
  int status;
};

ErrorKind kind_of(ErrorType type) {
  constexpr int client_closed_connection = 499;
  switch (type) {
    case ErrorType::bad_data:
      return {"bad_data", 400};
    case ErrorType::execution:
      return {"execution", 422};
    case ErrorType::timeout:
      return {"timeout", 503};
    case ErrorType::canceled:
      return {"canceled", client_closed_connection};
    case ErrorType::unavailable:
      return {"unavailable", 503};
    case ErrorType::not_found:
      return {"not_found", 404};
    case ErrorType::not_acceptable:
      return {"not_acceptable", 406};
    case ErrorType::not_implemented:
      return {"unavailable", 501};
    case ErrorType::internal:
      break;
  }
  return {"internal", 500};
}

/// What was made already, then the rest.
class Continued final : public net::BodySource {
 public:
  Continued(std::string begun, std::unique_ptr<net::BodySource> rest)
      : begun_(std::move(begun)), rest_(std::move(rest)) {}

  bool next(std::string& chunk) override {
    if (begun_.empty()) return rest_->next(chunk);
    chunk = std::exchange(begun_, {});
    return true;
  }

 private:
  std::string begun_;
  std::unique_ptr<net::BodySource> rest_;
};

bool takes_gzip(const net::Request& request) {
  return exporter::accepts_gzip(request.header_values("Accept-Encoding"));
}

void compress(net::Response& response, std::string text) {
  auto packed = exporter::gzip(text);
  if (packed) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = std::move(*packed);
  } else {
    response.body = std::move(text);
  }
}

}  // namespace

net::Response failure(ErrorType type, std::string_view message) {
  const ErrorKind kind = kind_of(type);
  std::string out;
  Object object(out);
  object.text("status", "error").text("errorType", kind.name).text("error", message).end();
  return net::Response::json(kind.status, std::move(out));
}

net::Response success(std::string_view data, const std::vector<std::string>& warnings) {
  std::string out;
  Object object(out);
  object.text("status", "success");
  object.key("data") += data;
  if (!warnings.empty()) append_texts(object.key("warnings"), warnings);
  object.end();
  return net::Response::json(200, std::move(out));
}

net::Response stream(const net::Request& request, std::unique_ptr<net::BodySource> body) {
  net::Response response;
  response.content_type = json_type;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  // The first chunk is made here, by the worker, and not by the thread that serves all connections: a short answer is whole then.
  const bool packed = takes_gzip(request);
  std::string text;
  bool more = body->next(text);
  std::string chunk;
  while (packed && more && text.size() < compressed_at_most) {
    chunk.clear();
    more = body->next(chunk);
    text += chunk;
  }
  if (more) {
    response.body = std::make_unique<Continued>(std::move(text), std::move(body));
  } else if (packed) {
    compress(response, std::move(text));
  } else {
    response.body = std::move(text);
  }
  return response;
}

net::Response compressed(const net::Request& request, net::Response response) {
  auto* const text = std::get_if<std::string>(&response.body);
  constexpr std::size_t worth_it = 256;
  if (text != nullptr && text->size() >= worth_it && takes_gzip(request)) compress(response, std::move(*text));
  return response;
}

}  // namespace api
BELLWETHER_NAMESPACE_END
