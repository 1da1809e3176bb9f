// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "monitor/monitor_options.hpp"

BELLWETHER_NAMESPACE_BEGIN

class Registry;

namespace storage {
class SeriesStore;
}

namespace monitor {

/// How a monitor does, for a line on a screen.
struct MonitorStatus {
  std::size_t targets = 0;
  std::size_t targets_up = 0;
  std::size_t series = 0;
  std::uint64_t samples = 0;  ///< stored since the start
  std::optional<double>
      bytes_per_sample;     ///< on disk since the start: of blocks, of the log as long as there is no block
  std::size_t streams = 0;  ///< push streams that are open
  bool disk_writable = true;
  std::size_t rules = 0;
  std::size_t alerts = 0;  ///< that fire
  std::size_t unsent = 0;  ///< messages that wait
};

/// Scrapes what prometheus.yml names, keeps it, evaluates its rules, tells who alertmanager.yml names, sends it on, and answers
/// questions about it: all of the monitor but the command line around it.
///
///     auto monitor = Monitor::start({.config_file = "prometheus.yml", .log = log});
///     if (!monitor) return fail(monitor.error().message);     // cannot listen on 127.0.0.1:9090: …
///     (*monitor)->reload();                                   // the file has changed
///     (*monitor)->stop();                                     // staleness markers, everything to disk
///
/// One port for everything: the API of Prometheus under /api/v1, that of Alertmanager under /api/v2, /federate, its own /metrics, /-/healthy, /-/ready, and
/// POST /-/reload (refused where a web page of another origin sends it).
///
/// Threads: all functions from any. Blocking: `start`, `reload` and `stop` for the disk. Errors of `start`: a configuration
/// that is wrong (all of it is told at once), a directory in use, a port in use.
class Monitor {
 public:
  static Result<std::unique_ptr<Monitor>> start(MonitorOptions options);
  /// Stops.
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  /// Reads the file again. All or nothing: after an error everything goes on as before. Targets and remote writes that stay lose
  /// no sample.
  Result<void> reload();

  /// "http://127.0.0.1:9090".
  std::string url() const;
  MonitorStatus status() const;
  const Registry& registry() const noexcept;
  storage::SeriesStore& store() noexcept;

  /// Ends scraping, gives remote writes a moment, writes everything to disk. A second call does nothing.
  void stop();

 private:
  struct Parts;
  explicit Monitor(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace monitor
BELLWETHER_NAMESPACE_END
