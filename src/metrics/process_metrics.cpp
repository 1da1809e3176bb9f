// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <bellwether/process_metrics.hpp>

#include "metrics/procfs.hpp"

// Formats: man 5 proc. Names and meanings: https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics

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
  resident_memory,
  virtual_memory,
  virtual_memory_max,
  open_fds,
  max_fds,
  start_time,
  threads,
};

std::vector<CollectedMetric> process_metrics() {
  using Type = CollectedMetric::Type;
  return {{"process_cpu_seconds_total", "Processor time of the process, user and system.", Type::counter},
          {"process_resident_memory_bytes", "Memory of the process that is in RAM."},
          {"process_virtual_memory_bytes", "Address space of the process."},
          {"process_virtual_memory_max_bytes", "Limit of the address space; 2^64 when there is none."},
          {"process_open_fds", "Open file descriptors."},
          {"process_max_fds", "Limit of open file descriptors; 2^64 when there is none."},
          {"process_start_time_seconds", "When the process started, since the Unix epoch."},
          {"process_threads", "Threads of the process."}};
}

void add_number(Collection& collection, Metric metric, std::optional<std::uint64_t> number, double scale = 1) {
  if (number) collection.add(metric, static_cast<double>(*number) * scale);
}

/// When the machine started, in seconds since the epoch.
std::optional<std::uint64_t> boot_time(const std::string& stat) {
  for (std::string_view rest = stat; !rest.empty();) {
    std::string_view line = take_line(rest);
    if (take_word(line) == "btime") return take_count(line);
  }
  return std::nullopt;
}

void collect_stat(const std::string& proc, Collection& collection) {
  const std::string stat = read_proc_file(proc + "/self/stat");
  // The second field is the name of the program in parentheses, and it may hold any character, these too.
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return;
  std::string_view fields = std::string_view(stat).substr(name_end + 1);
  fields = take_line(fields);

  skip_words(fields, 11);  // from the third field, state, to the fourteenth, utime
  const auto user = take_count(fields);
  const auto system = take_count(fields);
  skip_words(fields, 4);
  const auto thread_count = take_count(fields);
  skip_words(fields, 1);
  const auto started = take_count(fields);
  const auto address_space = take_count(fields);
  const auto resident_pages = take_count(fields);

  const double tick = 1 / detail::ticks_per_second();
  if (user && system) collection.add(cpu_seconds, (static_cast<double>(*user) + static_cast<double>(*system)) * tick);
  add_number(collection, threads, thread_count);
  add_number(collection, virtual_memory, address_space);
  add_number(collection, resident_memory, resident_pages, static_cast<double>(::sysconf(_SC_PAGESIZE)));
  const auto booted = boot_time(read_proc_file(proc + "/stat"));
  if (started && booted) {
    collection.add(start_time, static_cast<double>(*booted) + static_cast<double>(*started) * tick);
  }
}

/// The soft limit at the begin of a line of `limits`, behind its name.
void add_limit(Collection& collection, Metric metric, std::string_view line) {
  const std::string_view word = take_word(line);
  // Client libraries agree on the largest 64-bit number for "none".
  add_number(collection, metric, word == "unlimited" ? ~std::uint64_t{0} : parse_number<std::uint64_t>(word));
}

void collect_limits(const std::string& proc, Collection& collection) {
  constexpr std::string_view files = "Max open files";
  constexpr std::string_view address_space = "Max address space";
  bool files_seen = false;
  bool address_space_seen = false;
  const std::string limits = read_proc_file(proc + "/self/limits");
  for (std::string_view rest = limits; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (!files_seen && line.starts_with(files)) {
      files_seen = true;
      add_limit(collection, max_fds, line.substr(files.size()));
    } else if (!address_space_seen && line.starts_with(address_space)) {
      address_space_seen = true;
      add_limit(collection, virtual_memory_max, line.substr(address_space.size()));
    }
  }
}

}  // namespace

Result<Collector> add_process_metrics(Registry& registry, std::string proc) {
  return registry.collect(process_metrics(), [proc = std::move(proc)](Collection& collection) {
    collect_stat(proc, collection);
    collect_limits(proc, collection);
    add_number(collection, open_fds, detail::count_numbered_entries(proc + "/self/fd"));
  });
}

BELLWETHER_NAMESPACE_END
