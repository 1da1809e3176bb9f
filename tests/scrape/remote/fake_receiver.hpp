// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>

#include "net/http_transport.hpp"
#include "scrape/remote/write_receiver.hpp"

namespace bellwether::remote {

/// A receiver without a network: answers as it is told, else as WriteReceiver does.
class FakeReceiver final : public net::HttpTransport {
 public:
  using Answer = std::function<net::HttpResult(const net::HttpRequest&)>;

  explicit FakeReceiver(storage::SeriesStore& store, ReceiverOptions options = {}) : receiver_(store, options) {}

  net::HttpResult send(const net::HttpRequest& request) override {
    Answer answer;
    {
      const std::lock_guard lock(mutex_);
      requests.push_back(request);
      if (!answers.empty()) {
        answer = std::move(answers.front());
        answers.pop_front();
      } else {
        answer = always;
      }
    }
    return answer ? answer(request) : take(request);
  }

  net::HttpResult take(const net::HttpRequest& sent) {
    net::Request request;
    request.method = sent.method;
    request.headers = sent.headers;
    request.body = sent.body;
    net::Response made = receiver_.handle(request);
    return net::HttpResponse{made.status, made.headers, std::get<std::string>(made.body)};
  }

  static Answer status(int status, std::vector<net::Field> headers = {}, std::string body = {}) {
    return [=](const net::HttpRequest&) { return net::HttpResponse{status, headers, body}; };
  }
  static Answer fails(net::HttpErrorKind kind) {
    return [=](const net::HttpRequest&) { return net::HttpError{kind, std::string(net::name_of(kind))}; };
  }

  std::deque<Answer> answers;  ///< the next ones; then `always`, then the real thing
  Answer always;
  std::vector<net::HttpRequest> requests;

 private:
  std::mutex mutex_;
  WriteReceiver receiver_;
};

inline std::string header(const net::HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace bellwether::remote
