// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_server.hpp"

namespace bellwether::test {

/// A service that messages are sent to, on a free port of the loopback: takes any POST, keeps it, and answers as it was told.
///
///     FakeProvider provider;
///     provider.answer({.status = 429, .retry_after = 2});      // the next one; then 200 again
///     …
///     provider.wait_for(2);
class FakeProvider {
 public:
  struct Answer {
    int status = 200;
    std::string body = "ok";
    int retry_after = 0;                 ///< seconds; 0: no header
    std::chrono::milliseconds delay{0};  ///< before it answers
    bool reset = false;                  ///< the connection breaks in place of an answer
  };
  struct Got {
    std::string path;
    std::string body;
    std::vector<net::Field> headers;
    std::chrono::steady_clock::time_point at;
    int status = 0;  ///< what it was answered
  };

  FakeProvider() {
    const auto take = [this](const net::Request& request) { return respond(request); };
    server_ =
        net::HttpServer::start({.max_body_bytes = 16UL << 20U, .workers = 16, .max_waiting = 1024},
                               {net::Route{.method = "POST", .path = "/{path...}", .handler = take, .blocking = true}})
            .value();
  }

  std::string url(const std::string& path = "/hook") const { return server_->url() + path; }

  /// For one request each, in order; afterwards `always`.
  void answer(Answer next) {
    const std::lock_guard lock(mutex_);
    next_.push_back(std::move(next));
  }
  void always(Answer answer) {
    const std::lock_guard lock(mutex_);
    always_ = std::move(answer);
  }

  std::vector<Got> got() const {
    const std::lock_guard lock(mutex_);
    return got_;
  }
  /// Until so many came, up to a generous limit.
  bool wait_for(std::size_t count, std::chrono::seconds patience = std::chrono::seconds{30}) const {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, patience, [&] { return got_.size() >= count; });
  }

 private:
  struct Broken final : net::BodySource {
    bool next(std::string&) override { throw std::runtime_error("the connection breaks"); }
  };

  net::Response respond(const net::Request& request) {
    Answer answer;
    {
      std::unique_lock lock(mutex_);
      answer = always_;
      if (!next_.empty()) {
        answer = next_.front();
        next_.pop_front();
      }
      got_.push_back({request.path, request.body, request.headers, std::chrono::steady_clock::now(),
                      answer.reset ? 0 : answer.status});
      came_.notify_all();
      // Not for longer than the client stays.
      const auto until = std::chrono::steady_clock::now() + answer.delay;
      while (std::chrono::steady_clock::now() < until && !request.stop.stop_requested()) {
        came_.wait_for(lock, std::chrono::milliseconds{10});
      }
    }
    if (answer.reset) return net::Response::stream("text/plain", std::make_unique<Broken>());
    net::Response response = net::Response::text(answer.status, answer.body);
    if (answer.retry_after != 0) response.headers.emplace_back("Retry-After", std::to_string(answer.retry_after));
    return response;
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable came_;
  std::deque<Answer> next_;
  Answer always_;
  std::vector<Got> got_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace bellwether::test
