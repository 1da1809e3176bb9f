// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/monitor_line.hpp"

#include <fmt/format.h>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

std::string MonitorLine::text() {
  const monitor::MonitorStatus status = monitor_.status();
  const auto now = clock_.monotonic();
  if (now - last_ >= std::chrono::seconds{1}) {
    rate_ = static_cast<double>(status.samples - last_samples_) / std::chrono::duration<double>(now - last_).count();
    last_ = now;
    last_samples_ = status.samples;
  }
  std::string line = fmt::format("monitor  {}/{} targets up", status.targets_up, status.targets);
  if (status.streams > 0) line += fmt::format(", {} stream{}", status.streams, status.streams == 1 ? "" : "s");
  line += fmt::format("   {} series   {:.0f} samples/s   ", status.series, rate_);
  line += status.bytes_per_sample ? fmt::format("{:.2f} B/sample", *status.bytes_per_sample) : "- B/sample";
  if (status.rules > 0) line += fmt::format("   {} rules, {} alerts", status.rules, status.alerts);
  if (status.unsent > 0) line += fmt::format(", {} messages wait", status.unsent);
  if (!status.disk_writable) line += "   THE DISK DOES NOT TAKE SAMPLES";
  return line;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
