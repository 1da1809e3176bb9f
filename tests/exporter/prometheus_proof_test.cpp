// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// What we write, as others read it: Debian's Prometheus, its promtool, and the reference parser of OpenMetrics.
#include <bellwether/exporter.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "exporter/child_process.hpp"
#include "exporter/metrics_route.hpp"
#include "exporter/one_of_each.hpp"
#include "exposition/parsed_metrics.hpp"
#include "net/http_server.hpp"
#include "net/test_client.hpp"

namespace bellwether {
namespace {

namespace json = boost::json;
using exposition::ParsedMetrics;
using exposition::ParsedSample;
using test::ChildProcess;
using test::file_text;
using test::TemporaryFolder;
using test::TestClient;
using ::testing::HasSubstr;

using Labels = std::map<std::string, std::string>;

std::string percent_encoded(std::string_view text) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

double number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return std::strtod(std::string(text).c_str(), nullptr);
}

bool same(double left, double right) {
  return (std::isnan(left) && std::isnan(right)) ||
         std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
}

Labels labels_of(const json::value& object, std::initializer_list<const char*> without = {}) {
  Labels labels;
  for (const auto& [name, value] : object.as_object()) labels.emplace(name, value.as_string());
  for (const char* name : without) labels.erase(name);
  return labels;
}

/// How a server of samples knows a series: no label is empty.
Labels identity(const ParsedSample& sample) {
  Labels labels{{"__name__", sample.name}};
  for (const auto& label : sample.labels) {
    if (!label.value.empty()) labels.emplace(label.name, label.value);
  }
  return labels;
}

std::string shown(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text.append(name).append("=").append(value).append(" ");
  return text;
}

/// Upper bound → count of all used buckets of the positive or negative side.
std::map<double, double> bounds_of(const exposition::NativeHistogramValue& histogram, bool positive) {
  std::map<double, double> buckets;
  int index = 0;
  std::size_t next = 0;
  for (const auto& span : positive ? histogram.positive_spans : histogram.negative_spans) {
    index += span.offset;
    for (std::uint32_t i = 0; i < span.length; ++i, ++index) {
      const double count = (positive ? histogram.positive_counts : histogram.negative_counts)[next++];
      if (count != 0) buckets[std::exp2(std::ldexp(index, -histogram.schema))] = count;
    }
  }
  return buckets;
}

/// What /api/v1/query says of a native histogram's buckets against what was written. Bounds are computed, so nearly
/// equal.
void expect_buckets(const json::value& stored, const exposition::NativeHistogramValue& written) {
  auto positive = bounds_of(written, true);
  auto negative = bounds_of(written, false);
  double zero = 0;
  const auto take = [](std::map<double, double>& buckets, double bound, double count) {
    const auto found = buckets.lower_bound(bound * (1 - 1e-9));
    if (found == buckets.end() || found->first > bound * (1 + 1e-9)) {
      ADD_FAILURE() << "no bucket up to " << bound << " was written";
    } else {
      EXPECT_EQ(found->second, count) << bound;
      buckets.erase(found);
    }
  };
  if (const auto* buckets = stored.as_object().if_contains("buckets")) {
    for (const json::value& bucket : buckets->as_array()) {
      const double lower = number(bucket.at(1).as_string());
      const double upper = number(bucket.at(2).as_string());
      const double count = number(bucket.at(3).as_string());
      if (lower > 0) {
        take(positive, upper, count);
      } else if (upper < 0) {
        take(negative, -lower, count);
      } else {
        zero += count;
      }
    }
  }
  EXPECT_EQ(zero, written.zero_count);
  EXPECT_TRUE(positive.empty() && negative.empty()) << "buckets are missing";
}

/// A running Prometheus that asks a few times a second.
class Prometheus {
 public:
  Prometheus(const std::string& name, const std::string& jobs, const std::string& features) {
    folder_.write("prometheus.yml",
                  "global:\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\nscrape_configs:\n" + jobs);
    for (int attempt = 0; attempt < 3; ++attempt) {  // another process may take the port meanwhile
      port_ = test::free_port();
      process_ = std::make_unique<ChildProcess>(
          // setpriv: it must not outlive a test that is killed.
          std::vector<std::string>{"setpriv", "--pdeathsig", "KILL", PROMETHEUS_PROGRAM,
                                   "--config.file=" + folder_.path("prometheus.yml"),
                                   "--storage.tsdb.path=" + folder_.path("data"), "--enable-feature=" + features,
                                   "--web.listen-address=127.0.0.1:" + std::to_string(port_)},
          folder_.path("log"));
      if (eventually([&] { return !process_->is_running() || get("/-/ready").status == 200; }) &&
          process_->is_running())
        return;
    }
    ADD_FAILURE() << name << " does not start:\n" << file_text(folder_.path("log"));
  }

  static bool eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
  }

  test::ClientResponse get(const std::string& path) const { return TestClient(port_).get(path); }

  json::value data(const std::string& path) const {
    const auto response = get(path);
    boost::system::error_code error;
    const json::value answer = json::parse(response.body, error);
    if (error || response.status != 200 || answer.at("status") != "success") {
      ADD_FAILURE() << path << ": " << response.status << " " << response.body;
      return nullptr;
    }
    return answer.at("data");
  }

  json::array query(const std::string& promql) const {
    const json::value answer = data("/api/v1/query?query=" + percent_encoded(promql));
    return answer.is_null() ? json::array{} : answer.at("result").as_array();
  }

  std::optional<double> value(const std::string& promql) const {
    const json::array result = query(promql);
    if (result.size() != 1 || !result[0].as_object().contains("value")) return std::nullopt;
    return number(result[0].at("value").at(1).as_string());
  }

  void expect_scraped(const std::string& job) const {
    EXPECT_TRUE(eventually([&] { return value("up{job=\"" + job + "\"}") == 1.0; }))
        << get("/api/v1/targets").body << file_text(folder_.path("log"));
  }

 private:
  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

std::string job(const std::string& name, const std::string& path, std::uint16_t port) {
  return "  - job_name: " + name + "\n    metrics_path: " + path +
         "\n    static_configs:\n      - targets: ['127.0.0.1:" + std::to_string(port) + "']\n";
}

class PrometheusProof : public ::testing::Test {
 protected:
  static constexpr ScrapeFormat text{};
  static constexpr ScrapeFormat openmetrics{.exposition = Exposition::openmetrics};
  static constexpr ScrapeFormat protobuf{.exposition = Exposition::protobuf};

  static ParsedMetrics written(ScrapeFormat format) {
    return exposition::parse_exposition(format.content_type(), render(proof->each.registry, format)).value();
  }

  /// Every sample that is written in the format is stored by Prometheus with the same value, and no other.
  static void expect_stored(const Prometheus& prometheus, const std::string& job, ScrapeFormat format) {
    prometheus.expect_scraped(job);
    std::map<Labels, double> stored;
    for (const json::value& series : prometheus.query("{job=\"" + job + "\"}")) {
      if (!series.as_object().contains("value")) continue;
      stored.emplace(labels_of(series.at("metric"), {"job", "instance"}), number(series.at("value").at(1).as_string()));
    }
    std::size_t count = 0;
    for (const auto& family : written(format).families) {
      for (const ParsedSample& sample : family.samples) {
        if (sample.histogram) continue;
        ++count;
        const auto found = stored.find(identity(sample));
        if (found == stored.end()) {
          ADD_FAILURE() << job << " lacks " << shown(identity(sample));
          continue;
        }
        EXPECT_TRUE(same(found->second, sample.value))
            << shown(identity(sample)) << found->second << " is not " << sample.value;
        stored.erase(found);
      }
    }
    EXPECT_GT(count, 3050U);
    for (const auto& [labels, value] : stored) {
      const std::string& name = labels.at("__name__");
      EXPECT_TRUE(name == "up" || name.starts_with("scrape_")) << job << " has besides " << shown(labels) << value;
    }
    expect_values(prometheus, job);
  }

  /// Some of them, as they were set.
  static void expect_values(const Prometheus& prometheus, const std::string& job) {
    const auto value = [&](const std::string& name, const std::string& labels) {
      return prometheus.value(name + "{job=\"" + job + "\"" + labels + "}");
    };
    EXPECT_EQ(value("orders_total", ""), 9007199254740992.0);
    EXPECT_EQ(value("labels_total", R"(,text="quote \" back \\ line\nend")"), 3.0);
    EXPECT_EQ(value("labels_total", R"(,text="日本 🐑",empty="")"), 3.0);
    EXPECT_EQ(value("volume_usd_total", ""), 0.1);
    EXPECT_EQ(value("bare", ""), 5.0);
    EXPECT_TRUE(std::isnan(value("double_value", ",is=\"nan\"").value_or(0)));
    EXPECT_EQ(value("double_value", ",is=\"inf\""), std::numeric_limits<double>::infinity());
    EXPECT_EQ(value("double_value", ",is=\"-inf\""), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(value("double_value", ",is=\"denormal\""), 5e-324);
    EXPECT_EQ(value("double_value", ",is=\"sum\""), 0.1 + 0.2);
    EXPECT_EQ(value("build_info", ",version=\"1.4.2\",commit=\"5f3ec40\""), 1.0);
    EXPECT_EQ(value("session", ",session=\"open\",venue=\"x\""), 1.0);
    EXPECT_EQ(value("order_size_bucket", ",le=\"1e+06\""), 4.0);
    EXPECT_EQ(value("order_size_bucket", ",le=\"0.0001\""), 1.0);
    EXPECT_EQ(value("order_size_bucket", ",le=\"+Inf\""), 5.0);
    EXPECT_EQ(value("slippage_bps_sum", ",side=\"buy\""), 2.75);
    EXPECT_EQ(value("slippage_bps_count", ",side=\"buy\""), 4.0);
    EXPECT_EQ(value("wait_seconds_count", ",queue=\"in\""), 199.0);
    EXPECT_EQ(value("queue_depth", ",queue=\"in\""), 4.0);
    EXPECT_EQ(value("reads_total", ""), 2.5);
    EXPECT_EQ(value("many_total", ",number=\"2999\""), 2999.0);
  }

  static void expect_exemplars(const Prometheus& prometheus, const std::string& job, const std::string& id) {
    for (const auto& [series, value] : {std::pair{"orders_total", 9007199254740992.0}, {"order_size_bucket", 2e6}}) {
      const double now = proof->seconds();
      const std::string path =
          "/api/v1/query_exemplars?query=" + percent_encoded(std::string(series) + "{job=\"" + job + "\"}") +
          "&start=" + std::to_string(now - 60) + "&end=" + std::to_string(now + 600);
      EXPECT_TRUE(Prometheus::eventually([&] { return !prometheus.data(path).as_array().empty(); })) << job << series;
      bool found = false;
      const json::value data = prometheus.data(path);
      for (const json::value& one : data.as_array()) {
        for (const json::value& exemplar : one.at("exemplars").as_array()) {
          EXPECT_EQ(labels_of(exemplar.at("labels")), (Labels{{"trace_id", id}}));
          EXPECT_NEAR(exemplar.at("timestamp").to_number<double>(), now, 0.0015);
          found = found || number(exemplar.at("value").as_string()) == value;
        }
      }
      EXPECT_TRUE(found) << job << " " << series;
    }
  }

  /// The registry, its exporter, and a server that forces the text format on who asks.
  struct Proof {
    std::chrono::nanoseconds now = Clock::system().wall();
    test::OneOfEach each{now};
    Exporter exporter = Exporter::start(each.registry, {.port = 0}).value();
    std::unique_ptr<net::HttpServer> text_server = [this] {
      std::vector<net::Route> routes;
      routes.push_back(
          {"GET", "/text", [route = exporter::metrics_routes(each.registry, {"/text"}).front()](net::Request request) {
             std::erase_if(request.headers, [](const net::Field& header) { return header.first == "Accept"; });
             return route.handler(request);
           }});
      return net::HttpServer::start({}, std::move(routes)).value();
    }();

    double seconds() const { return static_cast<double>(now.count()) / 1e9; }
  };

  static void SetUpTestSuite() { proof = std::make_unique<Proof>(); }
  static void TearDownTestSuite() { proof.reset(); }

  static std::unique_ptr<Proof> proof;
};

std::unique_ptr<PrometheusProof::Proof> PrometheusProof::proof;

TEST_F(PrometheusProof, stores_what_is_written_as_text_and_as_openmetrics) {
  const Prometheus prometheus(
      "prometheus",
      job("text", "/text", proof->text_server->port()) + job("openmetrics", "/metrics", proof->exporter.port()),
      "exemplar-storage");
  expect_stored(prometheus, "text", text);
  expect_stored(prometheus, "openmetrics", openmetrics);
  // Prometheus 2.42 leaves the escapes in an exemplar's labels as they stand in OpenMetrics.
  expect_exemplars(prometheus, "openmetrics", R"(a \"trace\" \\ id)");
}

TEST_F(PrometheusProof, stores_what_is_written_as_protobuf_with_native_histograms) {
  const Prometheus prometheus("prometheus", job("protobuf", "/metrics", proof->exporter.port()),
                              "native-histograms,exemplar-storage");
  expect_stored(prometheus, "protobuf", protobuf);
  expect_exemplars(prometheus, "protobuf", R"(a "trace" \ id)");

  EXPECT_EQ(prometheus.value("histogram_count(latency_seconds{stage=\"send\"})"), 1000.0);
  EXPECT_EQ(prometheus.value("histogram_sum(latency_seconds{stage=\"send\"})"), 5.005);
  EXPECT_EQ(prometheus.value("histogram_count(latency_seconds{stage=\"never\"})"), 0.0);
  // Observed evenly from 10 us to 10 ms; a bucket is 9 % wide.
  for (const double quantile : {0.1, 0.5, 0.9, 0.99}) {
    const auto value =
        prometheus.value("histogram_quantile(" + std::to_string(quantile) + ", latency_seconds{stage=\"send\"})");
    EXPECT_NEAR(value.value_or(0), quantile / 100, quantile / 100 * 0.045) << quantile;
  }
  EXPECT_NEAR(prometheus.value("histogram_fraction(-1e9, 0, profit_usd)").value_or(0), 100.5 / 401, 0.01);

  std::size_t compared = 0;
  for (const auto& family : written(protobuf).families) {
    for (const ParsedSample& sample : family.samples) {
      if (!sample.histogram) continue;
      SCOPED_TRACE(shown(identity(sample)));
      std::string matchers;
      for (const auto& label : sample.labels) matchers += label.name + "=\"" + label.value + "\"";
      const json::array result = prometheus.query(sample.name + "{" + matchers + "}");
      ASSERT_EQ(result.size(), 1U);
      const json::value& stored = result[0].at("histogram").at(1);
      EXPECT_EQ(number(stored.at("count").as_string()), sample.histogram->count);
      EXPECT_EQ(number(stored.at("sum").as_string()), sample.histogram->sum);
      expect_buckets(stored, *sample.histogram);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 3U);
}

TEST(PromtoolProof, finds_nothing_to_say_about_names_by_convention) {
  Registry registry;
  const Collector process = add_process_metrics(registry).value();
  const Collector host = add_host_metrics(registry).value();
  registry.counter<"venue">("orders_total", "Orders sent.").value().at("x").inc();
  registry.gauge("equity_usd", "Equity.").value().set(1);
  registry.duration_histogram("tick_to_order_seconds", "Tick to order.", Buckets::native()).value();
  registry.histogram("slippage_bps", "Slippage.", Buckets::linear(-5, 1, 11)).value().observe(-2);
  registry.info("engine_build", "The running build.", {{"version", "1"}}).value();
  registry.state_set("session", "Trading session.", {"closed", "open"}).value();
  (void)registry.max_gauge("queue_depth_max", "Deepest queue.").value();
  const auto family = registry.counter<"k">("limited_total", "Shows the overflow.", {.series_limit = 1}).value();
  for (const char* k : {"a", "b", "c"}) family.at(k).inc();
  const std::string text = render(registry);
  for (const char* name :
       {"bellwether_series_overflow_total{", "process_threads ", "node_cpu_seconds_total{", "node_load1 "}) {
    EXPECT_THAT(text, HasSubstr("\n" + std::string(name)));
  }
  int status = -1;
  std::string output = test::output_of({PROMTOOL_PROGRAM, "check", "metrics"}, text, status);
  // The names that the node exporter has given them.
  for (const char* name : {"node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"}) {
    const std::string line = name + std::string(" metric names should be written in 'snake_case' not 'camelCase'\n");
    if (const auto at = output.find(line); at != std::string::npos) output.erase(at, line.size());
  }
  EXPECT_EQ(output, "");
}

TEST(ReferenceParserProof, reads_our_openmetrics_of_every_kind) {
  const auto now = Clock::system().wall();
  test::OneOfEach each(now);
  const MaxGauge max = each.registry.max_gauge("depth_max", "Deepest.").value();
  max.observe(3);
  const Collector process = add_process_metrics(each.registry).value();
  const Collector host = add_host_metrics(each.registry).value();
  const ScrapeFormat format{.exposition = Exposition::openmetrics};
  const std::string text = render(each.registry, format);
  int status = -1;
  const std::string output =
      test::output_of({PYTHON_PROGRAM, BELLWETHER_SOURCE_DIR "/tests/exporter/read_openmetrics.py"}, text, status);
  ASSERT_EQ(status, 0) << output;

  std::map<Labels, double> read;
  std::map<std::string, std::string> types;
  std::size_t exemplars = 0;
  for (std::size_t begin = 0; begin < output.size();) {
    const std::size_t end = output.find('\n', begin);
    const json::value sample = json::parse(std::string_view(output).substr(begin, end - begin));
    begin = end + 1;
    Labels labels = labels_of(sample.at("labels"), {});
    std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
    labels.emplace("__name__", sample.at("name").as_string());
    read.emplace(std::move(labels), number(sample.at("value").as_string()));
    types[std::string(sample.at("family").as_string())] = sample.at("type").as_string();
    if (!sample.at("exemplar").is_null()) {
      ++exemplars;
      EXPECT_EQ(labels_of(sample.at("exemplar").at("labels")), (Labels{{"trace_id", "a \"trace\" \\ id"}}));
      EXPECT_NEAR(sample.at("exemplar").at("time").to_number<double>(), static_cast<double>(now.count()) / 1e9, 0.0015);
    }
  }
  EXPECT_EQ(exemplars, 6U);
  for (const auto& [family, type] : std::map<std::string, std::string>{{"orders", "counter"},
                                                                       {"bare", "unknown"},
                                                                       {"double_value", "gauge"},
                                                                       {"build", "info"},
                                                                       {"session", "stateset"},
                                                                       {"order_size", "histogram"},
                                                                       {"wait_seconds", "histogram"},
                                                                       {"latency_seconds", "histogram"},
                                                                       {"slippage_bps_sum", "unknown"},
                                                                       {"depth_max", "gauge"}}) {
    EXPECT_EQ(types[family], type) << family;
  }
  std::size_t count = 0;
  const ParsedMetrics written = exposition::parse_exposition(format.content_type(), text).value();
  for (const auto& family : written.families) {
    for (const ParsedSample& sample : family.samples) {
      ++count;
      const auto found = read.find(identity(sample));
      ASSERT_NE(found, read.end()) << shown(identity(sample));
      // The parser takes -0 for the integer.
      EXPECT_TRUE(same(found->second, sample.value == 0 ? 0 : sample.value))
          << shown(identity(sample)) << found->second << " is not " << sample.value;
    }
  }
  EXPECT_EQ(count, read.size());
}

}  // namespace
}  // namespace bellwether
