// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

class HealthRegistry;

struct ExporterOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8000;  ///< 0: any free one, see `Exporter::port`
  std::vector<std::string> paths = {"/metrics"};

  /// Prometheus's web configuration file: TLS, users with bcrypt hashes, headers. Empty: none.
  /// https://prometheus.io/docs/prometheus/latest/configuration/https/
  std::string web_config_file = {};
  /// An address that other machines reach is refused without TLS, unless this is set.
  bool allow_remote = false;

  /// Answers `/health`, `/ready` and `/started` with its reports (health_registry.hpp) as JSON: 200, or 503 if unhealthy.
  /// It must outlive the exporter. Null: `/health` answers 200 as long as the exporter runs, and there is no `/started`.
  HealthRegistry* health = nullptr;
  /// Without `health`, answers `/ready`: 200 if true, 503 if false. It is called on the exporter's thread and must not
  /// block. Both together are refused: add a check instead.
  std::function<bool()> ready = {};

  bool gzip = true;  ///< where the client asks for it
  std::size_t max_connections = 64;
  /// Push streams at a time; each is one of the connections, and they take no more than half of those. More get 503.
  std::size_t max_streams = 8;
  std::optional<unsigned> cpu = {};  ///< pins the exporter's thread, away from the strategy's
};

/// Serves a registry over HTTP: what Prometheus, or Bellwether's monitor, scrapes.
///
///     Registry registry;
///     auto exporter = Exporter::start(registry, {.port = 8000, .paths = {"/metrics", "/metrics/prom"}});
///     if (!exporter) return fail(exporter.error().message);     // cannot listen on 127.0.0.1:8000: …
///
/// The format is negotiated: text, OpenMetrics, protobuf with native histograms; gzip where asked.
///
/// Next to each path P stands its push stream, `P/stream` (`curl -N http://127.0.0.1:8000/metrics/stream`): the present
/// value of each urgent metric (`FamilyOptions::urgent`), then a line with each change, within about a millisecond and
/// without any cost where it is recorded. Each scrape of a registry with urgent metrics names it in the header
/// `X-Bellwether-Stream`, and Bellwether's monitor takes it up by itself. See docs/push-stream.md.
///
/// While somebody listens to a stream the exporter's thread looks at the urgent metrics each half millisecond, which takes
/// about 3 % of a core; otherwise it sleeps until it is asked.
///
/// Threads: one of its own (two with users to authenticate), none of the caller's; slow, silent or hostile clients hold up
/// neither each other nor the process. Memory: 64 KiB a client that reads, but a compressed answer is made whole.
/// Errors: an address in use, a bad address or path, a broken web configuration, as a value. The destructor stops within a
/// second. The registry must outlive it.
class BELLWETHER_API Exporter {
 public:
  static Result<Exporter> start(const Registry& registry, ExporterOptions options = {});

  Exporter(Exporter&&) noexcept;
  Exporter& operator=(Exporter&&) noexcept;
  ~Exporter();

  std::uint16_t port() const noexcept;
  /// "http://127.0.0.1:8000"
  std::string url() const;
  void stop() noexcept;

 private:
  struct State;
  explicit Exporter(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

BELLWETHER_NAMESPACE_END
