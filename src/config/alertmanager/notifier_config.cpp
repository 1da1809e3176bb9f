// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/alertmanager/notifier_config.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "config/alertmanager/readers.hpp"
#include "config/prometheus/discovery_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr YamlLimits limits{.max_bytes = std::size_t{4} << 20, .max_depth = 64, .max_nodes = 500'000};

std::filesystem::path folder_of(const std::string& name) {
  return std::filesystem::path(name).parent_path();
}

void fill_in_global(const NotifierEnvironment& environment, NotifierGlobal& global) {
  fill_in(global.slack_api_url, global.slack_api_url_file, environment.slack_webhook_url);
  if (global.smtp_auth_username.empty()) global.smtp_auth_username = environment.smtp_user;
  if (global.smtp_auth_secret.empty() && global.smtp_auth_secret_file.empty()) {
    fill_in(global.smtp_auth_password, global.smtp_auth_password_file, environment.smtp_password);
  }
}

void read_templates(SectionReader& section, std::vector<std::string>& into) {
  section.each("templates", [&](const YamlNode& item) {
    if (item.kind() != YamlNode::Kind::Scalar || item.text().empty()) {
      section.context().wrong(item, "each entry of templates must be a path");
    } else if (!is_glob(item.text())) {
      section.context().wrong(item, "only the last part of a path may hold *: move the files into one folder");
    } else {
      into.push_back(section.context().beside(item.text()));
    }
  });
}

Names read_receivers(SectionReader& section, const NotifierEnvironment& environment, NotifierConfig& config) {
  Names names;
  section.each("receivers", [&](const YamlNode& item) {
    ReceiverConfig receiver = read_receiver(item, section.context(), config.global, environment);
    if (!receiver.name.empty() && !names.insert(receiver.name).second) {
      section.context().wrong(item, "the receiver \"" + receiver.name + "\" stands twice: rename or join them");
    }
    config.receivers.push_back(std::move(receiver));
  });
  return names;
}

Names read_time_intervals(SectionReader& section, NotifierConfig& config) {
  Names names;
  for (const std::string_view key : {"mute_time_intervals", "time_intervals"}) {
    section.each(key, [&](const YamlNode& item) {
      TimeInterval interval = read_time_interval(item, section.context());
      if (!interval.name.empty() && !names.insert(interval.name).second) {
        section.context().wrong(item, "the time interval \"" + interval.name + "\" stands twice: rename one");
      }
      config.time_intervals.push_back(std::move(interval));
    });
  }
  return names;
}

// Gives the names of the receivers, which the extensions may name.
Names read_main(const YamlNode& root, ReadContext& context, const NotifierEnvironment& environment,
                NotifierConfig& config) {
  SectionReader section(root, "the configuration", context);
  if (const YamlNode* node = section.find("global")) read_notifier_global(*node, context, config.global);
  fill_in_global(environment, config.global);
  Names receivers = read_receivers(section, environment, config);
  const Names intervals = read_time_intervals(section, config);
  if (const YamlNode* node = section.find("route")) {
    config.route = read_route(*node, context, receivers, intervals);
    check_root_route(*node, context, config.route);
  } else {
    context.wrong(root, "there is no route: add `route: {receiver: ...}`");
  }
  section.each("inhibit_rules",
               [&](const YamlNode& item) { config.inhibit_rules.push_back(read_inhibit_rule(item, context)); });
  read_templates(section, config.templates);
  section.refuse("tracing", "the monitor sends no traces: remove it");
  section.finish();
  return receivers;
}

std::vector<std::string> environment_faults(const NotifierEnvironment& environment) {
  std::vector<std::string> faults;
  const std::string& url = environment.slack_webhook_url.reveal();
  if (!url.empty() && url.rfind("http://", 0) != 0 && url.rfind("https://", 0) != 0) {
    faults.emplace_back(
        "the environment's SLACK_WEBHOOK_URL must begin with http:// or https://: correct it, or unset it");
  }
  const std::string& key = environment.webhook_key.reveal();
  if (!key.empty() && key.size() < shortest_webhook_key) {
    faults.push_back("the environment's BELLWETHER_WEBHOOK_KEY is shorter than " +
                     std::to_string(shortest_webhook_key) +
                     " characters: make one with `openssl rand -hex 32`, or unset it");
  }
  return faults;
}

NotifierConfigReport read(const Result<YamlNode>& root, const std::string& name, const NotifierEnvironment& environment,
                          const std::optional<Result<YamlNode>>& extensions) {
  NotifierConfigReport report;
  if (!root) {
    report.errors.push_back(root.error().message);
    return report;
  }
  NotifierConfig config;
  ReadContext context(folder_of(name));
  const Names receivers = read_main(*root, context, environment, config);
  report.errors = context.take_errors();
  if (extensions && !*extensions) report.errors.push_back(extensions->error().message);
  if (extensions && *extensions) {
    ReadContext extension_context(folder_of(name));
    read_extensions(**extensions, extension_context, receivers, config.extensions);
    for (std::string& error : extension_context.take_errors()) report.errors.push_back(std::move(error));
  }
  fill_in(config.extensions.webhook_key, config.extensions.webhook_key_file, environment.webhook_key);
  for (std::string& error : environment_faults(environment)) report.errors.push_back(std::move(error));
  if (report.errors.empty()) report.config = std::move(config);
  return report;
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? "" : value;
}

}  // namespace

NotifierEnvironment NotifierEnvironment::of_process() {
  return {Secret(variable("SLACK_WEBHOOK_URL")), variable("SMTP_USER"), Secret(variable("SMTP_PASSWORD")),
          Secret(variable("PAGERDUTY_API_KEY")), Secret(variable("BELLWETHER_WEBHOOK_KEY"))};
}

NotifierConfigReport read_notifier_config(const std::string& path, const NotifierEnvironment& environment) {
  const std::string beside = (folder_of(path) / "bellwether.yml").string();
  std::optional<Result<YamlNode>> extensions;
  if (::access(beside.c_str(), F_OK) == 0) extensions = load_yaml(beside, limits);
  return read(load_yaml(path, limits), path, environment, extensions);
}

NotifierConfigReport read_notifier_config_text(std::string_view text, const std::string& name,
                                               const NotifierEnvironment& environment,
                                               std::optional<std::string_view> extensions) {
  std::optional<Result<YamlNode>> second;
  if (extensions) second = parse_yaml(*extensions, (folder_of(name) / "bellwether.yml").string(), limits);
  return read(parse_yaml(text, name, limits), name, environment, second);
}

Result<NotifierConfig> load_notifier_config(const std::string& path, const NotifierEnvironment& environment) {
  NotifierConfigReport report = read_notifier_config(path, environment);
  if (report.config) return std::move(*report.config);
  std::string all;
  for (const std::string& error : report.errors) all += (all.empty() ? "" : "\n") + error;
  return Error{std::move(all)};
}

bool is_notifier_config(const std::string& path) {
  const Result<YamlNode> root = load_yaml(path, limits);
  const auto has = [&](std::string_view key) { return root && root->find(key) != nullptr; };
  constexpr std::array<std::string_view, 4> ours{"route", "receivers", "inhibit_rules", "time_intervals"};
  constexpr std::array<std::string_view, 4> theirs{"scrape_configs", "rule_files", "alerting", "remote_write"};
  if (std::any_of(theirs.begin(), theirs.end(), has)) return false;
  return std::any_of(ours.begin(), ours.end(), has) ||
         std::filesystem::path(path).filename().string().rfind("alertmanager", 0) == 0;
}

const ReceiverConfig* find_receiver(const NotifierConfig& config, std::string_view name) noexcept {
  const auto found = std::find_if(config.receivers.begin(), config.receivers.end(),
                                  [&](const ReceiverConfig& receiver) { return receiver.name == name; });
  return found == config.receivers.end() ? nullptr : &*found;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
