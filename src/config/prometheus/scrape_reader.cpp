// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/scrape_reader.hpp"

#include <algorithm>

#include "config/prometheus/discovery_reader.hpp"
#include "config/prometheus/http_client_reader.hpp"
#include "config/prometheus/relabel_reader.hpp"
#include "config/prometheus/scrape_values.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

void read_job_name(SectionReader& section, ScrapeConfig& job, const std::string& file, JobNames& jobs) {
  section.text("job_name", job.job_name);
  if (job.job_name.empty()) {
    section.wrong("job_name", "a job without job_name: add it");
    return;
  }
  if (!is_utf8_text(job.job_name)) section.wrong("job_name", "job_name must be UTF-8");
  const YamlNode* const node = section.find("job_name");
  const auto [first, fresh] = jobs.emplace(job.job_name, file + ":" + std::to_string(node->position().line));
  if (!fresh) {
    section.wrong("job_name", "the job name \"" + job.job_name + "\" stands twice (first at " + first->second +
                                  "): give each job a name of its own");
  }
}

void read_intervals(SectionReader& section, ScrapeConfig& job, const GlobalConfig& global) {
  job.scrape_interval = global.scrape_interval;
  read_interval(section, "scrape_interval", job.scrape_interval);
  std::chrono::milliseconds timeout{0};
  section.duration("scrape_timeout", timeout);
  if (timeout > job.scrape_interval) {
    section.wrong("scrape_timeout",
                  "scrape_timeout is longer than the scrape_interval of this job: make it as long at most");
  }
  job.scrape_timeout = timeout.count() != 0 ? timeout : std::min(global.scrape_timeout, job.scrape_interval);
}

void read_url_parts(SectionReader& section, ScrapeConfig& job) {
  section.text("metrics_path", job.metrics_path);
  if (job.metrics_path.empty()) job.metrics_path = "/metrics";
  if (section.text("scheme", job.scheme) && job.scheme != "http" && job.scheme != "https") {
    section.wrong("scheme", "scheme must be http or https");
  }
  section.each_entry("params", [&](const YamlNode& node) {
    std::vector<std::string>& values = job.params[node.key()];
    if (node.is_null()) return;
    bool good = node.kind() == YamlNode::Kind::Sequence;
    for (const YamlNode& value : node.items()) {
      good = good && value.kind() == YamlNode::Kind::Scalar;
      values.push_back(value.text());
    }
    if (!good) section.context().wrong(node, "each of params must be a list of texts, as in `module: [http_2xx]`");
  });
}

void read_histograms(SectionReader& section, ScrapeConfig& job) {
  section.boolean("scrape_native_histograms", job.scrape_native_histograms);
  section.boolean("scrape_classic_histograms", job.always_scrape_classic_histograms);  // its name until Prometheus 3
  section.boolean("always_scrape_classic_histograms", job.always_scrape_classic_histograms);
  refuse_conversion(section);
  section.count("native_histogram_bucket_limit", job.native_histogram_bucket_limit);
  section.number("native_histogram_min_bucket_factor", job.native_histogram_min_bucket_factor);
  if (job.native_histogram_min_bucket_factor < 0) {
    section.wrong("native_histogram_min_bucket_factor",
                  "native_histogram_min_bucket_factor must be above 1, or 0 for none");
  }
}

void read_protocols(SectionReader& section, ScrapeConfig& job, const GlobalConfig& global) {
  job.scrape_protocols = global.scrape_protocols;
  read_scrape_protocols(section, job.scrape_protocols);
  if (job.scrape_protocols.empty()) job.scrape_protocols = default_scrape_protocols(job.scrape_native_histograms);
  static const std::vector<std::string_view> names = names_of_first<ScrapeProtocol, 5>();
  if (const auto fallback = section.choice("fallback_scrape_protocol", names)) {
    job.fallback_scrape_protocol = static_cast<ScrapeProtocol>(*fallback);
  }
}

}  // namespace

std::vector<ScrapeProtocol> default_scrape_protocols(bool native) {
  using enum ScrapeProtocol;
  std::vector<ScrapeProtocol> protocols{open_metrics_text_1_0_0, open_metrics_text_0_0_1, prometheus_text_1_0_0,
                                        prometheus_text_0_0_4};
  if (native) protocols.insert(protocols.begin(), prometheus_proto);
  return protocols;
}

ScrapeConfig read_scrape_config(const YamlNode& node, ReadContext& context, const GlobalConfig& global,
                                const std::string& file, JobNames& jobs) {
  SectionReader section(node, "scrape_configs", context);
  ScrapeConfig job;
  read_job_name(section, job, file, jobs);
  read_intervals(section, job, global);
  read_url_parts(section, job);
  section.boolean("honor_labels", job.honor_labels);
  section.boolean("honor_timestamps", job.honor_timestamps);
  section.boolean("track_timestamps_staleness", job.track_timestamps_staleness);
  section.boolean("enable_compression", job.enable_compression);
  job.scrape_native_histograms = global.scrape_native_histograms;
  job.always_scrape_classic_histograms = global.always_scrape_classic_histograms;
  read_histograms(section, job);
  read_protocols(section, job, global);
  job.metric_name_validation_scheme = global.metric_name_validation_scheme;
  job.metric_name_escaping_scheme = global.metric_name_escaping_scheme;
  read_name_schemes(section, job.metric_name_validation_scheme, job.metric_name_escaping_scheme);
  job.limits = global.limits;
  read_limits(section, job.limits);
  context.validation = job.metric_name_validation_scheme;
  read_http_client(section, job.http);
  read_discovery(section, job.discovery);
  read_relabel_configs(section, "relabel_configs", job.relabel_configs);
  read_relabel_configs(section, "metric_relabel_configs", job.metric_relabel_configs);
  section.refuse("scrape_failure_log_file", "/api/v1/targets and the log say why a scrape failed: remove it");
  section.refuse("extra_scrape_metrics", "the series of a scrape are always the same: remove it");
  section.finish();
  context.validation = global.metric_name_validation_scheme;
  return job;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
