// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/check_command.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/check_notifier.hpp"
#include "config/alertmanager/notifier_config.hpp"
#include "config/prometheus/prometheus_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

constexpr int invalid = 1;
constexpr int unreadable = 2;

struct CheckArguments {
  std::string file = "prometheus.yml";
  bool json = false;
};

struct Found {
  std::size_t static_targets = 0;
  std::size_t discoveries = 0;  // of files and URLs
  std::vector<std::string> rule_files;
  std::vector<std::string> warnings;
};

std::string plural(std::size_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// What is no error in the file, but will be missed when the monitor runs.
void look_for_file(const std::string& what, const std::string& path, Found& found) {
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0) {
    found.warnings.push_back(fmt::format("{} {} cannot be read", what, path));
  }
}

void look_for_files(const std::string& where, const config::HttpClientConfig& http, Found& found) {
  if (http.basic_auth) look_for_file(where + ": password_file", http.basic_auth->password_file, found);
  if (http.basic_auth) look_for_file(where + ": username_file", http.basic_auth->username_file, found);
  if (http.authorization) look_for_file(where + ": credentials_file", http.authorization->credentials_file, found);
  look_for_file(where + ": ca_file", http.tls.ca_file, found);
  look_for_file(where + ": cert_file", http.tls.cert_file, found);
  look_for_file(where + ": key_file", http.tls.key_file, found);
}

void look_at_discovery(const std::string& where, const config::DiscoveryConfig& discovery, Found& found) {
  found.discoveries += discovery.file_sd_configs.size() + discovery.http_sd_configs.size();
  for (const config::FileDiscoveryConfig& files : discovery.file_sd_configs) {
    for (const std::string& glob : files.files) {
      if (config::find_files(glob).empty()) found.warnings.push_back(fmt::format("{}: no file {} yet", where, glob));
    }
  }
  for (const config::HttpDiscoveryConfig& http : discovery.http_sd_configs) look_for_files(where, http.http, found);
}

Found look_around(const config::PrometheusConfig& config) {
  Found found;
  for (const config::ScrapeConfig& job : config.scrape_configs) {
    const std::string where = "job " + job.job_name;
    for (const config::TargetGroup& group : job.discovery.static_configs) found.static_targets += group.targets.size();
    look_at_discovery(where, job.discovery, found);
    look_for_files(where, job.http, found);
  }
  for (const config::RemoteWriteConfig& remote : config.remote_write) {
    look_for_files("remote_write " + (remote.name.empty() ? remote.url : remote.name), remote.http, found);
  }
  for (const config::AlertmanagerConfig& manager : config.alerting.alertmanagers) {
    look_at_discovery("alertmanagers", manager.discovery, found);
    look_for_files("alertmanagers", manager.http, found);
  }
  for (const std::string& glob : config.rule_files) {
    const std::vector<std::string> files = config::find_files(glob);
    if (files.empty()) found.warnings.push_back(fmt::format("rule_files: no file {}", glob));
    found.rule_files.insert(found.rule_files.end(), files.begin(), files.end());
  }
  return found;
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    out += out.size() > 1 ? ",\"" : "\"";
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20) {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + "]";
}

void print_json(const std::vector<std::string>& errors, const config::PrometheusConfig& config, const Found& found) {
  fmt::print(
      "{{\"valid\":{},\"errors\":{},\"warnings\":{},\"jobs\":{},\"static_targets\":{},\"discoveries\":{},\"rule_"
      "files\":{},"
      "\"remote_write\":{},\"alertmanagers\":{}}}\n",
      errors.empty(), json_list(errors), json_list(found.warnings), config.scrape_configs.size(), found.static_targets,
      found.discoveries, json_list(found.rule_files), config.remote_write.size(), config.alerting.alertmanagers.size());
}

void print_summary(const std::string& file, const config::PrometheusConfig& config, const Found& found) {
  fmt::print("{} is valid: {}, {}, {}, {}, remote write to {}\n", file, plural(config.scrape_configs.size(), "job"),
             plural(found.static_targets, "static target"), plural(found.discoveries, "discovery source"),
             plural(found.rule_files.size(), "rule file"), plural(config.remote_write.size(), "server"));
  for (const std::string& warning : found.warnings) fmt::print("  note: {}\n", warning);
}

int check(const CheckArguments& arguments) {
  if (config::is_notifier_config(arguments.file)) return check_notifier_file(arguments.file, arguments.json);
  const config::PrometheusConfigReport report = config::read_prometheus_config(arguments.file);
  const Found found = report.config ? look_around(*report.config) : Found{};
  const bool readable = ::access(arguments.file.c_str(), R_OK) == 0;
  if (arguments.json) {
    print_json(report.errors, report.config.value_or(config::PrometheusConfig{}), found);
  } else if (report.config) {
    print_summary(arguments.file, *report.config, found);
  } else {
    for (const std::string& error : report.errors) fmt::print(stderr, "{}\n", error);
    if (readable) fmt::print(stderr, "{}: {}\n", arguments.file, plural(report.errors.size(), "error"));
  }
  return report.config ? 0 : readable ? invalid : unreadable;
}

}  // namespace

void add_check_command(CLI::App& app, int& status) {
  CLI::App* const check_app = app.add_subcommand("check", "Check configuration files before they are used");
  check_app->require_subcommand(1);
  auto arguments = std::make_shared<CheckArguments>();
  CLI::App* const config = check_app->add_subcommand(
      "config",
      "Say everything that is wrong with a prometheus.yml or alertmanager.yml, with line, column and what to do");
  config->add_option("FILE", arguments->file, "The file")->capture_default_str();
  config->add_flag("--json", arguments->json, "Print one JSON object: valid, errors, warnings, what was found");
  config->footer(
      "Example: bellwether check config prometheus.yml\n"
      "An alertmanager.yml is known by its keys; bellwether.yml beside it is checked with it.\n"
      "Ends with 0 when the monitor would take the file, 1 when it would not, 2 when it cannot be read.");
  config->callback([arguments, &status] { status = check(*arguments); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
