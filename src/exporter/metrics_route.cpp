// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exporter/metrics_route.hpp"

#include <bellwether/exposition.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "exporter/gzip.hpp"

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

}  // namespace

net::Route metrics_route(const Registry& registry, std::string path, bool gzip) {
  return {"GET", std::move(path), [&registry, gzip](const net::Request& request) {
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
            return response;
          }};
}

}  // namespace exporter
BELLWETHER_NAMESPACE_END
