// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <optional>
#include <string>

BELLWETHER_NAMESPACE_BEGIN

/// What the machine and this process use, as values. What /proc does not tell is nothing, never 0.
struct HostUsage {
  std::optional<double> cpu_percent = {};     ///< of all processors together, 0 to 100, since the reading before
  std::optional<double> memory_percent = {};  ///< of the machine's memory, what programs cannot have any more, 0 to 100
  std::optional<double> resident_bytes = {};  ///< of this process, in RAM
  std::optional<double> threads = {};         ///< of this process
};

/// Reads them, for metrics in percent. Counters and bytes under the usual names: <bellwether/process_metrics.hpp>.
///
///     HostUsageReader reader;
///     const HostUsage usage = reader.read();
///
/// Processor use is that of the time between two readings; the first one covers the time since construction. Two readings
/// within one clock tick (10 ms) give the same figure.
///
/// Threads: a value, to be used as such. Blocks as long as reading four files of procfs takes (some ten microseconds);
/// allocates their texts.
class BELLWETHER_API HostUsageReader {
 public:
  explicit HostUsageReader(std::string proc = "/proc");

  HostUsage read();

 private:
  std::string proc_;
  std::uint64_t busy_ = 0;   ///< clock ticks, at the last reading
  std::uint64_t total_ = 0;  ///< likewise
  std::optional<double> cpu_percent_;
};

/// How full the file system that holds `path` is, 0 to 100, as `df` has it: blocks reserved for root count as neither.
/// Nothing if it cannot be asked. Blocks as long as statvfs does.
std::optional<double> BELLWETHER_API disk_used_percent(const std::string& path);

BELLWETHER_NAMESPACE_END
