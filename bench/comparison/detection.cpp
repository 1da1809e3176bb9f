// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// From a kill switch that is set in an engine to the HTTP request at a person's receiver, over the loopback: Bellwether, and
// Prometheus with Alertmanager. See bench/detection.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "comparison/receiver.hpp"
#include "comparison/watched_process.hpp"

namespace {

namespace fs = std::filesystem;
using namespace bellwether;
using namespace bellwether::bench;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Way {
  std::string name;
  bool ours;
  bool pushed;
  std::string scrape;
  std::string evaluation;
  std::string group_wait;
  double longest;  ///< seconds: trials begin at any moment of this time, and are given up after ten times as much
};

const std::vector<Way>& ways() {
  static const std::vector<Way> all{
      {"bellwether, pushed", true, true, "15s", "15s", "10s", 1},
      {"bellwether, pulled each 100 ms", true, false, "100ms", "100ms", "0s", 1},
      {"bellwether, pulled each second", true, false, "1s", "1s", "0s", 2},
      {"theirs, 100 ms / 100 ms / 0 s", false, false, "100ms", "100ms", "0s", 1},
      {"theirs, 1 s / 1 s / 0 s", false, false, "1s", "1s", "0s", 2},
      {"theirs, 5 s / 15 s / 10 s", false, false, "5s", "15s", "10s", 15},
  };
  return all;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

/// The same three files for all of them; each trial is a series of its own, and so a group that nobody was told of.
void write_config(const Way& way, const std::string& directory, const std::string& target, const std::string& hook,
                  std::uint16_t alertmanager) {
  std::string prometheus = "global:\n  scrape_interval: " + way.scrape + "\n  scrape_timeout: " + way.scrape +
                           "\n  evaluation_interval: " + way.evaluation + "\nrule_files: [rules.yml]\n";
  if (alertmanager != 0) {
    prometheus += "alerting:\n  alertmanagers:\n    - static_configs:\n        - targets: ['127.0.0.1:" +
                  std::to_string(alertmanager) + "']\n";
  }
  prometheus += "scrape_configs:\n  - job_name: engine\n    static_configs:\n      - targets: ['" + target + "']\n";
  write(directory + "/prometheus.yml", prometheus);
  write(directory + "/rules.yml",
        "groups:\n  - name: kill\n    rules:\n      - alert: KillSwitch\n        expr: " +
            std::string(way.pushed ? "kill_switch_pushed" : "kill_switch") +
            " == 1\n        labels:\n          severity: critical\n          urgent: \"true\"\n");
  write(directory + "/alertmanager.yml",
        "route:\n  receiver: person\n  group_by: [trial]\n  group_wait: " + way.group_wait +
            "\n  group_interval: 5m\nreceivers:\n  - name: person\n    webhook_configs:\n"
            "      - url: " +
            hook + "\n        send_resolved: false\n");
}

std::vector<std::vector<std::string>> commands(const Way& way, const std::string& directory, const std::string& program,
                                               std::uint16_t port, std::uint16_t alertmanager) {
  const std::string address = "127.0.0.1:" + std::to_string(port);
  if (way.ours) {
    return {{program, "monitor", "--config", directory + "/prometheus.yml", "--alertmanager-config",
             directory + "/alertmanager.yml", "--directory", directory + "/data", "--listen", address}};
  }
  return {{"prometheus-alertmanager", "--config.file=" + directory + "/alertmanager.yml",
           "--storage.path=" + directory + "/alertmanager",
           "--web.listen-address=127.0.0.1:" + std::to_string(alertmanager),
           "--cluster.listen-address=", "--log.level=warn"},
          {"prometheus", "--config.file=" + directory + "/prometheus.yml", "--storage.tsdb.path=" + directory + "/data",
           "--web.listen-address=" + address, "--log.level=warn"}};
}

bool wait_until(Clock::duration patience, const std::function<bool()>& true_now) {
  for (const Clock::time_point end = Clock::now() + patience; Clock::now() < end;) {
    if (true_now()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return false;
}

/// Milliseconds of each trial that arrived.
std::vector<double> measure(const Way& way, int trials, const std::string& program, const std::string& directory) {
  fs::create_directories(directory + "/data");
  Registry registry;
  const auto pushed = registry.gauge<"trial">("kill_switch_pushed", "1: all trading stops.", {.urgent = true}).value();
  const auto pulled = registry.gauge<"trial">("kill_switch", "1: all trading stops.").value();
  const Exporter exporter = Exporter::start(registry, {.port = 0}).value();
  Receiver receiver;
  const std::string target = "127.0.0.1:" + std::to_string(exporter.port());
  const std::uint16_t port = free_port();
  const std::uint16_t alertmanager = way.ours ? std::uint16_t{0} : free_port();
  write_config(way, directory, target, receiver.url(), alertmanager);
  std::vector<WatchedProcess> processes;
  for (const auto& command : commands(way, directory, program, port, alertmanager)) {
    processes.emplace_back(command, directory + "/output" + std::to_string(processes.size()));
  }
  std::vector<double> milliseconds;
  const bool runs = wait_until(std::chrono::seconds{60}, [&] {
    const auto page = get(port, "/api/v1/query?query=up");
    return page && page->find("\"1\"]") != std::string::npos;
  });
  if (!runs) {
    std::fprintf(stderr, "%s does not scrape; see %s/output0\n", way.name.c_str(), directory.c_str());
    return milliseconds;
  }
  std::this_thread::sleep_for(std::chrono::seconds{2});
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> phase(0, way.longest);
  for (int trial = 0; trial < trials; ++trial) {
    const std::string name = std::to_string(trial);
    const Gauge gauge = way.pushed ? pushed.at(name) : pulled.at(name);
    gauge.set(0);
    std::this_thread::sleep_for(Seconds(0.3 + phase(random)));
    const Clock::time_point begin = Clock::now();
    gauge.set(1);
    if (const auto arrived =
            receiver.arrival(name, std::chrono::duration_cast<Clock::duration>(Seconds(way.longest * 10)))) {
      milliseconds.push_back(std::chrono::duration<double, std::milli>(*arrived - begin).count());
    }
    gauge.set(0);
  }
  return milliseconds;
}

void print(const Way& way, int trials, std::vector<double> milliseconds) {
  if (milliseconds.empty()) {
    std::printf("| %s | - | - | 0 of %d |\n", way.name.c_str(), trials);
    return;
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  const std::size_t count = milliseconds.size();
  const double median = (milliseconds[(count - 1) / 2] + milliseconds[count / 2]) / 2;
  std::printf("| %s | %.1f ms | %.1f ms | %zu of %d |\n", way.name.c_str(), median, milliseconds.back(), count, trials);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  int trials = 30;
  int slow_trials = 30;
  std::string only;
  std::string program = "bellwether";
  CLI::App app{"From a kill switch to the request at a receiver: Bellwether, Prometheus and Alertmanager"};
  app.add_option("--trials", trials, "Of each way")->capture_default_str();
  app.add_option("--slow-trials", slow_trials, "Of the way that takes some twenty seconds a trial")
      ->capture_default_str();
  app.add_option("--only", only, "Ways whose name begins so");
  app.add_option("--bellwether", program, "The program")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  std::string directory = fs::temp_directory_path() / "bellwether_detection_XXXXXX";
  if (::mkdtemp(directory.data()) == nullptr) return 1;
  std::printf("| scrape / evaluation / group_wait | median | at most | arrived |\n|---|---|---|---|\n");
  std::fflush(stdout);
  int number = 0;
  for (const Way& way : ways()) {
    if (!way.name.starts_with(only)) continue;
    const int count = way.longest > 10 ? slow_trials : trials;
    print(way, count, measure(way, count, program, directory + "/" + std::to_string(number++)));
  }
  fs::remove_all(directory);
  return 0;
}
