// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <sys/statvfs.h>
#include <unistd.h>
#include <bellwether/host_usage.hpp>

#include <algorithm>

#include "metrics/procfs.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace {

using detail::take_count;
using detail::take_line;
using detail::take_word;

struct Ticks {
  std::uint64_t busy = 0;
  std::uint64_t total = 0;
};

/// Of all processors since the start of the machine.
std::optional<Ticks> processor_ticks(const std::string& proc) {
  const std::string stat = detail::read_proc_file(proc + "/stat");
  std::string_view rest = stat;
  std::string_view line = take_line(rest);
  if (take_word(line) != "cpu") return std::nullopt;
  Ticks ticks;
  // user nice system idle iowait irq softirq steal; guest time, which follows, is part of user and nice.
  for (int mode = 0; mode < 8; ++mode) {
    const auto count = take_count(line);
    if (!count) return mode > 3 ? std::optional(ticks) : std::nullopt;
    ticks.total += *count;
    if (mode != 3 && mode != 4) ticks.busy += *count;
  }
  return ticks;
}

std::optional<double> memory_percent(const std::string& proc) {
  const std::string meminfo = detail::read_proc_file(proc + "/meminfo");
  std::optional<std::uint64_t> total;
  std::optional<std::uint64_t> available;
  for (std::string_view rest = meminfo; !rest.empty();) {
    std::string_view line = take_line(rest);
    const std::string_view name = take_word(line);
    if (name == "MemTotal:") total = take_count(line);
    if (name == "MemAvailable:") available = take_count(line);
  }
  if (!total || !available || *total == 0) return std::nullopt;
  return 100 * (1 - static_cast<double>(std::min(*available, *total)) / static_cast<double>(*total));
}

void read_process(const std::string& proc, HostUsage& usage) {
  const std::string stat = detail::read_proc_file(proc + "/self/stat");
  const auto name_end = stat.rfind(')');  // the name may hold any character
  if (name_end == std::string::npos) return;
  std::string_view fields = std::string_view(stat).substr(name_end + 1);
  fields = take_line(fields);
  detail::skip_words(fields, 17);  // from the third field, state, to the twentieth, threads
  if (const auto threads = take_count(fields)) usage.threads = static_cast<double>(*threads);
  detail::skip_words(fields, 3);
  if (const auto pages = take_count(fields))
    usage.resident_bytes = static_cast<double>(*pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

HostUsageReader::HostUsageReader(std::string proc) : proc_(std::move(proc)) {
  if (const auto ticks = processor_ticks(proc_)) {
    busy_ = ticks->busy;
    total_ = ticks->total;
  }
}

HostUsage HostUsageReader::read() {
  HostUsage usage;
  if (const auto now = processor_ticks(proc_)) {
    // The kernel's idle and iowait may step back a little; such a reading says nothing.
    if (now->total > total_ && now->busy >= busy_) {
      const auto busy = static_cast<double>(now->busy - busy_);
      cpu_percent_ = std::min(100.0, 100 * busy / static_cast<double>(now->total - total_));
    }
    if (now->total != total_) {
      busy_ = now->busy;
      total_ = now->total;
    }
    usage.cpu_percent = cpu_percent_;
  }
  usage.memory_percent = memory_percent(proc_);
  read_process(proc_, usage);
  return usage;
}

std::optional<double> disk_used_percent(const std::string& path) {
  struct statvfs about {};
  if (::statvfs(path.c_str(), &about) != 0 || about.f_blocks == 0) return std::nullopt;
  const auto used = static_cast<double>(about.f_blocks - about.f_bfree);
  const auto reachable = used + static_cast<double>(about.f_bavail);
  if (!(reachable > 0)) return std::nullopt;
  return 100 * used / reachable;
}

BELLWETHER_NAMESPACE_END
