// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_stream_client.hpp"
#include "scrape/scrape_result.hpp"
#include "scrape/stream_lines.hpp"

BELLWETHER_NAMESPACE_BEGIN

class Registry;

namespace scrape {

/// Samples that a target has pushed and that the store has now.
struct PushedSamples {
  TargetId target = 0;
  /// Lines of Prometheus's text format with their times, as they went to ingestion: before relabelling.
  std::string_view text;
  std::size_t count = 0;
};

struct StreamFollowerOptions {
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
  /// Where `bellwether_stream_...` go; null: nowhere. Must outlive the follower.
  Registry* registry = nullptr;
  /// Streams that were cut, and why. Any thread; short.
  std::function<void(std::string_view)> log = {};
  /// Null: over HTTP, on a thread of its own. Must outlive the follower.
  net::HttpStreamTransport* transport = nullptr;

  StreamLimits limits = {};
  std::chrono::milliseconds silence{5'000};  ///< a stream without a line for so long is closed and tried again
  std::chrono::milliseconds first_wait{
      500};  ///< full jitter: anything up to it, twice as much with each failure in a row
  std::chrono::milliseconds longest_wait{60'000};
  std::size_t max_streams = 10'000;
  /// A thread looks after silence and waits. Without it the owner calls `run_due` (tests).
  bool thread = true;

  /// After each part of a stream, when its samples are in the store: rules on urgent series are evaluated from here. From the
  /// thread of the streams; short.
  std::function<void(const PushedSamples&)> on_pushed = {};
};

/// Follows the push streams that targets announce (docs/push-stream.md), in addition to scraping them. It hangs in at the scrape
/// manager and needs no configuration:
///
///     std::unique_ptr<ScrapeManager> scrape;
///     StreamFollower follower({.registry = &registry});
///     scrape = std::make_unique<ScrapeManager>(store, ScrapeOptions{
///         .on_scrape = [&](const ScrapeResult& result) { follower.on_scrape(result); },
///         .on_removed = [&](TargetId id) { follower.on_removed(id); }});
///     follower.start([&](TargetId id, std::string_view type, std::string_view body) {
///       return scrape->ingest_pushed(id, type, body); });
///     ...
///     follower.stop();                              // before the scrape manager goes
///
/// A scrape that carries `X-Bellwether-Stream: /path` opens that path of the same scheme, host and port, with the scrape's
/// authentication, TLS and proxy; redirects are not followed, and anything but a path is ignored. A stream that is refused or
/// breaks leaves the scrapes as they are and is tried again, with growing waits, after the next scrape that announces it. One that is
/// silent is closed; one that is hostile (StreamLimits, or lines that do not parse) is cut and counted, and tried again after the
/// longest wait.
///
/// Threads: all functions from any; none waits for a target. Ingestion runs on the streams' thread.
class StreamFollower {
 public:
  using Ingest = std::function<Result<void>(TargetId, std::string_view content_type, std::string_view body)>;

  explicit StreamFollower(StreamFollowerOptions options);
  ~StreamFollower();
  StreamFollower(const StreamFollower&) = delete;
  StreamFollower& operator=(const StreamFollower&) = delete;

  /// Before it nothing is opened.
  void start(Ingest ingest);
  /// Closes all, for good. When it returns nothing is being ingested, and nothing will be. Not from a callback.
  void stop();

  void on_scrape(const ScrapeResult& result);
  void on_removed(TargetId id);

  /// Streams that have answered and are open.
  std::size_t connected() const;

  /// Without a thread: closes what is silent, opens what is due. When to call it next, in the time of Clock::monotonic().
  std::optional<std::chrono::nanoseconds> run_due();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

/// The URL of a stream: the origin of what was scraped and the path that its answer announced. Nothing if that is no path.
std::optional<std::string> stream_url(std::string_view scrape_url, std::string_view announced);

/// The request for a stream, as that of the scrape but for what concerns the answer.
net::HttpRequest stream_request(const net::HttpRequest& scrape, std::string url);

}  // namespace scrape
BELLWETHER_NAMESPACE_END
