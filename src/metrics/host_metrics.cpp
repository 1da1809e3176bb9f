// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <bellwether/process_metrics.hpp>
#include <set>

#include "metrics/procfs.hpp"

// Formats: man 5 proc and https://docs.kernel.org/admin-guide/iostats.html. Names as the node exporter has them, so
// that its dashboards and rules work.

BELLWETHER_NAMESPACE_BEGIN
namespace {

using detail::parse_number;
using detail::read_proc_file;
using detail::skip_words;
using detail::take_count;
using detail::take_line;
using detail::take_word;

enum Metric : std::size_t {
  cpu_seconds,
  load1,
  memory_total,
  memory_available,
  disk_read_bytes,
  disk_written_bytes,
  disk_io_seconds,
  network_receive_bytes,
  network_receive_errors,
  network_receive_drops,
  network_transmit_bytes,
  network_transmit_errors,
  network_transmit_drops,
  filesystem_size,
  filesystem_available,
};

std::vector<CollectedMetric> host_metrics() {
  using Type = CollectedMetric::Type;
  constexpr Type counter = Type::counter;
  constexpr Type gauge = Type::gauge;
  return {{"node_cpu_seconds_total", "Seconds that each processor spent in each mode.", counter, {"cpu", "mode"}},
          {"node_load1", "Load average of one minute."},
          {"node_memory_MemTotal_bytes", "Memory of the machine."},
          {"node_memory_MemAvailable_bytes", "Memory that programs can still have without swapping."},
          {"node_disk_read_bytes_total", "Bytes read.", counter, {"device"}},
          {"node_disk_written_bytes_total", "Bytes written.", counter, {"device"}},
          {"node_disk_io_time_seconds_total", "Seconds during which the disk was at work.", counter, {"device"}},
          {"node_network_receive_bytes_total", "Bytes received.", counter, {"device"}},
          {"node_network_receive_errs_total", "Packets received with errors.", counter, {"device"}},
          {"node_network_receive_drop_total", "Packets received and dropped.", counter, {"device"}},
          {"node_network_transmit_bytes_total", "Bytes sent.", counter, {"device"}},
          {"node_network_transmit_errs_total", "Packets that could not be sent for errors.", counter, {"device"}},
          {"node_network_transmit_drop_total", "Packets dropped before they were sent.", counter, {"device"}},
          {"node_filesystem_size_bytes", "Size of the file system.", gauge, {"mountpoint"}},
          {"node_filesystem_avail_bytes", "Space that users other than root can still have.", gauge, {"mountpoint"}}};
}

void collect_cpu(const std::string& proc, Collection& collection) {
  // Guest time, which follows, is part of user and nice.
  constexpr std::array<std::string_view, 8> modes{"user",   "nice", "system",  "idle",
                                                  "iowait", "irq",  "softirq", "steal"};
  const double tick = 1 / detail::ticks_per_second();
  const std::string stat = read_proc_file(proc + "/stat");
  std::set<std::string_view> seen;
  for (std::string_view rest = stat; !rest.empty();) {
    std::string_view line = take_line(rest);
    std::string_view cpu = take_word(line);
    if (!cpu.starts_with("cpu")) continue;
    cpu.remove_prefix(3);
    if (!parse_number<std::uint32_t>(cpu) || !seen.insert(cpu).second) continue;  // "cpu" alone is the sum of them
    for (const std::string_view mode : modes) {
      if (const auto ticks = take_count(line))
        collection.add(cpu_seconds, {cpu, mode}, static_cast<double>(*ticks) * tick);
    }
  }
}

void collect_load(const std::string& proc, Collection& collection) {
  const std::string loadavg = read_proc_file(proc + "/loadavg");
  std::string_view text = loadavg;
  const auto load = parse_number<double>(take_word(text));
  if (load && *load >= 0 && *load <= 1e9) collection.add(load1, *load);  // neither NaN nor Inf
}

void collect_memory(const std::string& proc, Collection& collection) {
  constexpr std::array<std::pair<std::string_view, Metric>, 2> entries{
      {{"MemTotal:", memory_total}, {"MemAvailable:", memory_available}}};
  constexpr double kibibyte = 1024;
  const std::string meminfo = read_proc_file(proc + "/meminfo");
  std::set<std::string_view> seen;
  for (std::string_view rest = meminfo; !rest.empty();) {
    std::string_view line = take_line(rest);
    const std::string_view name = take_word(line);
    const auto* const entry =
        std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == name; });
    if (entry == entries.end() || !seen.insert(name).second) continue;
    if (const auto amount = take_count(line)) collection.add(entry->second, static_cast<double>(*amount) * kibibyte);
  }
}

/// Whether the name ends in digits behind `prefix`, one more letter if `lettered`, as in ram0, sda1.
bool is_numbered(std::string_view device, std::string_view prefix, bool lettered) {
  if (!device.starts_with(prefix)) return false;
  device.remove_prefix(prefix.size());
  if (lettered) {
    if (device.empty() || device[0] < 'a' || device[0] > 'z') return false;
    device.remove_prefix(1);
  }
  return !device.empty() && device.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Partitions, whose bytes are counted with their disk, and what is no disk: left out as by the node exporter.
bool is_ignored_disk(std::string_view device) {
  for (const std::string_view prefix : {"ram", "zram", "loop", "fd"}) {
    if (is_numbered(device, prefix, false)) return true;
  }
  for (const std::string_view prefix : {"hd", "sd", "vd", "xvd"}) {
    if (is_numbered(device, prefix, true)) return true;
  }
  const auto partition = device.rfind('p');
  return partition != std::string_view::npos && (device.starts_with("nvme") || device.starts_with("mmcblk")) &&
         is_numbered(device.substr(partition), "p", false);
}

void collect_disks(const std::string& proc, Collection& collection) {
  constexpr double sector = 512;  // whatever the disk's own sectors are
  const std::string diskstats = read_proc_file(proc + "/diskstats");
  std::set<std::string_view> seen;
  for (std::string_view rest = diskstats; !rest.empty();) {
    std::string_view line = take_line(rest);
    skip_words(line, 2);
    const std::string_view device = take_word(line);
    if (device.empty() || is_ignored_disk(device)) continue;
    skip_words(line, 2);
    const auto read = take_count(line);
    skip_words(line, 3);
    const auto written = take_count(line);
    skip_words(line, 2);
    const auto busy_milliseconds = take_count(line);
    if (!read || !written || !busy_milliseconds || !seen.insert(device).second) continue;
    collection.add(disk_read_bytes, {device}, static_cast<double>(*read) * sector);
    collection.add(disk_written_bytes, {device}, static_cast<double>(*written) * sector);
    collection.add(disk_io_seconds, {device}, static_cast<double>(*busy_milliseconds) / 1000);
  }
}

void collect_network(const std::string& proc, Collection& collection) {
  const std::string dev = read_proc_file(proc + "/net/dev");
  std::set<std::string_view> seen;
  for (std::string_view rest = dev; !rest.empty();) {
    const std::string_view line = take_line(rest);
    const auto colon = line.rfind(':');  // the name of an alias holds one itself; the headings hold none
    if (colon == std::string_view::npos) continue;
    std::string_view name = line.substr(0, colon);
    const std::string_view device = take_word(name);
    std::string_view numbers = line.substr(colon + 1);
    std::array<double, 12> counts{};
    bool complete = !device.empty();
    for (double& count : counts) {
      const auto number = take_count(numbers);
      complete = complete && number;
      count = static_cast<double>(number.value_or(0));
    }
    if (!complete || !seen.insert(device).second) continue;
    // Eight columns of receiving, then those of sending: bytes, packets, errors, drops, …
    collection.add(network_receive_bytes, {device}, counts[0]);
    collection.add(network_receive_errors, {device}, counts[2]);
    collection.add(network_receive_drops, {device}, counts[3]);
    collection.add(network_transmit_bytes, {device}, counts[8]);
    collection.add(network_transmit_errors, {device}, counts[10]);
    collection.add(network_transmit_drops, {device}, counts[11]);
  }
}

void collect_filesystems(const std::vector<std::string>& paths, Collection& collection) {
  for (const std::string& path : paths) {
    struct statvfs about {};
    if (::statvfs(path.c_str(), &about) != 0) continue;
    const auto block = static_cast<double>(about.f_frsize);
    collection.add(filesystem_size, {path}, static_cast<double>(about.f_blocks) * block);
    collection.add(filesystem_available, {path}, static_cast<double>(about.f_bavail) * block);
  }
}

}  // namespace

Result<Collector> add_host_metrics(Registry& registry, HostMetricsOptions options) {
  return registry.collect(host_metrics(), [options = std::move(options)](Collection& collection) {
    collect_cpu(options.proc, collection);
    collect_load(options.proc, collection);
    collect_memory(options.proc, collection);
    collect_disks(options.proc, collection);
    collect_network(options.proc, collection);
    collect_filesystems(options.paths, collection);
  });
}

BELLWETHER_NAMESPACE_END
