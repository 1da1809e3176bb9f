// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/http_sender.hpp"

#include <exception>
#include <string>
#include <thread>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

thread_local bool answering = false;  // this thread is a client's, and calls a `done`

struct Answering {
  Answering() noexcept { answering = true; }
  ~Answering() { answering = false; }
  Answering(const Answering&) = delete;
  Answering& operator=(const Answering&) = delete;
};

}  // namespace

AsyncHttpSender::AsyncHttpSender() = default;

AsyncHttpSender::~AsyncHttpSender() {
  // A client waits for its thread, and no thread can wait for itself.
  if (answering && client_ != nullptr) std::thread([client = std::move(client_)] {}).detach();
}

void AsyncHttpSender::send(net::HttpRequest request, Done done) {
  try {
    const std::lock_guard lock(begin_mutex_);
    if (client_ == nullptr) client_ = std::make_unique<net::AsyncHttpClient>();
  } catch (const std::exception& error) {  // no descriptor or thread is free now: the next send tries again
    done(net::HttpError{net::HttpErrorKind::other, std::string("cannot start the HTTP client: ") + error.what()});
    return;
  }
  auto line = client_->open(std::move(request));
  if (!line) {
    done(net::HttpError{net::HttpErrorKind::bad_request, line.error().message});
    return;
  }
  // The line lives until its answer is here: the answer's function holds it, and lets go of it with its own end.
  const std::shared_ptr<net::AsyncHttpClient::Line> held = std::move(*line);
  held->send([held, done = std::move(done)](net::HttpResult result) mutable {
    const Answering scope;
    const Done last = std::move(done);  // what it owns goes before the scope ends
    last(std::move(result));
  });
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
