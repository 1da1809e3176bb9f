// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/http_sender.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

void AsyncHttpSender::send(net::HttpRequest request, Done done) {
  auto line = client_.open(std::move(request));
  if (!line) {
    done(net::HttpError{net::HttpErrorKind::bad_request, line.error().message});
    return;
  }
  // The line lives until its answer is here: the answer's function holds it, and lets go of it with its own end.
  const std::shared_ptr<net::AsyncHttpClient::Line> held = std::move(*line);
  held->send([held, done = std::move(done)](net::HttpResult result) mutable {
    const std::shared_ptr<net::AsyncHttpClient::Line> last = std::move(held);
    done(std::move(result));
  });
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
