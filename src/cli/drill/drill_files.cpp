// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/drill/drill_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

namespace {

namespace fs = std::filesystem;

bool is_duration(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

/// [5m] becomes [3s], `offset 1h` becomes `offset 5s`.
std::string shorten_line(std::string_view line) {
  std::string out;
  while (!line.empty()) {
    constexpr std::string_view offset = " offset ";
    if (line.front() == '[') {
      const std::size_t end = line.find(']');
      if (end != std::string_view::npos && is_duration(line.substr(1, end - 1))) {
        out += line[end - 1] == 'd' ? "[60s]" : "[3s]";
        line.remove_prefix(end + 1);
        continue;
      }
    } else if (line.starts_with(offset)) {
      line.remove_prefix(offset.size());
      const auto end = std::find_if(line.begin(), line.end(), [](unsigned char c) { return std::isalnum(c) == 0; });
      line.remove_prefix(static_cast<std::size_t>(end - line.begin()));
      out += " offset 5s";
      continue;
    }
    out += line.front();
    line.remove_prefix(1);
  }
  return out;
}

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in && text.empty()) return Error{path.string() + " cannot be read"};
  return text;
}

Result<void> write_file(const fs::path& path, const std::string& text) {
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out << text;
  out.close();
  if (!out) return Error{path.string() + " cannot be written"};
  return {};
}

Result<void> write_rules(const DrillFiles& files, const fs::path& folder) {
  std::error_code wrong;
  std::size_t written = 0;
  for (const auto& pack : fs::directory_iterator{files.packs, wrong}) {
    for (const char* const place : {"rules", "rules/optional"}) {
      for (const auto& rules : fs::directory_iterator{pack.path() / place, wrong}) {
        if (rules.path().extension() != ".yml") continue;
        const auto text = read_file(rules.path());
        if (!text) return text.error();
        const std::string name = pack.path().filename().string() + '-' + (place[5] == '/' ? "optional-" : "") +
                                 rules.path().filename().string();
        if (auto done = write_file(folder / name, files.shortened ? shorten_rules(*text) : *text); !done) return done;
        ++written;
      }
    }
  }
  if (written == 0) return Error{"no rules in " + files.packs + "; --packs names the project's folder packs"};
  return {};
}

std::string prometheus_yml(const DrillFiles& files) {
  std::string text =
      "global:\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\n  evaluation_interval: 200ms\n"
      "rule_files:\n  - rules/*.yml\n";
  if (!files.alertmanager.empty()) {
    text += fmt::format("alerting:\n  alertmanagers:\n    - static_configs:\n        - targets: [\"{}\"]\n",
                        files.alertmanager);
  }
  // The stand-in says itself of which job and instance its series are.
  text += files.desk.empty()
              ? fmt::format(
                    "scrape_configs:\n  - job_name: drill\n    honor_labels: true\n    static_configs:\n"
                    "      - targets: [\"127.0.0.1:{}\"]\n",
                    files.port)
              : fmt::format("scrape_configs:\n  - job_name: desk\n    static_configs:\n      - targets: [\"{}\"]\n",
                            files.desk);
  return text;
}

std::string alertmanager_yml(const DrillFiles& files) {
  return fmt::format(
      "route:\n  receiver: drill\n  group_by: ['...']\n  group_wait: 0s\n  group_interval: 1s\n  repeat_interval: 1h\n"
      "receivers:\n  - name: drill\n    webhook_configs:\n      - url: http://127.0.0.1:{}/alerts\n"
      "        send_resolved: true\n",
      files.port);
}

}  // namespace

std::string shorten_rules(std::string_view yaml) {
  std::string out;
  while (!yaml.empty()) {
    const std::string_view line = yaml.substr(0, yaml.find('\n'));
    yaml.remove_prefix(std::min(line.size() + 1, yaml.size()));
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    const std::string_view rest = line.substr(begin);
    if (rest.starts_with("interval: ")) continue;
    if (rest.starts_with("for: ") || rest.starts_with("keep_firing_for: ")) {
      out.append(line.substr(0, line.find(':'))).append(": 0s\n");
    } else {
      out.append(rest.starts_with('#') ? std::string{line} : shorten_line(line)).append("\n");
    }
  }
  return out;
}

Result<void> write_drill_files(const DrillFiles& files) {
  const fs::path folder{files.directory};
  std::error_code wrong;
  fs::create_directories(folder / "rules", wrong);
  if (wrong) return Error{files.directory + " cannot be made: " + wrong.message()};
  if (auto done = write_rules(files, folder / "rules"); !done) return done;
  if (auto done = write_file(folder / "prometheus.yml", prometheus_yml(files)); !done) return done;
  // A drill raises dozens of alerts at once and wants each by itself; Alertmanager does not look at this file.
  if (auto done = write_file(folder / "bellwether.yml", "digest:\n  max_messages: 0\n"); !done) return done;
  return write_file(folder / "alertmanager.yml", alertmanager_yml(files));
}

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
