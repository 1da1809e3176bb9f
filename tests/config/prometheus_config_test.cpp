// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/prometheus_config.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace bellwether::config {
namespace {

using namespace std::chrono_literals;

PrometheusConfig good(const std::string& text) {
  auto report = read_prometheus_config_text(text, "dir/prometheus.yml");
  for (const std::string& error : report.errors) ADD_FAILURE() << error;
  return report.config.value_or(PrometheusConfig{});
}

std::vector<std::string> errors_of(const std::string& text) {
  return read_prometheus_config_text(text, "p.yml").errors;
}

std::string first_error(const std::string& text) {
  const auto errors = errors_of(text);
  return errors.empty() ? "no error" : errors[0];
}

// In a job that is otherwise good.
std::string job_error(const std::string& line) {
  const std::string error = first_error("scrape_configs:\n- job_name: a\n  " + line + "\n");
  return error.rfind("p.yml:3:", 0) == 0 ? error.substr(8) : error;
}

std::string step_error(const std::string& step) {
  return job_error("relabel_configs: [" + step + "]");
}

TEST(PrometheusConfig, FillsInPrometheusDefaults) {
  for (const char* text : {"", "global:\n", "scrape_configs: []\nrule_files:\n"}) {
    const PrometheusConfig config = good(text);
    EXPECT_EQ(config, PrometheusConfig{});
    EXPECT_EQ(config.global.scrape_interval, 60s);
    EXPECT_EQ(config.global.scrape_timeout, 10s);
  }
  const PrometheusConfig config = good("scrape_configs: [{job_name: a}]");
  const ScrapeConfig& job = config.scrape_configs.at(0);
  EXPECT_EQ(job.metrics_path, "/metrics");
  EXPECT_EQ(job.scheme, "http");
  EXPECT_TRUE(job.honor_timestamps);
  EXPECT_FALSE(job.honor_labels);
  EXPECT_TRUE(job.enable_compression);
  EXPECT_TRUE(job.http.follow_redirects);
  EXPECT_EQ(job.scrape_protocols, default_scrape_protocols(true));
}

TEST(PrometheusConfig, ReadsTheWholeOfAJob) {
  const PrometheusConfig config = good(R"(
global:
  scrape_interval: 5s
  sample_limit: 7
scrape_configs:
  - job_name: desk
    scrape_interval: 50ms
    metrics_path: /m
    scheme: https
    honor_labels: true
    honor_timestamps: false
    track_timestamps_staleness: true
    params: {module: [http, "2xx"]}
    enable_compression: false
    scrape_protocols: [PrometheusText0.0.4, PrometheusProto]
    fallback_scrape_protocol: PrometheusText1.0.0
    always_scrape_classic_histograms: true
    native_histogram_bucket_limit: 160
    native_histogram_min_bucket_factor: 1.1
    body_size_limit: 10MB
    label_limit: 30
    keep_dropped_targets: 3
    basic_auth: {username: u, password_file: secrets/p}
    tls_config: {ca_file: ca.pem, server_name: desk, min_version: TLS13, insecure_skip_verify: true}
    proxy_url: http://proxy:3128
    no_proxy: localhost
    follow_redirects: false
    http_headers: {X-Desk: {values: [a, b], secrets: [s], files: [f]}}
    static_configs:
      - targets: ["one:1", "[::1]:2"]
        labels: {venue: ibkr, odd: }
    file_sd_configs: [{files: ["t/*.json", /abs/x.yml], refresh_interval: 1m}]
    http_sd_configs: [{url: "http://sd/targets", refresh_interval: 2s, authorization: {credentials: t}}]
    metric_relabel_configs: [{source_labels: [__name__], regex: go_.*, action: DROP}]
)");
  const ScrapeConfig& job = config.scrape_configs.at(0);
  EXPECT_EQ(job.scrape_interval, 50ms);
  EXPECT_EQ(job.scrape_timeout, 50ms) << "the global time-out, no longer than the interval";
  EXPECT_EQ(job.params.at("module"), (std::vector<std::string>{"http", "2xx"}));
  EXPECT_EQ(job.scrape_protocols,
            (std::vector{ScrapeProtocol::prometheus_text_0_0_4, ScrapeProtocol::prometheus_proto}));
  EXPECT_EQ(job.fallback_scrape_protocol, ScrapeProtocol::prometheus_text_1_0_0);
  EXPECT_EQ(job.limits.samples, 7U);
  EXPECT_EQ(job.limits.body_size, 10U << 20U);
  EXPECT_EQ(job.native_histogram_min_bucket_factor, 1.1);
  EXPECT_EQ(job.http.basic_auth->password_file, "dir/secrets/p");
  EXPECT_EQ(job.http.tls.ca_file, "dir/ca.pem");
  EXPECT_EQ(job.http.tls.min_version, TlsVersion::Tls13);
  EXPECT_EQ(job.http.http_headers.at(0).files, std::vector<std::string>{"dir/f"});
  EXPECT_EQ(job.discovery.static_configs.at(0).targets, (std::vector<std::string>{"one:1", "[::1]:2"}));
  EXPECT_EQ(job.discovery.file_sd_configs.at(0).files, (std::vector<std::string>{"dir/t/*.json", "/abs/x.yml"}));
  EXPECT_EQ(job.discovery.http_sd_configs.at(0).http.authorization->credentials.reveal(), "t");
  EXPECT_EQ(job.metric_relabel_configs.at(0).action, RelabelAction::drop);
}

TEST(PrometheusConfig, ReadsWhereThingsGo) {
  const PrometheusConfig config = good(R"(
rule_files: [rules/*.yml]
alerting:
  alert_relabel_configs: [{action: labeldrop, regex: replica}]
  alertmanagers: [{path_prefix: /am, timeout: 3s, static_configs: [{targets: ["am:9093"]}]}]
remote_write:
  - {url: "https://mimir/push", name: m, protobuf_message: io.prometheus.write.v2.Request, send_exemplars: true,
     send_native_histograms: true, headers: {X-Scope-OrgID: desk}, bearer_token: t,
     queue_config: {max_shards: 4, capacity: 100}, metadata_config: {send: false},
     write_relabel_configs: [{source_labels: [a, b], target_label: c}]}
storage: {tsdb: {out_of_order_time_window: 30m}, exemplars: {max_exemplars: 5}}
)");
  EXPECT_EQ(config.rule_files, std::vector<std::string>{"dir/rules/*.yml"});
  EXPECT_EQ(config.alerting.alertmanagers.at(0).timeout, 3s);
  const RemoteWriteConfig& remote = config.remote_write.at(0);
  EXPECT_EQ(remote.protobuf_message, RemoteWriteMessage::v2);
  EXPECT_EQ(remote.queue.max_shards, 4U);
  EXPECT_FALSE(remote.metadata.send);
  EXPECT_FALSE(remote.http.enable_http2);
  EXPECT_EQ(remote.http.authorization->type, "Bearer");
  EXPECT_EQ(config.storage.out_of_order_time_window, 30min);
  EXPECT_EQ(config.storage.max_exemplars, 5U);
}

TEST(PrometheusConfig, SaysAllErrorsAtOnceInTheirOrder) {
  EXPECT_EQ(
      errors_of(
          "global: {scrape_interval: fast}\nscrape_configs:\n- job_nam: a\n- job_name: b\n  scheme: ftp\nrules: x\n"),
      (std::vector<std::string>{
          "p.yml:1:27: scrape_interval: \"fast\" is not a duration: whole numbers with units in this order are, y w d "
          "h m s ms, as 1h30m",
          "p.yml:3:3: a job without job_name: add it",
          "p.yml:3:3: unknown key \"job_nam\" in scrape_configs: did you mean \"job_name\"?",
          "p.yml:5:11: scheme must be http or https",
          "p.yml:6:1: unknown key \"rules\" in the configuration: remove it, or see docs/configuration.md for those "
          "known"}));
  const auto joined = parse_prometheus_config("a: 1\nb: 2\n", "p.yml");
  EXPECT_EQ(std::count(joined.error().message.begin(), joined.error().message.end(), '\n'), 1);
}

TEST(PrometheusConfig, RefusesByNameWhatItDoesNotSupport) {
  for (const char* key : {"remote_read: [{url: x}]", "tracing: {endpoint: x}", "otlp: {a: b}", "runtime: {gogc: 75}",
                          "global: {query_log_file: x}", "storage: {tsdb: {retention: {time: 1d}}}"}) {
    EXPECT_NE(first_error(key).find("is not supported: "), std::string::npos) << key << ": " << first_error(key);
  }
  EXPECT_EQ(job_error("kubernetes_sd_configs: [{role: pod}]"),
            "3: kubernetes_sd_configs is not supported: let something write the targets into a file for "
            "file_sd_configs, or serve "
            "them to http_sd_configs");
  for (const char* key : {"consul_sd_configs: [{}]", "dns_sd_configs: [{}]", "oauth2: {client_id: x}",
                          "proxy_connect_header: {a: [b]}"}) {
    EXPECT_NE(job_error(key).find("is not supported: "), std::string::npos) << key;
  }
  EXPECT_NE(job_error("convert_classic_histograms_to_nhcb: true").find("not supported"), std::string::npos);
  EXPECT_EQ(job_error("convert_classic_histograms_to_nhcb: false"), "no error");
}

TEST(PrometheusConfig, ChecksWhatBelongsTogether) {
  EXPECT_NE(job_error("scrape_timeout: 2m").find("19: scrape_timeout is longer"), std::string::npos);
  EXPECT_NE(job_error("scrape_interval: 49ms").find("20: scrape_interval is below 50ms"), std::string::npos);
  EXPECT_NE(
      first_error("global: {scrape_interval: 5s, scrape_timeout: 6s}").find("p.yml:1:47: scrape_timeout is longer"),
      std::string::npos);
  EXPECT_EQ(first_error("scrape_configs:\n- job_name: a\n- job_name: a\n"),
            "p.yml:3:13: the job name \"a\" stands twice (first at p.yml:2): give each job a name of its own");
  for (const char* line : {"bearer_token: x\n  bearer_token_file: y",
                           "bearer_token: x\n  basic_auth: {username: u}",
                           "basic_auth: {username: u}\n  authorization: {credentials: c}",
                           "basic_auth: {password: a, password_file: b}",
                           "authorization: {type: basic, credentials: x}",
                           "authorization: {credentials: a, credentials_file: b}",
                           "tls_config: {cert_file: x}",
                           "tls_config: {key_file: x}",
                           "tls_config: {min_version: TLS13, max_version: TLS12}",
                           "no_proxy: x",
                           "proxy_url: socks://x",
                           "proxy_url: http://x\n  proxy_from_environment: true",
                           "http_headers: {Authorization: {values: [x]}}",
                           "http_headers: {\"a b\": {values: [x]}}",
                           "scrape_protocols: [PrometheusText0.0.4, PrometheusText0.0.4]",
                           "scrape_protocols: [Text]",
                           "fallback_scrape_protocol: x",
                           "sample_limit: -1",
                           "sample_limit: 1.5",
                           "sample_limit: [1]",
                           "body_size_limit: 10",
                           "honor_labels: maybe",
                           "metric_name_validation_scheme: ascii",
                           "static_configs: [{targets: [\"http://x\"]}]",
                           "static_configs: [{targets: [x/y]}]",
                           "static_configs: [{targets: x}]",
                           "static_configs: [{target: [x]}]",
                           "static_configs: [null]",
                           "file_sd_configs: [{files: [x.txt]}]",
                           "file_sd_configs: [{files: []}]",
                           "file_sd_configs: [{}]",
                           "file_sd_configs: [{files: [\"*/x.yml\"]}]",
                           "http_sd_configs: [{}]",
                           "http_sd_configs: [{url: \"ftp://x\"}]",
                           "http_sd_configs: [{url: \"http://u:p@x\"}]",
                           "http_sd_configs: [{url: \"http://\"}]",
                           "params: {a: b}"}) {
    EXPECT_NE(first_error(std::string("scrape_configs:\n- job_name: a\n  ") + line + "\n"), "no error") << line;
  }
  for (const char* text :
       {"remote_write: [{}]", "remote_write: [{url: x}]", "remote_write: [{url: \"http://x\", headers: {host: x}}]",
        "remote_write: [{url: \"http://x\", name: a}, {url: \"http://y\", name: a}]",
        "remote_write: [{url: \"http://x\", queue_config: {min_shards: 9, max_shards: 3}}]",
        "remote_write: [{url: \"http://x\", queue_config: {capacity: 0}}]",
        "remote_write: [{url: \"http://x\", protobuf_message: v2}]", "alerting: {alertmanagers: [{api_version: v1}]}",
        "alerting: {alertmanagers: [{scheme: x}]}", "rule_files: [\"*/x.yml\"]", "global: {external_labels: {\"\": x}}",
        "global: {metric_name_validation_scheme: legacy, metric_name_escaping_scheme: allow-utf-8}",
        "scrape_configs: {a: b}", "- a", "global: 1", "a: &x 1"}) {
    EXPECT_NE(first_error(text), "no error") << text;
  }
}

TEST(PrometheusConfig, ChecksRelabelling) {
  for (const char* step :
       {"{source_labels: [a], target_label: b}", "{regex: a, action: labeldrop}",
        "{action: labelmap, regex: \"a_(.+)\"}", "{source_labels: [a], modulus: 8, target_label: b, action: hashmod}",
        "{source_labels: [a], action: keep}", "{source_labels: [a], target_label: b, action: keepequal}",
        "{source_labels: [a], target_label: b, action: Lowercase}", "{source_labels: [a], target_label: \"${1}_x\"}",
        "{source_labels: [\"a.b\"], target_label: c}"}) {
    EXPECT_EQ(step_error(step), "no error") << step;
  }
  for (const char* step :
       {"{source_labels: [a]}", "{regex: \"a(\", target_label: b}", "{regex: \"(?=a)\", target_label: b}",
        "{action: keepp}", "{action: hashmod, target_label: a}", "{action: hashmod, modulus: 4}",
        "{action: lowercase, source_labels: [a]}",
        "{action: lowercase, source_labels: [a], target_label: b, replacement: x}",
        "{action: labeldrop, regex: a, target_label: x}", "{action: labelkeep, regex: a, source_labels: [x]}",
        "{action: keepequal, source_labels: [a]}", "{action: keepequal, source_labels: [a], target_label: b, regex: x}",
        "{sourcelabels: [a], target_label: b}", "{action: [keep]}", "{source_labels: a, target_label: b}",
        "{modulus: -1, target_label: b}"}) {
    EXPECT_NE(step_error(step), "no error") << step;
  }
  const std::string legacy =
      "global: {metric_name_validation_scheme: legacy}\nscrape_configs:\n- job_name: a\n  relabel_configs: ";
  EXPECT_EQ(first_error(legacy + "[{source_labels: [a], target_label: \"${1}_x\"}]"), "no error");
  EXPECT_NE(first_error(legacy + "[{source_labels: [a], target_label: a.b}]"), "no error");
}

TEST(PrometheusConfig, TakesExternalLabelsFromTheEnvironment) {
  ::setenv("BELLWETHER_TEST_DESK", "eu", 1);
  const PrometheusConfig config = good(
      "global: {external_labels: {a: \"x$BELLWETHER_TEST_DESK\", b: \"${BELLWETHER_TEST_DESK}y\", c: \"$$1\", d: "
      "\"$BELLWETHER_NO\", e: \"5$\"}}");
  EXPECT_EQ(config.global.external_labels, (Labels{{"a", "xeu"}, {"b", "euy"}, {"c", "$1"}, {"d", ""}, {"e", "5$"}}));
}

TEST(PrometheusConfig, IsPrintedWithoutSecretsAndReadsBackTheSame) {
  const PrometheusConfig config = good(R"(
global: {external_labels: {a: "$$x", b: "true", c: "1", d: "q\"\\\n\u00e9"}, body_size_limit: 1MB, rule_query_offset: 1s}
alerting: {alertmanagers: [{static_configs: [{targets: [am]}], tls_config: {ca_file: /ca, cert: "-----BEGIN CERTIFICATE-----\\nx\\n", key: "hunter2\\n"}, basic_auth: {username: u, password: hunter2}}]}
scrape_configs:
- job_name: "a: b"
  authorization: {credentials: hunter2}
  proxy_url: http://u:hunter2@proxy:1
  http_headers: {X-A: {secrets: [hunter2], values: [v]}, X-B: {}}
  params: {a: [], b: ["", "x y"]}
  static_configs: [{labels: {a: b}}, {targets: ["a:1"]}]
  file_sd_configs: [{files: [/a/*.json]}]
  http_sd_configs: [{url: "http://x", bearer_token: hunter2}]
  relabel_configs: [{action: labeldrop, regex: "a\\d"}, {source_labels: [a], target_label: b, action: keepequal}, {target_label: c, replacement: ""}]
remote_write: [{url: "http://x", headers: {X-Key: hunter2}, bearer_token: hunter2}]
)");
  const std::string yaml = to_yaml(config);
  EXPECT_EQ(yaml.find("hunter2"), std::string::npos) << yaml;
  EXPECT_NE(yaml.find("credentials: <secret>"), std::string::npos) << yaml;
  EXPECT_NE(yaml.find("scrape_interval: 1m\n"), std::string::npos) << yaml;
  const auto again = parse_prometheus_config(yaml, "");
  ASSERT_TRUE(again) << again.error().message << yaml;
  EXPECT_EQ(to_yaml(*again), yaml);
  EXPECT_EQ(again->global.external_labels, config.global.external_labels);
  EXPECT_EQ(again->global.limits, config.global.limits);
  EXPECT_EQ(again->scrape_configs[0].relabel_configs, config.scrape_configs[0].relabel_configs);
  EXPECT_EQ(again->scrape_configs[0].params, config.scrape_configs[0].params);
}

TEST(PrometheusConfig, TakesCertificatesWrittenOut) {
  const PrometheusConfig config = good(R"(
scrape_configs:
- job_name: a
  tls_config:
    ca: &ca |
      -----BEGIN CERTIFICATE-----
      authority
      -----END CERTIFICATE-----
    cert_file: client.pem
    key: "-----BEGIN PRIVATE KEY-----\nhunter2\n"
    max_version: TLS12
remote_write:
- {url: "https://x", tls_config: {ca: *ca, server_name: desk.example, min_version: TLS13}}
)");
  const ClientTlsConfig& tls = config.scrape_configs.at(0).http.tls;
  EXPECT_EQ(tls.ca, "-----BEGIN CERTIFICATE-----\nauthority\n-----END CERTIFICATE-----\n");
  EXPECT_EQ(tls.key.reveal(), "-----BEGIN PRIVATE KEY-----\nhunter2\n");
  EXPECT_EQ(config.remote_write.at(0).http.tls.ca, tls.ca);
  EXPECT_EQ(config.remote_write.at(0).http.tls.server_name, "desk.example");
  EXPECT_EQ(to_yaml(config).find("hunter2"), std::string::npos);
  EXPECT_NE(to_yaml(config).find("key: <secret>"), std::string::npos);

  const std::string pem = "\"-----BEGIN CERTIFICATE-----\"";
  EXPECT_EQ(job_error("tls_config: {ca_file: a, ca: " + pem + "}"), "32: ca_file and ca exclude each other: keep one");
  EXPECT_NE(job_error("tls_config: {cert_file: a, key_file: b, cert: " + pem + "}").find("cert_file and cert exclude"),
            std::string::npos);
  EXPECT_NE(job_error("tls_config: {cert_file: a, key_file: b, key: hunter2}").find("key_file and key exclude"),
            std::string::npos);
  EXPECT_NE(job_error("tls_config: {cert: " + pem + "}").find("cert needs key_file or key"), std::string::npos);
  EXPECT_NE(job_error("tls_config: {key: hunter2}").find("key needs cert_file or cert"), std::string::npos);
  EXPECT_EQ(job_error("tls_config: {key: hunter2}").find("hunter2"), std::string::npos);
  EXPECT_NE(job_error("tls_config: {ca: ca.pem}").find("a path goes into ca_file"), std::string::npos);
  for (const char* name : {"https://x", "desk:9443", "127.1", "0x7f.0x1", "2001:db8:0:0::1", "[::1]"}) {
    EXPECT_NE(job_error(std::string("tls_config: {server_name: \"") + name + "\"}").find("server_name must be"),
              std::string::npos)
        << name;
  }
  for (const char* name : {"desk.example", "127.0.0.1", "2001:db8::1", "desk-1.x2y"}) {
    EXPECT_EQ(job_error(std::string("tls_config: {server_name: \"") + name + "\"}").find("server_name must be"),
              std::string::npos)
        << name;
  }
  EXPECT_NE(job_error("tls_config: {ca: \"-----BEGIN EC PRIVATE KEY-----\"}").find("ca holds a private key"),
            std::string::npos);
}

TEST(PrometheusConfig, NoErrorHoldsASecret) {
  for (const std::string text :
       {"scrape_configs:\n- {job_name: a, basic_auth: {username: u, password: hunter2, password_file: x}}",
        "scrape_configs:\n- {job_name: a, bearer_token: \"hunter2\\n\"}",
        "scrape_configs:\n- {job_name: a, basic_auth: hunter2}",
        "scrape_configs:\n- {job_name: a, basic_auth: {password: [hunter2]}}",
        "scrape_configs:\n- {job_name: a, authorization: {credentials: {a: hunter2}}}",
        "scrape_configs:\n- {job_name: a, proxy_url: \"ftp://u:hunter2@x\"}",
        "remote_write: [{url: \"http://u:hunter2@x\"}]", "scrape_configs:\n- {job_name: a, bearer_token: \"hunter2"}) {
    const auto errors = errors_of(text);
    EXPECT_FALSE(errors.empty()) << text;
    for (const std::string& error : errors) EXPECT_EQ(error.find("hunter2"), std::string::npos) << error;
  }
}

TEST(PrometheusConfig, ReadsJobsFromFilesOfTheirOwn) {
  const auto folder = std::filesystem::temp_directory_path() / ("bellwether-config-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "jobs");
  std::ofstream(folder / "prometheus.yml")
      << "global: {scrape_interval: 7s}\nscrape_config_files: [jobs/*.yml]\nscrape_configs: [{job_name: a}]\n";
  std::ofstream(folder / "jobs/b.yml") << "scrape_configs: [{job_name: b, file_sd_configs: [{files: [t.yml]}]}]\n";
  const auto config = load_prometheus_config((folder / "prometheus.yml").string());
  std::ofstream(folder / "jobs/c.yml") << "scrape_configs:\n- job_name: a\n- job_nam: x\n";
  const auto broken = read_prometheus_config((folder / "prometheus.yml").string());
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->scrape_configs.size(), 2U);
  EXPECT_EQ(config->scrape_configs[1].scrape_interval, 7s);
  EXPECT_EQ(config->scrape_configs[1].discovery.file_sd_configs[0].files[0], (folder / "jobs/t.yml").string());
  EXPECT_EQ(to_yaml(*config).find("job_name: b"), std::string::npos);
  ASSERT_EQ(broken.errors.size(), 3U);
  EXPECT_NE(broken.errors[0].find("c.yml:2:13: the job name \"a\" stands twice"), std::string::npos)
      << broken.errors[0];
  EXPECT_FALSE(load_prometheus_config("/nonexistent/prometheus.yml"));
}

}  // namespace
}  // namespace bellwether::config
