// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <memory>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN

/// What a registry can be written as.
enum class Exposition : std::uint8_t {
  text,         ///< Prometheus text format 0.0.4 (1.0.0 when names are UTF-8)
  openmetrics,  ///< OpenMetrics 1.0.0
  protobuf,     ///< io.prometheus.client.MetricFamily, each with its length before it; the only one with native buckets
};

/// How names that Prometheus 2 would not take are written.
enum class Escaping : std::uint8_t {
  underscores,  ///< each offending character as `_`
  dots,         ///< `.` as `_dot_`, `_` as `__`, others as `__`
  values,       ///< `U__` and the code points in hexadecimal; can be undone
  allow_utf8,   ///< as they are, in quotes
};

struct ScrapeFormat {
  Exposition exposition = Exposition::text;
  Escaping escaping = Escaping::underscores;
  std::string_view version = {};  ///< as asked for; empty: 0.0.4 of text, 1.0.0 of OpenMetrics

  /// The value of the HTTP header Content-Type.
  BELLWETHER_API std::string content_type() const;

  friend bool operator==(const ScrapeFormat&, const ScrapeFormat&) = default;
};

/// Chooses a format from the HTTP header Accept with its q values, as Prometheus's own client libraries do: the best
/// that we speak, the text format if there is none.
ScrapeFormat BELLWETHER_API negotiate(std::string_view accept);

/// One reading of a registry, chunk by chunk, so that a large registry needs no large buffer and a slow reader
/// holds nothing up.
///
///     Scrape scrape{registry, negotiate(request_accept)};
///     for (std::string chunk; scrape.next(chunk);) send(chunk);
///
/// Values are read as the chunks are made. Series that begin meanwhile may be missing, those that end may be present;
/// each value, and each histogram in itself, is consistent. Starting one calls the collectors and counts as a scrape
/// (for expiry and for max and min gauges). Threads: a value of one thread; any number of scrapes run side by side, no
/// recording or registering thread ever waits for one. Memory: its chunk of 64 KiB. The registry must outlive it.
class BELLWETHER_API Scrape {
 public:
  explicit Scrape(const Registry& registry, ScrapeFormat format = {});
  Scrape(Scrape&&) noexcept;
  Scrape& operator=(Scrape&&) noexcept;
  ~Scrape();

  /// Replaces `chunk` by the next part, about 64 KiB. False, and an empty chunk, when nothing is left.
  bool next(std::string& chunk);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// All of it in one string.
std::string BELLWETHER_API render(const Registry& registry, ScrapeFormat format = {});

BELLWETHER_NAMESPACE_END
