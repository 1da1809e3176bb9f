// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// The same samples by remote write into Prometheus, VictoriaMetrics (without its cache) and our monitor, then the same range
// queries to each by turns: median and 99th percentile of the latency, processor time a query, memory, and the ratios.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "comparison/query_data.hpp"
#include "comparison/watched_process.hpp"
#include "net/http_client.hpp"

namespace {

namespace fs = std::filesystem;
using namespace bellwether;
using namespace bellwether::bench;
using Clock = std::chrono::steady_clock;

struct Settings {
  std::size_t series = 10'000;
  double hours = 24;
  std::int64_t step_ms = 15'000;
  double range_minutes = 60;
  double query_step = 15;
  int rounds = 11;
  std::string bellwether = "bellwether";
  std::string queries;
  std::string directory;
  std::vector<std::string> only{"prometheus", "victoria-metrics", "bellwether"};
};

struct System {
  std::string name;
  std::uint16_t port = 0;
  std::unique_ptr<WatchedProcess> process;
  net::HttpClient client;
  double write_cpu = 0;
  double most_resident = 0;

  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port) + path; }
};

struct Figures {
  std::vector<double> milliseconds;
  double cpu_milliseconds = 0;
  std::size_t series = 0;
  std::size_t points = 0;
  std::string error;

  double quantile(double q) const {
    std::vector<double> sorted = milliseconds;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.empty()) return NAN;
    const double place = std::ceil(q * static_cast<double>(sorted.size())) - 1;
    return sorted[static_cast<std::size_t>(std::max(0.0, place))];
  }
};

std::unique_ptr<System> start(const std::string& name, const Settings& settings) {
  auto system = std::make_unique<System>();
  system->name = name;
  system->port = free_port();
  const std::string directory = settings.directory + "/" + name;
  fs::create_directories(directory + "/data");
  std::ofstream(directory + "/prometheus.yml") << "global:\n  scrape_interval: 1m\n";
  const std::string config = directory + "/prometheus.yml";
  const std::string address = "127.0.0.1:" + std::to_string(system->port);
  std::vector<std::string> arguments;
  if (name == "prometheus") {
    arguments = {"prometheus",
                 "--config.file=" + config,
                 "--storage.tsdb.path=" + directory + "/data",
                 "--web.listen-address=" + address,
                 "--web.enable-remote-write-receiver",
                 "--enable-feature=native-histograms",
                 "--log.level=warn",
                 "--storage.tsdb.retention.time=30d"};
  } else if (name == "victoria-metrics") {
    arguments = {"victoria-metrics",           "-storageDataPath=" + directory + "/data",
                 "-httpListenAddr=" + address, "-search.disableCache",
                 "-search.latencyOffset=0s",   "-loggerLevel=WARN",
                 "-retentionPeriod=1"};
  } else {
    arguments = {settings.bellwether,     "monitor",           "--config", config,
                 "--directory",           directory + "/data", "--listen", address,
                 "--receive-remote-write"};
  }
  system->process = std::make_unique<WatchedProcess>(arguments, directory + "/output");
  for (const Clock::time_point begin = Clock::now(); Clock::now() - begin < std::chrono::minutes{1};) {
    if (get(system->port, name == "victoria-metrics" ? "/health" : "/-/ready")) return system;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  std::fprintf(stderr, "%s did not start; see %s/output\n", name.c_str(), directory.c_str());
  return nullptr;
}

bool write(System& system, const std::string& body) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const net::HttpResult answer = system.client.send({.method = "POST",
                                                       .url = system.url("/api/v1/write"),
                                                       .headers = {{"Content-Type", "application/x-protobuf"},
                                                                   {"Content-Encoding", "snappy"},
                                                                   {"X-Prometheus-Remote-Write-Version", "0.1.0"}},
                                                       .body = body,
                                                       .timeout = std::chrono::minutes{2}});
    if (answer && answer->is_success()) return true;
    if (attempt == 99 || (answer && answer->status == 400)) {
      std::fprintf(stderr, "%s refuses: %s\n", system.name.c_str(),
                   answer ? answer->body.c_str() : answer.error().message.c_str());
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  return false;
}

/// All samples; false when somebody does not take them.
bool fill(std::vector<std::unique_ptr<System>>& systems, const Settings& settings, std::int64_t from, std::int64_t to) {
  QueryData data(settings.series);
  constexpr std::size_t slice = 40;  // samples of a series in a message
  constexpr std::size_t together = 500;
  std::atomic<bool> good = true;
  for (std::int64_t time = from; time < to && good; time += settings.step_ms * static_cast<std::int64_t>(slice)) {
    const auto left = static_cast<std::size_t>((to - time + settings.step_ms - 1) / settings.step_ms);
    for (std::size_t first = 0; first < data.size(); first += together) {
      const std::string body = data.message(first, together, time, settings.step_ms, std::min(slice, left));
      std::vector<std::thread> senders;
      senders.reserve(systems.size());
      for (auto& system : systems) {
        senders.emplace_back([&, to_system = system.get()] {
          if (!write(*to_system, body)) good = false;
        });
      }
      for (std::thread& sender : senders) sender.join();
    }
    std::fprintf(stderr, "\rwritten %.1f %%",
                 100.0 * static_cast<double>(time - from) / static_cast<double>(to - from));
  }
  std::fprintf(stderr, "\n");
  return good;
}

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char part[4];
    std::snprintf(part, sizeof(part), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += part;
  }
  return out;
}

std::size_t times_found(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

void ask(System& system, const std::string& form, Figures& figures) {
  const Clock::time_point begin = Clock::now();
  const net::HttpResult answer = system.client.send({.method = "POST",
                                                     .url = system.url("/api/v1/query_range"),
                                                     .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                                                     .body = form,
                                                     .timeout = std::chrono::minutes{2},
                                                     .max_response_bytes = std::size_t{1} << 30U});
  figures.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  if (!answer || !answer->is_success()) {
    figures.error = answer ? answer->body.substr(0, 200) : answer.error().message;
    return;
  }
  figures.series = times_found(answer->body, "\"metric\":");
  figures.points = times_found(answer->body, ",\"");
}

/// Geometric mean of ratios: one long query does not drown the others.
struct Mean {
  double logarithms = 0;
  int count = 0;
  double least = INFINITY;
  void add(double ratio) {
    if (!(ratio > 0) || std::isinf(ratio)) return;
    logarithms += std::log(ratio);
    ++count;
    least = std::min(least, ratio);
  }
  double value() const { return count == 0 ? NAN : std::exp(logarithms / count); }
};

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app{"The same queries to Prometheus, VictoriaMetrics and Bellwether's monitor over the same samples"};
  app.add_option("--series", settings.series, "How many")->capture_default_str();
  app.add_option("--hours", settings.hours, "Of samples, that end now")->capture_default_str();
  app.add_option("--interval-ms", settings.step_ms, "Between two samples")->capture_default_str();
  app.add_option("--range-minutes", settings.range_minutes, "That a query looks at")->capture_default_str();
  app.add_option("--step", settings.query_step, "Seconds, of a query")->capture_default_str();
  app.add_option("--rounds", settings.rounds, "How often each query is asked; the first does not count")
      ->capture_default_str();
  app.add_option("--only", settings.only, "Which of the three")->delimiter(',')->capture_default_str();
  app.add_option("--bellwether", settings.bellwether, "The program")->capture_default_str();
  app.add_option("--queries", settings.queries, "File of lines `set | query`")->required();
  app.add_option("--directory", settings.directory,
                 "Where the data go, and stay: a later run with it only asks. Default: a new one under TMPDIR, removed "
                 "at the end");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  const bool temporary = settings.directory.empty();
  if (temporary) {
    std::string path = fs::temp_directory_path() / "bellwether_query_side_by_side_XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return 1;
    settings.directory = path;
  }
  settings.directory = fs::absolute(settings.directory);
  std::vector<std::unique_ptr<System>> systems;
  for (const std::string& name : settings.only) {
    systems.push_back(start(name, settings));
    if (systems.back() == nullptr) return 1;
  }
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  std::int64_t to = 0;
  const std::string filled = settings.directory + "/filled_until";
  if (!(std::ifstream(filled) >> to)) {
    to = now / 60'000 * 60'000;
    const auto from = to - static_cast<std::int64_t>(settings.hours * 3'600'000);
    if (!fill(systems, settings, from, to)) return 1;
    std::ofstream(filled) << to;
  }
  for (auto& system : systems) system->write_cpu = system->process->cpu_seconds();
  std::this_thread::sleep_for(std::chrono::seconds{3});  // VictoriaMetrics shows what is a second old

  std::printf("| set | query | series |");
  for (auto& system : systems) std::printf(" %s: median, p99, CPU ms |", system->name.c_str());
  std::printf(" ours: times faster (median), less CPU |\n|---|---|---|");
  for (std::size_t i = 0; i < systems.size(); ++i) std::printf("---|");
  std::printf("---|\n");
  std::array<std::array<Mean, 4>, 2> means;  // of the dashboards, of all: by latency and CPU, to each rival
  std::ifstream lines(settings.queries);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t bar = line.find(" | ");
    if (line.empty() || line[0] == '#' || bar == std::string::npos) continue;
    const std::string set = line.substr(0, bar);
    const std::string query = line.substr(bar + 3);
    char times[160];
    // Half a second off: no window ends at a sample.
    const double end = static_cast<double>(to) / 1000 - 30.5;
    std::snprintf(times, sizeof(times), "&start=%.3f&end=%.3f&step=%g", end - settings.range_minutes * 60, end,
                  settings.query_step);
    const std::string form = "query=" + encoded(query) + times;
    std::vector<Figures> figures(systems.size());
    for (std::size_t i = 0; i < systems.size(); ++i) ask(*systems[i], form, figures[i]);
    for (Figures& each : figures) each.milliseconds.clear();
    // One after the other, so that each is alone with its processor time; by turns would share the caches' state.
    for (std::size_t i = 0; i < systems.size(); ++i) {
      const double before = systems[i]->process->fine_cpu_seconds();
      for (int round = 1; round < settings.rounds; ++round) ask(*systems[i], form, figures[i]);
      figures[i].cpu_milliseconds =
          (systems[i]->process->fine_cpu_seconds() - before) * 1000 / std::max(1, settings.rounds - 1);
      systems[i]->most_resident = std::max(systems[i]->most_resident, systems[i]->process->resident());
    }
    std::printf("| %s | `%s` | %zu |", set.c_str(), query.c_str(), figures.back().series);
    const auto has_none = [&](const Figures& each) { return each.series == 0 && figures.back().series > 0; };
    for (const Figures& each : figures) {
      if (has_none(each)) {
        std::printf(" |");  // VictoriaMetrics has no native histograms
        continue;
      }
      std::printf(" %.1f, %.1f, %.2f |", each.quantile(0.5), each.quantile(0.99), each.cpu_milliseconds);
    }
    for (std::size_t i = 0; i + 1 < systems.size() && i < 2; ++i) {
      if (has_none(figures[i])) continue;
      const double faster = figures[i].quantile(0.5) / figures.back().quantile(0.5);
      const double less = figures[i].cpu_milliseconds / figures.back().cpu_milliseconds;
      std::printf(" %.1f ×, %.1f ×%s", faster, less, i == 0 && systems.size() > 2 ? ";" : "");
      for (int group = set == "dashboard" ? 0 : 1; group < 2; ++group) {
        means[static_cast<std::size_t>(group)][2 * i].add(faster);
        means[static_cast<std::size_t>(group)][2 * i + 1].add(less);
      }
    }
    std::printf(" |\n");
    std::fflush(stdout);
    for (std::size_t i = 0; i < systems.size(); ++i) {
      if (!figures[i].error.empty())
        std::fprintf(stderr, "%s: %s\n", systems[i]->name.c_str(), figures[i].error.c_str());
      if (figures[i].series != figures.back().series) {
        std::fprintf(stderr, "%s gave %zu series to ours' %zu: %s\n", systems[i]->name.c_str(), figures[i].series,
                     figures.back().series, query.c_str());
      }
    }
  }
  for (std::size_t group = 0; group < 2; ++group) {
    std::printf("\n%s:", group == 0 ? "dashboard queries" : "all queries");
    for (std::size_t i = 0; i + 1 < systems.size() && i < 2; ++i) {
      std::printf(" %s %.1f × by median (least %.1f), %.1f × by CPU (least %.1f);", systems[i]->name.c_str(),
                  means[group][2 * i].value(), means[group][2 * i].least, means[group][2 * i + 1].value(),
                  means[group][2 * i + 1].least);
    }
  }
  std::printf("\n");
  for (auto& system : systems) {
    std::printf("%s: %.1f s of CPU to take the samples, at most %.0f MiB resident while it answered\n",
                system->name.c_str(), system->write_cpu, system->most_resident);
    system->process->end(SIGTERM);
  }
  systems.clear();
  if (temporary) fs::remove_all(settings.directory);
  return 0;
}
