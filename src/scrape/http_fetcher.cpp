// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/http_fetcher.hpp"

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

class HttpLine final : public FetchLine {
 public:
  explicit HttpLine(std::unique_ptr<net::AsyncHttpClient::Line> line) : line_(std::move(line)) {}
  void start(Done done) override { line_->send(std::move(done)); }

 private:
  std::unique_ptr<net::AsyncHttpClient::Line> line_;
};

}  // namespace

Result<std::unique_ptr<FetchLine>> HttpFetcher::open(net::HttpRequest request) {
  auto line = client_.open(std::move(request));
  if (!line) return line.error();
  return std::unique_ptr<FetchLine>(std::make_unique<HttpLine>(std::move(*line)));
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
