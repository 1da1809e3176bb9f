// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// Prometheus, VictoriaMetrics and Bellwether's monitor on the same exporters over the loopback, each second: samples a CPU
// second, resident memory, bytes a sample on disk, and how long a start takes after kill -9. See bench/side_by_side.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "comparison/exporters.hpp"
#include "comparison/watched_process.hpp"

namespace {

namespace fs = std::filesystem;
using namespace bellwether::bench;
using Clock = std::chrono::steady_clock;

struct Settings {
  std::vector<int> series{10'000, 100'000};
  std::vector<std::string> only{"prometheus", "victoria-metrics", "bellwether"};
  double seconds = 120;
  double minutes = 0;
  double warm_up = 20;
  bool together = false;
  bool resident = false;
  bool keep = false;
  std::string bellwether = "bellwether";
  std::string directory;
};

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What is asked of each of the three.
struct System {
  std::string name;
  std::string directory;
  std::uint16_t port = 0;
  std::vector<std::string> arguments;
  std::string ready_path;
  std::string samples;  // its own counter of what it stored

  double samples_before = 0;
  double cpu_before = 0;
  double samples_stored = 0;
  double cpu = 0;
  double resident_last = 0;
  double resident_most = 0;
  double resident_first = 0;
  double bytes = 0;
  double samples_in_all = 0;
  double start_seconds = -1;
  std::vector<WatchedProcess> process;  // one or none

  /// Seconds until it says that it is ready; -1 when it does not within a minute.
  double start() {
    process.clear();
    const Clock::time_point begin = Clock::now();
    process.emplace_back(arguments, directory + "/output");
    while (since(begin) < 60 && process.front().is_running()) {
      if (get(port, ready_path)) return since(begin);
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return -1;
  }
  double count() const {
    const auto page = get(port, "/metrics");
    return page ? value_of(*page, samples) : 0;
  }
};

System make_system(const std::string& name, const Settings& settings, const std::string& directory) {
  System out;
  out.name = name;
  out.directory = directory;
  out.port = free_port();
  fs::create_directories(directory + "/data");
  const std::string config = fs::absolute(directory + "/prometheus.yml");
  const std::string data = fs::absolute(directory + "/data");
  const std::string address = "127.0.0.1:" + std::to_string(out.port);
  if (name == "prometheus") {
    out.arguments = {"prometheus", "--config.file=" + config, "--storage.tsdb.path=" + data,
                     "--web.listen-address=" + address, "--log.level=warn"};
    out.ready_path = "/-/ready";
    out.samples = "prometheus_tsdb_head_samples_appended_total";
  } else if (name == "victoria-metrics") {
    out.arguments = {"victoria-metrics", "-promscrape.config=" + config, "-storageDataPath=" + data,
                     "-httpListenAddr=" + address, "-loggerLevel=WARN"};
    out.ready_path = "/health";
    out.samples = "vm_rows_inserted_total{type=\"promscrape\"}";
  } else {
    out.arguments = {settings.bellwether, "monitor", "--config", config, "--directory", data, "--listen", address};
    out.ready_path = "/-/ready";
    out.samples = "bellwether_storage_samples_total{outcome=\"appended\"}";
  }
  return out;
}

void write_config(const System& system, const Exporters& exporters) {
  std::ofstream config(system.directory + "/prometheus.yml");
  config << "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n"
         << "  - job_name: engine\n    static_configs:\n      - targets:\n";
  for (const std::uint16_t port : exporters.ports()) config << "          - 127.0.0.1:" << port << "\n";
}

/// All bytes that are taken, also of files that are written in holes.
double bytes_of(const std::string& directory) {
  double sum = 0;
  std::error_code code;
  for (fs::recursive_directory_iterator each(directory, code), end; !code && each != end; each.increment(code)) {
    const auto size = each->is_regular_file(code) ? each->file_size(code) : 0;
    if (!code) sum += static_cast<double>(size);
  }
  return sum;
}

void measure(std::vector<System>& systems, const Settings& settings, const Exporters& exporters) {
  for (System& system : systems) {
    write_config(system, exporters);
    if (system.start() >= 0) continue;
    std::fprintf(stderr, "%s did not start; see %s/output\n", system.name.c_str(), system.directory.c_str());
    system.process.clear();
  }
  systems.erase(std::remove_if(systems.begin(), systems.end(), [](const System& s) { return s.process.empty(); }),
                systems.end());
  std::this_thread::sleep_for(std::chrono::duration<double>(settings.warm_up));
  for (System& system : systems) {
    system.samples_before = system.count();
    system.cpu_before = system.process.front().cpu_seconds();
    system.resident_first = system.process.front().resident();
  }
  const Clock::time_point begin = Clock::now();
  const double length = settings.minutes > 0 ? settings.minutes * 60 : settings.seconds;
  double next_line = 0;
  while (since(begin) < length) {
    for (System& system : systems) {
      system.resident_most = std::max(system.resident_most, system.process.front().resident());
    }
    if (settings.resident && since(begin) >= next_line) {
      for (const System& system : systems) {
        std::printf("  %5.0f s  %-16s %7.1f MiB  %12.0f samples\n", since(begin), system.name.c_str(),
                    system.process.front().resident(), system.count());
      }
      std::fflush(stdout);
      next_line += 60;
    }
    std::this_thread::sleep_for(std::chrono::seconds{1});
  }
  for (System& system : systems) {
    WatchedProcess& process = system.process.front();
    system.cpu = process.cpu_seconds() - system.cpu_before;
    system.samples_in_all = system.count();
    system.samples_stored = system.samples_in_all - system.samples_before;
    system.resident_last = process.resident();
    system.resident_most = std::max(system.resident_most, system.resident_last);
  }
  for (System& system : systems) {
    system.process.front().end(SIGKILL);
    system.start_seconds = system.start();
    if (!system.process.empty() && system.process.front().is_running()) system.process.front().end(SIGTERM);
    system.process.clear();
    system.bytes = bytes_of(system.directory + "/data");
  }
}

void print(const std::vector<System>& systems, int series, double seconds) {
  std::printf("\n%d series, each second, for %.0f s\n\n", series, seconds);
  std::printf(
      "| | samples/s | %% of a core | M samples a CPU second | resident, MiB | at most | bytes a sample | ready after "
      "kill -9, s |\n");
  std::printf("|---|---|---|---|---|---|---|---|\n");
  const System* ours = nullptr;
  const auto speed = [](const System& s) { return s.cpu > 0 ? s.samples_stored / s.cpu / 1e6 : 0; };
  const auto size = [](const System& s) { return s.samples_in_all > 0 ? s.bytes / s.samples_in_all : 0; };
  for (const System& s : systems) {
    if (s.name == "bellwether") ours = &s;
    std::printf("| %s | %.0f | %.2f | %.2f | %.1f | %.1f | %.2f | %.3f |\n", s.name.c_str(), s.samples_stored / seconds,
                s.cpu / seconds * 100, speed(s), s.resident_last, s.resident_most, size(s), s.start_seconds);
  }
  for (const System& s : systems) {
    if (ours == nullptr || &s == ours || s.cpu <= 0) continue;
    std::printf("| bellwether : %s | | | %.1f × | %.2f | %.2f | %.2f | %.2f |\n", s.name.c_str(),
                speed(*ours) / speed(s), ours->resident_last / s.resident_last, ours->resident_most / s.resident_most,
                size(*ours) / size(s), ours->start_seconds / s.start_seconds);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app{"Prometheus, VictoriaMetrics and Bellwether's monitor, on the same exporters"};
  app.add_option("--series", settings.series, "How many, over ten exporters")->delimiter(',')->capture_default_str();
  app.add_option("--only", settings.only, "Which of the three")->delimiter(',')->capture_default_str();
  app.add_option("--seconds", settings.seconds, "What is measured of each")->capture_default_str();
  app.add_option("--minutes", settings.minutes, "The same, for long runs");
  app.add_option("--warm-up", settings.warm_up, "Seconds before it")->capture_default_str();
  app.add_flag("--together", settings.together, "All at the same time: for a machine that others use as well");
  app.add_flag("--rss", settings.resident, "A line with the resident memory each minute");
  app.add_flag("--keep", settings.keep, "Leave the data");
  app.add_option("--bellwether", settings.bellwether, "The program")->capture_default_str();
  app.add_option("--directory", settings.directory, "Where the data go; default: a new one under TMPDIR");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  if (settings.directory.empty()) {
    std::string path = fs::temp_directory_path() / "bellwether_side_by_side_XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return 1;
    settings.directory = path;
  }
  for (const int series : settings.series) {
    const Exporters exporters(series);
    std::vector<System> all;
    for (const std::string& name : settings.only) {
      all.push_back(make_system(name, settings, settings.directory + "/" + std::to_string(series) + "-" + name));
    }
    if (settings.together) {
      measure(all, settings, exporters);
    } else {
      for (System& system : all) {
        std::vector<System> one;
        one.push_back(std::move(system));
        measure(one, settings, exporters);
        if (!one.empty()) system = std::move(one.front());
      }
    }
    print(all, exporters.series(), settings.minutes > 0 ? settings.minutes * 60 : settings.seconds);
  }
  if (!settings.keep) fs::remove_all(settings.directory);
  return 0;
}
