// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <utility>

#include "base/duration.hpp"
#include "config/prometheus/byte_size.hpp"
#include "config/prometheus/prometheus_config.hpp"
#include "config/prometheus/yaml_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

void write(YamlWriter& yaml, std::string_view key, std::chrono::milliseconds value) {
  yaml.plain(key, format_duration(value));
}

void write_if(YamlWriter& yaml, std::string_view key, const std::string& value) {
  if (!value.empty()) yaml.text(key, value);
}

void write_if(YamlWriter& yaml, std::string_view key, const Secret& value) {
  if (!value.empty()) yaml.plain(key, to_string(value));
}

void write_if(YamlWriter& yaml, std::string_view key, std::uint64_t value) {
  if (value != 0) yaml.count(key, value);
}

void write_if(YamlWriter& yaml, std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) return;
  yaml.open(key);
  for (const std::string& value : values) yaml.entry(value);
  yaml.close();
}

void write_if(YamlWriter& yaml, std::string_view key, const Labels& labels) {
  if (labels.empty()) return;
  yaml.open(key);
  for (const auto& [name, value] : labels) yaml.text(name, value);
  yaml.close();
}

void write_limits(YamlWriter& yaml, const ScrapeLimits& limits) {
  if (limits.body_size != 0) yaml.plain("body_size_limit", print_byte_size(limits.body_size));
  write_if(yaml, "sample_limit", limits.samples);
  write_if(yaml, "target_limit", limits.targets);
  write_if(yaml, "label_limit", limits.labels);
  write_if(yaml, "label_name_length_limit", limits.label_name_length);
  write_if(yaml, "label_value_length_limit", limits.label_value_length);
  write_if(yaml, "keep_dropped_targets", limits.keep_dropped_targets);
}

void write_protocols(YamlWriter& yaml, const std::vector<ScrapeProtocol>& protocols) {
  yaml.open("scrape_protocols");
  for (const ScrapeProtocol protocol : protocols) yaml.entry(name_of(protocol));
  yaml.close();
}

void write_tls(YamlWriter& yaml, const ClientTlsConfig& tls) {
  constexpr std::string_view versions[] = {"TLS10", "TLS11", "TLS12", "TLS13"};
  if (tls == ClientTlsConfig{}) return;
  yaml.open("tls_config");
  write_if(yaml, "ca_file", tls.ca_file);
  write_if(yaml, "cert_file", tls.cert_file);
  write_if(yaml, "key_file", tls.key_file);
  write_if(yaml, "ca", tls.ca);
  write_if(yaml, "cert", tls.cert);
  write_if(yaml, "key", tls.key);
  write_if(yaml, "server_name", tls.server_name);
  yaml.boolean("insecure_skip_verify", tls.insecure_skip_verify);
  if (tls.min_version) yaml.plain("min_version", versions[static_cast<std::size_t>(*tls.min_version)]);
  if (tls.max_version) yaml.plain("max_version", versions[static_cast<std::size_t>(*tls.max_version)]);
  yaml.close();
}

void write_header(YamlWriter& yaml, const HttpHeader& header) {
  if (header.values.empty() && header.secrets.empty() && header.files.empty()) {
    yaml.empty_mapping(header.name);
    return;
  }
  yaml.open(header.name);
  write_if(yaml, "values", header.values);
  write_if(yaml, "secrets", std::vector<std::string>(header.secrets.size(), "<secret>"));
  write_if(yaml, "files", header.files);
  yaml.close();
}

void write_login(YamlWriter& yaml, const HttpClientConfig& http) {
  if (http.basic_auth) {
    if (*http.basic_auth == BasicAuth{})
      yaml.empty_mapping("basic_auth");
    else {
      yaml.open("basic_auth");
      write_if(yaml, "username", http.basic_auth->username);
      write_if(yaml, "username_file", http.basic_auth->username_file);
      write_if(yaml, "password", http.basic_auth->password);
      write_if(yaml, "password_file", http.basic_auth->password_file);
      yaml.close();
    }
  }
  if (http.authorization) {
    yaml.open("authorization");
    yaml.text("type", http.authorization->type);
    write_if(yaml, "credentials", http.authorization->credentials);
    write_if(yaml, "credentials_file", http.authorization->credentials_file);
    yaml.close();
  }
}

void write_http(YamlWriter& yaml, const HttpClientConfig& http) {
  write_login(yaml, http);
  write_tls(yaml, http.tls);
  const std::string& proxy = http.proxy_url.reveal();
  if (proxy.find('@') == std::string::npos) {
    write_if(yaml, "proxy_url", proxy);
  } else {
    yaml.text("proxy_url", proxy.substr(0, proxy.find("://")) + "://<secret>@" + proxy.substr(proxy.rfind('@') + 1));
  }
  write_if(yaml, "no_proxy", http.no_proxy);
  if (http.proxy_from_environment) yaml.boolean("proxy_from_environment", true);
  yaml.boolean("follow_redirects", http.follow_redirects);
  yaml.boolean("enable_http2", http.enable_http2);
  if (http.http_headers.empty()) return;
  yaml.open("http_headers");
  for (const HttpHeader& header : http.http_headers) write_header(yaml, header);
  yaml.close();
}

void write_relabelling(YamlWriter& yaml, std::string_view key, const std::vector<RelabelConfig>& steps) {
  if (steps.empty()) return;
  yaml.open(key);
  for (const RelabelConfig& step : steps) {
    // What an action has no use for is not written: reading it again would refuse it.
    const bool by_name = step.action == RelabelAction::labeldrop || step.action == RelabelAction::labelkeep;
    const bool compares = step.action == RelabelAction::keepequal || step.action == RelabelAction::dropequal;
    yaml.begin_item();
    write_if(yaml, "source_labels", step.source_labels);
    if (!by_name && !compares) yaml.text("separator", step.separator);
    if (!compares) yaml.text("regex", step.regex);
    write_if(yaml, "modulus", step.modulus);
    write_if(yaml, "target_label", step.target_label);
    if (!by_name && !compares) yaml.text("replacement", step.replacement);
    yaml.plain("action", name_of(step.action));
  }
  yaml.close();
}

void write_discovery(YamlWriter& yaml, const DiscoveryConfig& discovery) {
  if (!discovery.static_configs.empty()) {
    yaml.open("static_configs");
    for (const TargetGroup& group : discovery.static_configs) {
      yaml.begin_item();
      if (group.targets.empty()) yaml.plain("targets", "[]");
      write_if(yaml, "targets", group.targets);
      write_if(yaml, "labels", group.labels);
    }
    yaml.close();
  }
  if (!discovery.file_sd_configs.empty()) {
    yaml.open("file_sd_configs");
    for (const FileDiscoveryConfig& file : discovery.file_sd_configs) {
      yaml.begin_item();
      write_if(yaml, "files", file.files);
      write(yaml, "refresh_interval", file.refresh_interval);
    }
    yaml.close();
  }
  if (discovery.http_sd_configs.empty()) return;
  yaml.open("http_sd_configs");
  for (const HttpDiscoveryConfig& http : discovery.http_sd_configs) {
    yaml.begin_item();
    write_http(yaml, http.http);
    write(yaml, "refresh_interval", http.refresh_interval);
    yaml.text("url", http.url);
  }
  yaml.close();
}

void write_global(YamlWriter& yaml, const GlobalConfig& global) {
  yaml.open("global");
  write(yaml, "scrape_interval", global.scrape_interval);
  write(yaml, "scrape_timeout", global.scrape_timeout);
  write_protocols(yaml, global.scrape_protocols.empty() ? default_scrape_protocols(global.scrape_native_histograms)
                                                        : global.scrape_protocols);
  write(yaml, "evaluation_interval", global.evaluation_interval);
  if (global.rule_query_offset.count() != 0) write(yaml, "rule_query_offset", global.rule_query_offset);
  Labels labels;
  for (const auto& [name, value] : global.external_labels) {
    for (const char c : value) labels[name].append(c == '$' ? 2 : 1, c);  // a $ would be expanded when read again
    labels.try_emplace(name);
  }
  write_if(yaml, "external_labels", labels);
  write_limits(yaml, global.limits);
  yaml.plain("metric_name_validation_scheme", name_of(global.metric_name_validation_scheme));
  yaml.plain("metric_name_escaping_scheme", name_of(global.metric_name_escaping_scheme));
  yaml.boolean("scrape_native_histograms", global.scrape_native_histograms);
  yaml.boolean("always_scrape_classic_histograms", global.always_scrape_classic_histograms);
  yaml.close();
}

std::string shortest(double value) {
  char text[32];
  const auto [end, fault] = std::to_chars(std::begin(text), std::end(text), value);
  return fault == std::errc{} ? std::string(text, end) : "0";
}

void write_job(YamlWriter& yaml, const ScrapeConfig& job) {
  yaml.begin_item();
  yaml.text("job_name", job.job_name);
  if (job.honor_labels) yaml.boolean("honor_labels", true);
  yaml.boolean("honor_timestamps", job.honor_timestamps);
  yaml.boolean("track_timestamps_staleness", job.track_timestamps_staleness);
  if (!job.params.empty()) {
    yaml.open("params");
    for (const auto& [name, values] : job.params) {
      if (values.empty()) yaml.plain(name, "[]");
      write_if(yaml, name, values);
    }
    yaml.close();
  }
  write(yaml, "scrape_interval", job.scrape_interval);
  write(yaml, "scrape_timeout", job.scrape_timeout);
  write_protocols(yaml, job.scrape_protocols);
  if (job.fallback_scrape_protocol) yaml.plain("fallback_scrape_protocol", name_of(*job.fallback_scrape_protocol));
  yaml.boolean("scrape_native_histograms", job.scrape_native_histograms);
  yaml.boolean("always_scrape_classic_histograms", job.always_scrape_classic_histograms);
  write_if(yaml, "native_histogram_bucket_limit", job.native_histogram_bucket_limit);
  if (job.native_histogram_min_bucket_factor != 0) {
    yaml.plain("native_histogram_min_bucket_factor", shortest(job.native_histogram_min_bucket_factor));
  }
  yaml.boolean("enable_compression", job.enable_compression);
  yaml.text("metrics_path", job.metrics_path);
  yaml.text("scheme", job.scheme);
  write_limits(yaml, job.limits);
  yaml.plain("metric_name_validation_scheme", name_of(job.metric_name_validation_scheme));
  yaml.plain("metric_name_escaping_scheme", name_of(job.metric_name_escaping_scheme));
  write_http(yaml, job.http);
  write_relabelling(yaml, "relabel_configs", job.relabel_configs);
  write_relabelling(yaml, "metric_relabel_configs", job.metric_relabel_configs);
  write_discovery(yaml, job.discovery);
}

void write_alerting(YamlWriter& yaml, const AlertingConfig& alerting) {
  if (alerting == AlertingConfig{}) return;
  yaml.open("alerting");
  write_relabelling(yaml, "alert_relabel_configs", alerting.alert_relabel_configs);
  if (!alerting.alertmanagers.empty()) {
    yaml.open("alertmanagers");
    for (const AlertmanagerConfig& manager : alerting.alertmanagers) {
      yaml.begin_item();
      write_http(yaml, manager.http);
      yaml.text("scheme", manager.scheme);
      write_if(yaml, "path_prefix", manager.path_prefix);
      write(yaml, "timeout", manager.timeout);
      yaml.plain("api_version", "v2");
      write_relabelling(yaml, "relabel_configs", manager.relabel_configs);
      write_relabelling(yaml, "alert_relabel_configs", manager.alert_relabel_configs);
      write_discovery(yaml, manager.discovery);
    }
    yaml.close();
  }
  yaml.close();
}

void write_remote(YamlWriter& yaml, const RemoteWriteConfig& remote) {
  yaml.begin_item();
  yaml.text("url", remote.url);
  write(yaml, "remote_timeout", remote.remote_timeout);
  Labels headers = remote.headers;
  for (auto& [name, value] : headers) value = "<secret>";  // keys of an API are often sent so
  write_if(yaml, "headers", headers);
  write_relabelling(yaml, "write_relabel_configs", remote.write_relabel_configs);
  write_if(yaml, "name", remote.name);
  if (remote.send_exemplars) yaml.boolean("send_exemplars", true);
  if (remote.send_native_histograms) yaml.boolean("send_native_histograms", true);
  yaml.plain("protobuf_message", name_of(remote.protobuf_message));
  write_http(yaml, remote.http);
  yaml.open("queue_config");
  yaml.count("capacity", remote.queue.capacity);
  yaml.count("max_shards", remote.queue.max_shards);
  yaml.count("min_shards", remote.queue.min_shards);
  yaml.count("max_samples_per_send", remote.queue.max_samples_per_send);
  write(yaml, "batch_send_deadline", remote.queue.batch_send_deadline);
  write(yaml, "min_backoff", remote.queue.min_backoff);
  write(yaml, "max_backoff", remote.queue.max_backoff);
  if (remote.queue.retry_on_http_429) yaml.boolean("retry_on_http_429", true);
  if (remote.queue.sample_age_limit.count() != 0) write(yaml, "sample_age_limit", remote.queue.sample_age_limit);
  yaml.close();
  yaml.open("metadata_config");
  yaml.boolean("send", remote.metadata.send);
  write(yaml, "send_interval", remote.metadata.send_interval);
  yaml.count("max_samples_per_send", remote.metadata.max_samples_per_send);
  yaml.close();
}

void write_storage(YamlWriter& yaml, const StorageConfig& storage) {
  yaml.open("storage");
  yaml.open("tsdb");
  write(yaml, "out_of_order_time_window", storage.out_of_order_time_window);
  yaml.close();
  yaml.open("exemplars");
  yaml.count("max_exemplars", storage.max_exemplars);
  yaml.close();
  yaml.close();
}

}  // namespace

std::string to_yaml(const PrometheusConfig& config) {
  YamlWriter yaml;
  write_global(yaml, config.global);
  write_alerting(yaml, config.alerting);
  write_if(yaml, "rule_files", config.rule_files);
  write_if(yaml, "scrape_config_files", config.scrape_config_files);
  bool opened = false;
  for (const ScrapeConfig& job : config.scrape_configs) {
    if (!job.source_file.empty()) continue;  // scrape_config_files stand for it
    if (!std::exchange(opened, true)) yaml.open("scrape_configs");
    write_job(yaml, job);
  }
  if (opened) yaml.close();
  write_storage(yaml, config.storage);
  if (!config.remote_write.empty()) {
    yaml.open("remote_write");
    for (const RemoteWriteConfig& remote : config.remote_write) write_remote(yaml, remote);
    yaml.close();
  }
  return yaml.written();
}

}  // namespace config
BELLWETHER_NAMESPACE_END
