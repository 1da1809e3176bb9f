// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Both ways against Debian's Prometheus, and between two of ours, over the loopback.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "exporter/child_process.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/test_client.hpp"
#include "scrape/remote/federate_route.hpp"
#include "scrape/remote/remote_queue.hpp"
#include "scrape/remote/write_receiver.hpp"
#include "storage/byte_stream.hpp"

namespace bellwether::remote {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using storage::LabelSet;
using storage::SeriesRef;
using storage::SeriesStore;
using test::ChildProcess;
using test::TemporaryFolder;
using test::TestClient;

using Samples = std::map<std::int64_t, std::uint64_t>;  // values by their bits
using Content = std::map<std::string, Samples>;         // by a series' identity

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::system().wall()).count();
}

template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

std::unique_ptr<SeriesStore> open_store(const std::string& directory) {
  storage::StoreOptions options;
  options.directory = directory;
  options.full_sync = false;
  return SeriesStore::open(options).value();
}

/// Floats by value, native histograms by count and sum.
Content content_of(SeriesStore& store, const std::string& name_pattern) {
  const std::vector<storage::Matcher> matchers{
      storage::Matcher::make(storage::MatchType::regex, "__name__", name_pattern).value()};
  Content out;
  storage::Selection selection = store.querier().select(matchers, 0, INT64_MAX / 2);
  for (std::size_t i = 0; i < selection.size(); ++i) {
    std::map<std::string, std::string> labels;
    for (const LabelView& label : selection.labels(i)) labels.emplace(label.name, label.value);
    Samples& samples = out[json::serialize(json::value_from(labels))];
    storage::FloatColumns rows;
    selection.read(i, rows);
    for (std::size_t row = 0; row < rows.times.size(); ++row) {
      if (!std::isnan(rows.values[row])) samples[rows.times[row]] = storage::bits_of(rows.values[row]);
    }
    std::vector<storage::HistogramSample> histograms;
    selection.read(i, histograms);
    for (const auto& each : histograms) samples[each.time] = storage::bits_of(each.value.count * 1e6 + each.value.sum);
  }
  return out;
}

class Prometheus {
 public:
  explicit Prometheus(const std::string& config) {
    folder_.write("prometheus.yml", config);
    start();
  }

  void start() {
    for (int attempt = 0; attempt < 3; ++attempt) {
      if (port == 0 || attempt > 0) port = test::free_port();
      process_ = std::make_unique<ChildProcess>(
          std::vector<std::string>{
              "setpriv", "--pdeathsig", "KILL", PROMETHEUS_PROGRAM, "--config.file=" + folder_.path("prometheus.yml"),
              "--storage.tsdb.path=" + folder_.path("data"), "--web.enable-remote-write-receiver",
              "--enable-feature=native-histograms", "--web.listen-address=127.0.0.1:" + std::to_string(port)},
          folder_.path("log"));
      if (eventually([&] { return !process_->is_running() || TestClient(port).get("/-/ready").status == 200; }) &&
          process_->is_running())
        return;
    }
    ADD_FAILURE() << test::file_text(folder_.path("log"));
  }
  void kill() { process_.reset(); }  // -9

  /// All that it has in the last hour.
  Content content(const std::string& selector) const {
    std::string escaped;
    for (const char c : selector + "[1h]") {
      constexpr const char* digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      escaped += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    const auto response =
        TestClient(port).get("/api/v1/query?query=" + escaped + "&time=" + std::to_string(now_ms() / 1000 + 60));
    boost::system::error_code error;
    const json::value answer = json::parse(response.body, error);
    Content out;
    if (error || response.status != 200) {
      ADD_FAILURE() << response.status << response.body;
      return out;
    }
    const auto time = [](const json::value& seconds) { return std::llround(seconds.to_number<double>() * 1e3); };
    const auto number = [](const json::value& text) { return std::strtod(text.as_string().c_str(), nullptr); };
    for (const json::value& series : answer.at("data").at("result").as_array()) {
      std::map<std::string, std::string> labels;
      for (const auto& [name, value] : series.at("metric").as_object()) labels.emplace(name, value.as_string());
      Samples& samples = out[json::serialize(json::value_from(labels))];
      if (const auto* values = series.as_object().if_contains("values")) {
        for (const json::value& each : values->as_array()) {
          const double value = number(each.at(1));
          if (!std::isnan(value)) samples[time(each.at(0))] = storage::bits_of(value);
        }
      }
      if (const auto* histograms = series.as_object().if_contains("histograms")) {
        for (const json::value& each : histograms->as_array()) {
          samples[time(each.at(0))] =
              storage::bits_of(number(each.at(1).at("count")) * 1e6 + number(each.at(1).at("sum")));
        }
      }
    }
    return out;
  }

  std::uint16_t port = 0;
  std::string log() const { return test::file_text(folder_.path("log")); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<ChildProcess> process_;
};

/// How many samples one has and the other lacks, in words.
void expect_same(const Content& ours, const Content& theirs) {
  std::size_t samples = 0;
  for (const auto& [labels, expected] : ours) {
    const auto found = theirs.find(labels);
    ASSERT_NE(found, theirs.end()) << labels << " is missing";
    samples += expected.size();
    if (found->second == expected) continue;
    std::size_t missing = 0;
    std::size_t altered = 0;
    for (const auto& [time, bits] : expected) {
      const auto there = found->second.find(time);
      if (there == found->second.end()) {
        ++missing;
      } else if (there->second != bits) {
        ++altered;
      }
    }
    ADD_FAILURE() << labels << ": " << missing << " of " << expected.size() << " are missing, " << altered
                  << " altered, " << found->second.size() << " there";
  }
  EXPECT_EQ(ours.size(), theirs.size());
  EXPECT_GT(samples, 0U);
}

QueueOptions queue_to(net::HttpTransport& client, std::uint16_t port, const std::string& position) {
  QueueOptions options;
  options.position_path = position;
  options.sender.request = [port] {
    net::HttpRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(port) + "/api/v1/write";
    return Result<net::HttpRequest>(request);
  };
  options.sender.transport = &client;
  options.sender.max_backoff = 300ms;
  options.sender.timeout = 5s;
  options.batch_send_deadline = 100ms;
  options.min_shards = 2;
  return options;
}

/// Commits a scrape of 20 gauges, 20 counters and a native histogram every 10 ms until told to end.
class Writer {
 public:
  explicit Writer(SeriesStore& store) : thread_([&store](const std::stop_token& stop) { run(store, stop); }) {}
  void end() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  static void run(SeriesStore& store, const std::stop_token& stop) {
    std::vector<SeriesRef> refs;
    for (int i = 0; i < 40; ++i) {
      refs.push_back(store
                         .find_or_add(LabelSet::make({{"__name__", i < 20 ? "sent_price" : "sent_total"},
                                                      {"number", std::to_string(i)}})
                                          .value())
                         .value());
    }
    const SeriesRef histogram = store.find_or_add(LabelSet::make({{"__name__", "sent_latency"}}).value()).value();
    storage::HistogramValue value;
    value.schema = 3;
    value.zero_threshold = 0.001;
    value.positive_spans = {{0, 3}};
    value.positive_counts = {0, 0, 0};
    storage::Appender appender = store.appender();
    for (int i = 0; !stop.stop_requested(); ++i) {
      const std::int64_t now = now_ms();
      for (std::size_t k = 0; k < refs.size(); ++k)
        appender.append(refs[k], now, k < 20 ? std::sin(i + static_cast<double>(k)) : i);
      value.positive_counts[static_cast<std::size_t>(i % 3)] += 1;
      value.count += 1;
      value.sum += 0.25;
      appender.append(histogram, now, value);
      appender.commit();
      std::this_thread::sleep_for(10ms);
    }
  }
  std::jthread thread_;
};

TEST(RemotePrometheus, AReceiverThatIsKilledAndComesBackHasEverySample) {
  TemporaryFolder folder;
  auto store = open_store(folder.path("data"));
  Prometheus prometheus("global: {}\n");
  net::HttpClient client;
  const QueueOptions options = queue_to(client, prometheus.port, folder.path("queue.position"));
  QueueOptions small = options;
  small.feed_limit = 2'000;  // half a second: then the store is read
  small.capacity = 2'000;
  auto queue = RemoteQueue::open(*store, small).value();
  Writer writer(*store);
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(1500ms);
    prometheus.kill();
    std::this_thread::sleep_for(1500ms);
    if (round == 1) {  // ours ends meanwhile, too
      queue->stop(0ms);
      queue = RemoteQueue::open(*store, small).value();
    }
    prometheus.start();
  }
  std::this_thread::sleep_for(1s);
  writer.end();
  queue->stop(60s);
  EXPECT_EQ(queue->pending(), 0U);
  const Content ours = content_of(*store, "sent_.*");
  const Content theirs = prometheus.content("{__name__=~\"sent_.*\"}");
  EXPECT_EQ(ours.size(), 41U);
  std::size_t samples = 0;
  for (const auto& [labels, each] : ours) samples += each.size();
  std::printf("samples in our store: %zu\n", samples);
  expect_same(ours, theirs);
}

TEST(RemotePrometheus, WhatPrometheusPushesIsStoredBitForBit) {
  TemporaryFolder folder;
  auto store = open_store(folder.path("data"));
  scrape::MetadataStore metadata;
  std::vector<net::Route> routes;
  routes.push_back(remote_write_route(std::make_shared<WriteReceiver>(*store, ReceiverOptions{.metadata = &metadata})));
  net::HttpServerOptions server_options;
  server_options.max_body_bytes = std::size_t{16} << 20U;
  auto server = net::HttpServer::start(server_options, std::move(routes)).value();
  Prometheus prometheus(
      "global:\n  scrape_interval: 100ms\n  scrape_timeout: 100ms\n  external_labels: {replica: one}\n"
      "remote_write:\n  - url: http://127.0.0.1:" +
      std::to_string(server->port()) +
      "/api/v1/write\n    send_native_histograms: true\n    queue_config: {batch_send_deadline: 200ms}\n"
      "    metadata_config: {send_interval: 500ms}\n"
      "scrape_configs:\n  - job_name: self\n    static_configs: [{targets: ['127.0.0.1:1']}]\n");
  // A target that nobody serves still gives `up` and the scrape_... series, ten times a second.
  EXPECT_TRUE(eventually([&] {
    const Content now = content_of(*store, "up");
    return !now.empty() && now.begin()->second.size() >= 30;
  })) << prometheus.log();
  const Content ours = content_of(*store, "(up|scrape_.*)");
  Content theirs;
  for (auto& [labels, samples] : prometheus.content("{__name__=~\"up|scrape_.*\"}")) {
    json::value with = json::parse(labels);
    std::map<std::string, std::string> all;
    for (const auto& [name, value] : with.as_object()) all.emplace(name, value.as_string());
    all.emplace("replica", "one");
    theirs[json::serialize(json::value_from(all))] = samples;
  }
  ASSERT_EQ(ours.size(), theirs.size());
  std::size_t compared = 0;
  for (const auto& [labels, samples] : ours) {
    for (const auto& [time, bits] : samples) {
      const auto found = theirs[labels].find(time);
      ASSERT_NE(found, theirs[labels].end()) << labels << " " << time;
      EXPECT_EQ(found->second, bits) << labels;
      ++compared;
    }
  }
  std::printf("samples compared: %zu\n", compared);
  EXPECT_GT(compared, 100U);
}

TEST(RemotePrometheus, OneOfOursSendsAnotherEverythingItKnows) {
  TemporaryFolder folder;
  auto store = open_store(folder.path("near"));
  auto far = open_store(folder.path("far"));
  scrape::ExemplarStore exemplars;
  scrape::ExemplarStore far_exemplars;
  scrape::MetadataStore far_metadata;
  std::vector<net::Route> routes;
  routes.push_back(remote_write_route(
      std::make_shared<WriteReceiver>(*far, ReceiverOptions{.metadata = &far_metadata, .exemplars = &far_exemplars})));
  routes.push_back(federate_route(*far));
  auto server = net::HttpServer::start({}, std::move(routes)).value();
  net::HttpClient client;
  QueueOptions options = queue_to(client, server->port(), folder.path("queue.position"));
  options.sender.version = MessageVersion::v2;
  options.exemplars = &exemplars;
  options.sender.metadata_of = [](const OutgoingSeries&) {
    return std::make_shared<FamilyMetadata>(FamilyMetadata{"", exposition::FamilyType::counter, "Sent.", "s"});
  };
  auto queue = RemoteQueue::open(*store, options).value();
  Writer writer(*store);
  const LabelSet of = LabelSet::make({{"__name__", "sent_total"}, {"number", "20"}}).value();
  EXPECT_TRUE(eventually([&] { return !content_of(*far, "sent_total").empty(); }));
  const exposition::LabelView trace{"trace_id", "abc"};
  exemplars.add(store->find_or_add(of).value(), &of, {{&trace, 1}, 3.5, now_ms()}, now_ms());
  EXPECT_TRUE(eventually([&] { return far_exemplars.size() == 1; }));
  writer.end();
  queue->stop(60s);
  EXPECT_EQ(queue->version(), MessageVersion::v2);
  const Content ours = content_of(*store, "sent_.*");
  EXPECT_EQ(ours.size(), 41U);
  expect_same(ours, content_of(*far, "sent_.*"));
  ASSERT_NE(far_metadata.find("sent_total"), nullptr);
  EXPECT_EQ(far_metadata.find("sent_total")->help, "Sent.");
  const auto page = TestClient(server->port()).get("/federate?match[]=sent_price");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.body.starts_with("# TYPE sent_price untyped\n")) << page.body.substr(0, 200);
}

}  // namespace
}  // namespace bellwether::remote
