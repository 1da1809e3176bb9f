// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/prometheus_config.hpp"

#include <glob.h>

#include "config/prometheus/discovery_reader.hpp"
#include "config/prometheus/scrape_reader.hpp"
#include "config/prometheus/section_reader.hpp"
#include "config/prometheus/sending_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

// Fleets have long lists of targets; a file of this size is still read in a second.
constexpr YamlLimits limits{.max_bytes = std::size_t{8} << 20, .max_depth = 32, .max_nodes = 1'000'000};

std::filesystem::path folder_of(const std::string& name) {
  return std::filesystem::path(name).parent_path();
}

void read_globs(SectionReader& section, std::string_view key, std::vector<std::string>& into) {
  section.each(key, [&](const YamlNode& node) {
    if (node.kind() != YamlNode::Kind::Scalar || node.text().empty()) {
      section.context().wrong(node, "each entry must be a path, in " + std::string(key));
    } else if (!is_glob(node.text())) {
      section.context().wrong(node, "only the last part of a path may hold *: move the files into one folder");
    } else {
      into.push_back(section.context().beside(node.text()));
    }
  });
}

void read_storage(const YamlNode& node, ReadContext& context, StorageConfig& storage) {
  SectionReader section(node, "storage", context);
  if (const YamlNode* tsdb_node = section.find("tsdb")) {
    SectionReader tsdb(*tsdb_node, "storage.tsdb", context);
    tsdb.duration("out_of_order_time_window", storage.out_of_order_time_window);
    tsdb.refuse("retention", "give it to the monitor on its command line");
    tsdb.refuse("stale_series_compaction_threshold", "stale series are put away by themselves: remove it");
    tsdb.finish();
  }
  if (const YamlNode* exemplars_node = section.find("exemplars")) {
    SectionReader exemplars(*exemplars_node, "storage.exemplars", context);
    exemplars.count("max_exemplars", storage.max_exemplars);
    exemplars.finish();
  }
  section.finish();
}

// Jobs that stand in files of their own. Their errors come after those of the main file.
void read_job_files(PrometheusConfig& config, JobNames& jobs, std::vector<std::string>& errors) {
  for (const std::string& glob : config.scrape_config_files) {
    for (const std::string& path : find_files(glob)) {
      const Result<YamlNode> root = load_yaml(path, limits);
      if (!root) {
        errors.push_back(root.error().message);
        continue;
      }
      ReadContext context(folder_of(path));
      context.validation = config.global.metric_name_validation_scheme;
      SectionReader section(*root, "a file of scrape_config_files", context);
      section.each("scrape_configs", [&](const YamlNode& node) {
        config.scrape_configs.push_back(read_scrape_config(node, context, config.global, path, jobs));
        config.scrape_configs.back().source_file = path;
      });
      section.finish();
      for (std::string& error : context.take_errors()) errors.push_back(std::move(error));
    }
  }
}

PrometheusConfigReport read(const Result<YamlNode>& root, const std::string& name) {
  PrometheusConfigReport report;
  if (!root) {
    report.errors.push_back(root.error().message);
    return report;
  }
  PrometheusConfig config;
  ReadContext context(folder_of(name));
  JobNames jobs;
  SectionReader section(*root, "the configuration", context);
  if (const YamlNode* node = section.find("global")) read_global(*node, context, config.global);
  read_globs(section, "rule_files", config.rule_files);
  read_globs(section, "scrape_config_files", config.scrape_config_files);
  section.each("scrape_configs", [&](const YamlNode& node) {
    config.scrape_configs.push_back(read_scrape_config(node, context, config.global, name, jobs));
  });
  if (const YamlNode* node = section.find("alerting")) read_alerting(*node, context, config.alerting);
  std::set<std::string> names;
  section.each("remote_write",
               [&](const YamlNode& node) { config.remote_write.push_back(read_remote_write(node, context, names)); });
  if (const YamlNode* node = section.find("storage")) read_storage(*node, context, config.storage);
  section.refuse("remote_read", "queries are answered from this monitor's own storage: ask the other server itself");
  section.refuse("tracing", "the monitor sends no traces: remove it");
  section.refuse("runtime", "it sets Go's garbage collector, and there is none here: remove it");
  section.refuse("otlp", "OTLP is not received: let a collector send remote write instead");
  section.finish();
  report.errors = context.take_errors();
  read_job_files(config, jobs, report.errors);
  if (report.errors.empty()) report.config = std::move(config);
  return report;
}

Result<PrometheusConfig> one_error(PrometheusConfigReport report) {
  if (report.config) return std::move(*report.config);
  std::string all;
  for (const std::string& error : report.errors) all += (all.empty() ? "" : "\n") + error;
  return Error{std::move(all)};
}

}  // namespace

PrometheusConfigReport read_prometheus_config(const std::string& path) {
  return read(load_yaml(path, limits), path);
}

PrometheusConfigReport read_prometheus_config_text(std::string_view text, const std::string& name) {
  return read(parse_yaml(text, name, limits), name);
}

Result<PrometheusConfig> load_prometheus_config(const std::string& path) {
  return one_error(read_prometheus_config(path));
}

Result<PrometheusConfig> parse_prometheus_config(std::string_view text, const std::string& name) {
  return one_error(read_prometheus_config_text(text, name));
}

std::vector<std::string> find_files(const std::string& glob) {
  std::vector<std::string> files;
  glob_t found{};
  if (::glob(glob.c_str(), 0, nullptr, &found) == 0) {  // sorted
    for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
  }
  ::globfree(&found);
  return files;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
