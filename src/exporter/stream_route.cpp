// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exporter/stream_route.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {
namespace {

class StreamBody final : public net::BodySource {
 public:
  /// Watching begins with the first chunk: a HEAD request is none. The limit was checked on the same thread just before.
  StreamBody(std::shared_ptr<UrgentFeed> feed, Escaping escaping) : feed_(std::move(feed)), escaping_(escaping) {}

  bool next(std::string& chunk) override {
    if (!reader_) reader_.emplace(feed_->open(escaping_));
    if (!reader_->next(chunk)) throw std::runtime_error("the reader of a push stream is too far behind");
    return true;
  }

  std::chrono::microseconds poll_interval() const override { return feed_->interval(); }

 private:
  std::shared_ptr<UrgentFeed> feed_;
  const Escaping escaping_;
  std::optional<UrgentFeed::Reader> reader_;
};

}  // namespace

std::string stream_path(const std::string& metrics_path) {
  return metrics_path.ends_with('/') ? metrics_path + "stream" : metrics_path + "/stream";
}

net::Route stream_route(std::shared_ptr<UrgentFeed> feed, std::string path, std::size_t max_streams) {
  return {"GET", std::move(path), [feed = std::move(feed), max_streams](const net::Request& request) {
            if (feed->readers() >= max_streams) {
              net::Response refusal = net::Response::text(
                  503, "all " + std::to_string(max_streams) + " push streams are taken; scrape, and try again later\n");
              refusal.headers.emplace_back("Retry-After", "30");
              return refusal;
            }
            // Lines are text whatever else the client takes; only the names' escaping is negotiated.
            ScrapeFormat format = negotiate(request.header_values("Accept"));
            if (format.exposition != Exposition::text) format = {Exposition::text, format.escaping, {}};
            net::Response response =
                net::Response::stream(format.content_type(), std::make_unique<StreamBody>(feed, format.escaping));
            response.headers.emplace_back("Cache-Control", "no-store");
            response.headers.emplace_back("X-Accel-Buffering", "no");  // proxies of nginx's kind pass each line on
            return response;
          }};
}

}  // namespace exporter
BELLWETHER_NAMESPACE_END
