// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exporter/metrics_route.hpp"

#include <bellwether/exposition.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "exporter/gzip.hpp"
#include "exporter/stream_route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {
namespace {

/// Begins the scrape when the first chunk is asked for: a HEAD request is none.
class ScrapeBody final : public net::BodySource {
 public:
  ScrapeBody(const Registry& registry, ScrapeFormat format) : registry_(registry), format_(format) {}

  bool next(std::string& chunk) override {
    if (!scrape_) scrape_.emplace(registry_, format_);
    return scrape_->next(chunk);
  }

 private:
  const Registry& registry_;
  const ScrapeFormat format_;
  std::optional<Scrape> scrape_;
};

/// Compresses all of it at the first call, then gives it out at once.
class CompressedScrapeBody final : public net::BodySource {
 public:
  CompressedScrapeBody(const Registry& registry, ScrapeFormat format) : registry_(registry), format_(format) {}

  bool next(std::string& chunk) override {
    if (std::exchange(done_, true)) return false;
    chunk = gzip(render(registry_, format_)).value();
    return true;
  }

 private:
  const Registry& registry_;
  const ScrapeFormat format_;
  bool done_ = false;
};

net::Route scrape_route(const Registry& registry, std::string path, bool gzip, std::shared_ptr<const UrgentFeed> feed) {
  const std::string stream = stream_path(path);
  return {"GET", std::move(path), [&registry, gzip, stream, feed = std::move(feed)](const net::Request& request) {
            const ScrapeFormat format = negotiate(request.header_values("Accept"));
            const bool compress = gzip && accepts_gzip(request.header_values("Accept-Encoding"));
            std::unique_ptr<net::BodySource> body;
            if (compress) {
              body = std::make_unique<CompressedScrapeBody>(registry, format);
            } else {
              body = std::make_unique<ScrapeBody>(registry, format);
            }
            net::Response response = net::Response::stream(format.content_type(), std::move(body));
            if (gzip) response.headers.emplace_back("Vary", "Accept, Accept-Encoding");
            if (compress) response.headers.emplace_back("Content-Encoding", "gzip");
            if (feed->any()) response.headers.emplace_back(stream_header, stream);
            return response;
          }};
}

}  // namespace

std::vector<net::Route> metrics_routes(const Registry& registry, const std::vector<std::string>& paths,
                                       MetricsRouteOptions options) {
  const auto feed = std::make_shared<UrgentFeed>(registry, options.feed);
  std::vector<net::Route> routes;
  for (const std::string& path : paths) {
    routes.push_back(scrape_route(registry, path, options.gzip, feed));
    routes.push_back(stream_route(feed, stream_path(path), options.max_streams));
  }
  return routes;
}

}  // namespace exporter
BELLWETHER_NAMESPACE_END
