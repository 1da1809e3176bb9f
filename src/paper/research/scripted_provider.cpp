// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/research/scripted_provider.hpp"

#include <chrono>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double shortest_answer_milliseconds = 5;
constexpr double mean_answer_milliseconds = 20;

net::HttpResponse response(int status, std::string body, std::chrono::nanoseconds took) {
  net::HttpResponse answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.total_time = took;
  return answer;
}

}  // namespace

net::HttpResult ScriptedProvider::send(const net::HttpRequest& request) {
  const double milliseconds = shortest_answer_milliseconds + random_.uniform() * 2 * mean_answer_milliseconds;
  const std::chrono::nanoseconds took{static_cast<std::int64_t>(milliseconds * 1e6)};
  if (!sleeper_.sleep(took)) return net::HttpError{net::HttpErrorKind::cancelled, "the desk stops"};
  if (!fails_()) return response(200, R"({"sentiment":0.1})", took);
  switch (failures_++ % 5) {
    case 0: {
      net::HttpResponse limited = response(429, R"({"error":"rate limit"})", took);
      limited.headers.emplace_back("Retry-After", "1");
      return limited;
    }
    case 1:
      return response(500, R"({"error":"internal"})", took);
    case 2:
      return net::HttpError{net::HttpErrorKind::timeout, request.url + ": no answer in time (played)"};
    case 3:
      return net::HttpError{net::HttpErrorKind::closed, request.url + ": the connection broke (played)"};
    default:
      return response(200, "<html>try again later</html>", took);
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
