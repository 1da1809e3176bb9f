// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// The same files before promtool (2.42 in Debian 12) and before us. Where the verdicts differ, they differ on purpose.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/prometheus/prometheus_config.hpp"

namespace bellwether::config {
namespace {

class Promtool : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    if (std::system("promtool --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "promtool is missing";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  bool promtool_takes(const std::string& text) const {
    std::ofstream(folder_ / "p.yml") << text;
    return std::system(
               ("promtool check config --syntax-only " + (folder_ / "p.yml").string() + " > /dev/null 2>&1").c_str()) ==
           0;
  }
  static bool we_take(const std::string& text) { return read_prometheus_config_text(text, "p.yml").errors.empty(); }

  static std::string job(const std::string& line) { return "scrape_configs:\n- job_name: a\n  " + line + "\n"; }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("bellwether-promtool-" + std::to_string(::getpid()));
};

TEST_F(Promtool, TakesAndRefusesWhatWeDo) {
  const std::vector<std::string> texts{
      "",
      "global:\n",
      "global: {scrape_interval: 1s, scrape_timeout: 2s}",
      "global: {scrape_interval: 1s}",
      "global: {scrape_interval: 1}",
      "global: {scrape_interval: 1h30m}",
      "global: {scrape_interval: 30m1h}",
      "global: {external_labels: {a: b, c: \"1\"}}",
      "global: {scrape_interva: 1s}",
      "scrape_configs: [{}]",
      "scrape_configs: [null]",
      "scrape_configs: [{job_name: a}, {job_name: a}]",
      "rule_files: [a/*.yml, b.yml]",
      "rule_files: [\"*/x.yml\"]",
      "rule_files: x",
      job("scrape_timeout: 2m"),
      job("scrape_interval: 0s"),
      job("honor_labels: yes"),
      job("honor_labels: 2"),
      job("params: {a: [b, c]}"),
      job("params: {a: b}"),
      job("body_size_limit: 10MB"),
      job("body_size_limit: 10MiB"),
      job("body_size_limit: 10"),
      job("sample_limit: 5"),
      job("sample_limit: -5"),
      job("sample_limit: x"),
      job("basic_auth: {username: u, password: p}"),
      job("basic_auth: {password: p, password_file: f}"),
      job("basic_auth: {username: u}\n  authorization: {credentials: c}"),
      job("authorization: {type: Basic}"),
      job("authorization: {type: Token, credentials: c}"),
      job("authorization: {credentials: c, credentials_file: f}"),
      job("bearer_token: x\n  bearer_token_file: y"),
      job("bearer_token: x"),
      job("tls_config: {server_name: x, min_version: TLS12}"),
      job("tls_config: {min_version: TLS9}"),
      job("follow_redirects: false"),
      job("proxy_url: http://x:1"),
      job("static_configs: [{targets: [\"a:1\"], labels: {x: y}}]"),
      job("static_configs: [{targets: [\"http://a:1\"]}]"),
      job("static_configs: [{targets: [a/b]}]"),
      job("static_configs: [{targets: a}]"),
      job("static_configs: [null]"),
      job("static_configs: [{target: [a]}]"),
      job("file_sd_configs: [{files: [a.json, \"b/*.yml\"]}]"),
      job("file_sd_configs: [{files: [a.txt]}]"),
      job("file_sd_configs: [{files: []}]"),
      job("http_sd_configs: [{url: \"http://x/y\"}]"),
      job("http_sd_configs: [{url: x}]"),
      job("http_sd_configs: [{}]"),
      job("relabel_configs: [{source_labels: [a], target_label: b}]"),
      job("relabel_configs: [{source_labels: [a]}]"),
      job("relabel_configs: [{regex: \"(\", target_label: b}]"),
      job("relabel_configs: [{regex: \"(?i:a).+?\", target_label: b}]"),
      job("relabel_configs: [{regex: \"(?=a)\", target_label: b}]"),
      job("relabel_configs: [{action: Keep, source_labels: [a], regex: b}]"),
      job("relabel_configs: [{action: nope}]"),
      job("relabel_configs: [{action: hashmod, source_labels: [a], modulus: 4, target_label: b}]"),
      job("relabel_configs: [{action: hashmod, target_label: b}]"),
      job("relabel_configs: [{action: labelmap, regex: \"a(.*)\"}]"),
      job("relabel_configs: [{action: labeldrop, regex: a, source_labels: [b]}]"),
      job("relabel_configs: [{action: labelkeep, regex: a}]"),
      job("relabel_configs: [{action: lowercase, source_labels: [a], target_label: b}]"),
      job("relabel_configs: [{action: uppercase}]"),
      job("relabel_configs: [{action: keepequal, source_labels: [a], target_label: b}]"),
      job("relabel_configs: [{action: dropequal, source_labels: [a], target_label: b, regex: c}]"),
      job("metric_relabel_configs: [{source_labels: [__name__], regex: \"go_.*\", action: drop}]"),
      job("metric_relabel_config: []"),
      "alerting: {alertmanagers: [{static_configs: [{targets: [\"am:9093\"]}], timeout: 5s, api_version: v2}]}",
      "alerting: {alertmanagers: [{api_version: v9}]}",
      "alerting: {alert_relabel_configs: [{action: labeldrop, regex: x}]}",
      "remote_write: [{url: \"http://x/push\"}]",
      "remote_write: [{}]",
      "remote_write: [{url: \"http://x\", name: a}, {url: \"http://y\", name: a}]",
      "remote_write: [{url: \"http://x\", headers: {X-Scope-OrgID: a}, queue_config: {capacity: 5, max_shards: 2}}]",
      "remote_write: [{url: \"http://x\", headers: {Host: a}}]",
      "remote_write: [{url: \"http://x\", headers: {Authorization: a}}]",
      "remote_write: [{url: \"http://x\", metadata_config: {send: false}, send_exemplars: true, "
      "send_native_histograms: true}]",
      "remote_write: [{url: \"http://x\", queue: {}}]",
      "storage: {tsdb: {out_of_order_time_window: 30m}, exemplars: {max_exemplars: 10}}",
      "storage: {exemplars: {max_exemplars: x}}",
      "a: b",
      "a: [",
      "- a"};
  for (const std::string& text : texts) EXPECT_EQ(we_take(text), promtool_takes(text)) << text;
}

TEST_F(Promtool, TakesAndRefusesTheSameAliases) {
  const std::string base =
      "scrape_configs:\n- &base\n  job_name: &name a\n  scrape_interval: &short 5s\n  scrape_timeout: 2s\n"
      "  static_configs: &desk\n  - targets: [\"a:1\"]\n    labels: &labels {env: prod}\n"
      "  relabel_configs:\n  - &rule {target_label: a, replacement: b}\n  - &other {source_labels: [z], target_label: "
      "k}\n";
  const auto rules = [&base](const std::string& list) {
    return base + "- job_name: b\n  relabel_configs: " + list + "\n";
  };
  const std::vector<std::string> texts{
      base,
      "rule_files: &a [b]",
      "rule_files: &a [*a]",
      base + "- job_name: b\n  scrape_interval: *short\n  static_configs: *desk\n",
      base + "- job_name: b\n  scrape_interval: *shorter\n",
      base + "- job_name: b\n  scrape_interval: *desk\n",
      base + "- job_name: b\n  params: {*name : [x]}\n",
      base + "- <<: *base\n  job_name: b\n",
      base + "- <<: *base\n",
      base + "- !!merge <<: *base\n  job_name: b\n",
      base + "- \"<<\": *base\n  job_name: b\n",
      base + "- <<: *base\n  job_name: b\n  job_name: c\n",
      base + "- <<: *desk\n  job_name: b\n",
      base + "- <<: *name\n  job_name: b\n",
      base + "- <<:\n  job_name: b\n",
      base + "- <<: {scrape_interval: *short}\n  job_name: b\n",
      base + "- <<: {scrape_interva: *short}\n  job_name: b\n",
      base + "- job_name: b\n  static_configs:\n  - targets: [\"b:1\"]\n    labels: {<<: *labels, desk: x}\n",
      rules("[*rule, *other]"),
      rules("[{<<: *rule, target_label: c}, {<<: *rule}]"),
      rules("[{<<: [*other, *rule]}, {<<: [{target_label: x}, *rule]}]"),
      rules("[{<<: [*other, 5]}]"),
      rules("&x [{<<: *x}]"),
  };
  for (const std::string& text : texts) EXPECT_EQ(we_take(text), promtool_takes(text)) << text;
}

// Prometheus 2 reads with the second version of its YAML library, in which a merge wins over what is written out before it, and
// a label that is in both is an error. Its rule files, read with the third, do as we do.
TEST_F(Promtool, DiffersWhereAKeyIsWrittenOutAndMerged) {
  const std::string base = "scrape_configs:\n- &base\n  job_name: a\n  params: &p {x: [y]}\n";
  const std::string before = base + "- job_name: b\n  <<: *base\n";  // to Prometheus both jobs are a
  const std::string both = base + "- job_name: b\n  params: {<<: *p, x: [z]}\n";
  for (const std::string& text : {before, both}) EXPECT_TRUE(!promtool_takes(text) && we_take(text)) << text;
  const std::string two = base + "- &more {job_name: c}\n- <<: *base\n  <<: *more\n  job_name: d\n";
  EXPECT_TRUE(promtool_takes(two) && !we_take(two)) << "one key, twice";
}

TEST_F(Promtool, DiffersWhereWeMeanTo) {
  // What we refuse by name, or because it could not work.
  for (const std::string& text :
       {std::string("remote_read: [{url: \"http://x\"}]"), std::string("tracing: {endpoint: \"x:1\"}"),
        std::string("global: {query_log_file: x}"),
        std::string("remote_write: [{url: \"http://x\", sigv4: {region: x}}]"), job("dns_sd_configs: [{names: [x]}]"),
        job("oauth2: {client_id: x, client_secret: y, token_url: \"http://x\"}"), job("scrape_interval: 10ms"),
        job("scheme: ftp"), job("static_configs: [{targets: [\"a b\"]}]"),
        std::string("alerting: {alertmanagers: [{api_version: v1}]}")}) {
    EXPECT_TRUE(promtool_takes(text) && !we_take(text)) << text;
  }
  // What Prometheus 3 has and 2.42 had not.
  for (const std::string& text :
       {job("fallback_scrape_protocol: PrometheusText0.0.4"), job("scrape_protocols: [PrometheusProto]"),
        job("track_timestamps_staleness: true"), job("enable_compression: false"), job("keep_dropped_targets: 3"),
        job("native_histogram_bucket_limit: 160"), job("metric_name_validation_scheme: legacy"),
        job("http_headers: {X-A: {values: [b]}}"), job("proxy_from_environment: true"),
        job("relabel_configs: [{source_labels: [a.b], target_label: c}]"),
        std::string("scrape_config_files: [\"*.yml\"]"),
        std::string("global: {rule_query_offset: 1s, sample_limit: 3}"),
        std::string("remote_write: [{url: \"http://x\", protobuf_message: io.prometheus.write.v2.Request}]")}) {
    EXPECT_TRUE(!promtool_takes(text) && we_take(text)) << text;
  }
}

}  // namespace
}  // namespace bellwether::config
