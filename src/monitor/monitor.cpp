// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/monitor.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bellwether/metrics.hpp>
#include <bellwether/process_metrics.hpp>
#include <filesystem>
#include <functional>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "api/api_routes.hpp"
#include "base/duration.hpp"
#include "config/prometheus/prometheus_config.hpp"
#include "config/web_config.hpp"
#include "exporter/metrics_route.hpp"
#include "monitor/alert_path.hpp"
#include "monitor/monitor_flags.hpp"
#include "monitor/monitor_metrics.hpp"
#include "monitor/reload_route.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "promql/query_threads.hpp"
#include "scrape/remote/federate_route.hpp"
#include "scrape/remote/remote_write.hpp"
#include "scrape/remote/write_receiver.hpp"
#include "scrape/scrape_manager.hpp"
#include "scrape/stream_follower.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

using config::PrometheusConfig;

namespace {

constexpr std::size_t largest_request = std::size_t{16} << 20U;  ///< a compressed remote write

Result<PrometheusConfig> read(const MonitorOptions& options) {
  return options.config_file.empty() ? config::parse_prometheus_config(options.config_text, "built-in configuration")
                                     : config::load_prometheus_config(options.config_file);
}

storage::StoreOptions store_options(const MonitorOptions& options, const PrometheusConfig& config, Registry& registry) {
  storage::StoreOptions store;
  store.directory = options.directory;
  store.retention = options.retention;
  store.retention_bytes = options.retention_bytes;
  store.series_limit = options.series_limit;
  store.out_of_order_window = std::max(store.out_of_order_window, config.storage.out_of_order_time_window);
  store.clock = options.clock;
  store.registry = &registry;
  store.log = options.log;
  return store;
}

/// The same at each start, another on another machine or in another directory: so that two monitors of the same targets do not
/// ask them at the same moment.
std::uint64_t instance_seed(const std::string& directory) {
  std::array<char, 256> host{};
  (void)::gethostname(host.data(), host.size() - 1);
  std::error_code ignored;
  return std::hash<std::string>{}(host.data() + std::filesystem::absolute(directory, ignored).string());
}

promql::EngineOptions engine_options(const MonitorOptions& options, std::shared_ptr<promql::QueryThreads> threads) {
  promql::EngineOptions engine;
  engine.lookback_ms = options.query_lookback.count();
  engine.max_samples = options.query_max_samples;
  engine.timeout = options.query_timeout;
  engine.clock = options.clock;
  engine.threads = std::move(threads);
  return engine;
}

/// How people reach us, without a slash at the end; empty where no port was chosen: links to it would lead nowhere.
std::string external_url(const MonitorOptions& options) {
  std::string url = options.external_url;
  if (url.empty() && options.port != 0) {
    const bool local = options.address.empty() || options.address == "0.0.0.0" || options.address == "::";
    const std::string host = local ? "localhost" : options.address;
    url = (options.web_config_file.empty() ? "http://" : "https://") +
          (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(options.port);
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

template <typename T>
void move_into(std::vector<T>& all, std::vector<T> some) {
  all.insert(all.end(), std::move_iterator(some.begin()), std::move_iterator(some.end()));
}

}  // namespace

/// In the order in which they need each other: what stands below uses what stands above.
struct Monitor::Parts {
  explicit Parts(MonitorOptions given) : options(std::move(given)) {}

  const MonitorOptions options;
  Registry registry;
  MonitorMetrics metrics{registry};
  Collector process;
  std::shared_ptr<promql::QueryThreads> query_threads = std::make_shared<promql::QueryThreads>(options.query_threads);
  std::unique_ptr<storage::SeriesStore> store;
  net::HttpClient client{{.max_idle = 256}};  // of remote writes; as many as there may be shards
  std::unique_ptr<scrape::StreamFollower> streams;
  std::unique_ptr<scrape::ScrapeManager> scrape;
  std::unique_ptr<remote::RemoteWrite> remote;
  std::unique_ptr<AlertPath> alerts;

  std::mutex reload_mutex;  // reloads and the end, one after the other
  bool stopped = false;
  mutable std::mutex config_mutex;
  std::shared_ptr<const PrometheusConfig> config = std::make_shared<PrometheusConfig>();
  std::atomic<bool> config_taken{true};
  std::atomic<std::int64_t> config_taken_ms{0};

  std::atomic<bool> ready{false};
  std::unique_ptr<net::HttpServer> server;

  void make_scrape();
  void make_remote();
  Result<void> start_alerts();
  std::shared_ptr<const PrometheusConfig> current() const {
    const std::lock_guard lock(config_mutex);
    return config;
  }
  Result<void> apply(PrometheusConfig fresh);
  Result<void> reload();
  Result<void> listen();
  api::ApiSources api_sources();
  Result<std::vector<net::Route>> routes();
};

void Monitor::Parts::make_scrape() {
  scrape::StreamFollowerOptions follow;
  follow.clock = options.clock;
  follow.registry = &registry;
  follow.log = options.log;
  follow.on_pushed = [this](const scrape::PushedSamples& pushed) { alerts->on_pushed(pushed.text); };
  streams = std::make_unique<scrape::StreamFollower>(std::move(follow));

  scrape::ScrapeOptions scraping;
  scraping.clock = options.clock;
  scraping.registry = &registry;
  scraping.log = options.log;
  scraping.ingestion_threads = options.ingestion_threads;
  scraping.seed = instance_seed(options.directory);
  scraping.on_scrape = [this](const scrape::ScrapeResult& result) { streams->on_scrape(result); };
  scraping.on_removed = [this](scrape::TargetId id) { streams->on_removed(id); };
  scrape = std::make_unique<scrape::ScrapeManager>(*store, std::move(scraping));
  streams->start([this](scrape::TargetId id, std::string_view type, std::string_view body) {
    return scrape->ingest_pushed(id, type, body);
  });
}

void Monitor::Parts::make_remote() {
  remote::RemoteWriteOptions sending;
  sending.directory = options.directory + "/remote_write";
  sending.transport = &client;
  sending.metadata = &scrape->metadata();
  sending.exemplars = &scrape->exemplars();
  sending.clock = options.clock;
  sending.registry = &registry;
  sending.log = options.log;
  remote = std::make_unique<remote::RemoteWrite>(*store, std::move(sending));
}

Result<void> Monitor::Parts::start_alerts() {
  AlertPathOptions alerting;
  alerting.directory = options.directory;
  alerting.config_file = options.alertmanager_file;
  alerting.config_text = options.alertmanager_text;
  alerting.external_url = external_url(options);
  alerting.engine = engine_options(options, query_threads);
  alerting.targets_asked = [this] {
    const scrape::TargetStates targets = scrape->targets();
    return std::none_of(targets.active.begin(), targets.active.end(), [](const scrape::TargetState& target) {
      return target.health == scrape::TargetHealth::unknown;
    });
  };
  alerting.registry = &registry;
  alerting.clock = options.clock;
  alerting.log = options.log;
  auto started = AlertPath::start(*store, std::move(alerting));
  if (!started) return started.error();
  alerts = std::move(*started);
  return {};
}

Result<void> Monitor::Parts::apply(PrometheusConfig fresh) {
  if (Result<void> applied = remote->apply(fresh); !applied) return applied;
  Result<void> applied = scrape->apply(fresh);
  if (applied) {
    applied = alerts->apply(fresh);
    if (!applied) (void)scrape->apply(*current());  // as it was
  }
  if (!applied) {
    (void)remote->apply(*current());  // as it was
    return applied;
  }
  scrape->exemplars().resize(fresh.storage.max_exemplars);
  {
    const std::lock_guard lock(config_mutex);
    config = std::make_shared<PrometheusConfig>(std::move(fresh));
  }
  config_taken_ms = std::chrono::duration_cast<std::chrono::milliseconds>(options.clock->wall()).count();
  metrics.reload_success_seconds.set(static_cast<double>(config_taken_ms) / 1000);
  return {};
}

Result<void> Monitor::Parts::reload() {
  const std::lock_guard lock(reload_mutex);
  if (stopped) return Error{"the monitor is at its end"};
  Result<PrometheusConfig> fresh = read(options);
  Result<void> applied = fresh ? apply(std::move(*fresh)) : Result<void>(fresh.error());
  config_taken = applied.has_value();
  metrics.reload_successful.set(applied ? 1 : 0);
  if (options.log) {
    options.log(applied ? "the configuration was read again"
                        : "the configuration was not taken, the one before goes on: " + applied.error().message);
  }
  return applied;
}

api::ApiSources Monitor::Parts::api_sources() {
  api::ApiSources sources;
  sources.store = store.get();
  sources.engine = engine_options(options, query_threads);
  sources.targets = [this] { return scrape->targets(); };
  sources.metadata = &scrape->metadata();
  sources.exemplars = &scrape->exemplars();
  sources.config_yaml = [this] { return config::to_yaml(*current()); };
  sources.config_state = [this] { return api::ConfigState{config_taken.load(), config_taken_ms.load()}; };
  sources.flags = flags_of(options);
  sources.retention = format_duration(options.retention);
  sources.ready = [this] { return ready.load(); };
  sources.admin = options.admin_api;
  sources.snapshot_directory = options.directory + "/snapshots";
  sources.cors_origin = options.cors_origin;
  sources.clock = options.clock;
  alerts->add_to(sources);
  return sources;
}

Result<std::vector<net::Route>> Monitor::Parts::routes() {
  std::vector<net::Route> all = exporter::metrics_routes(registry, {"/metrics"});
  Result<std::vector<net::Route>> api = api::api_routes(api_sources());
  if (!api) return api.error();
  move_into(all, std::move(*api));
  Result<std::vector<net::Route>> alerting = alerts->routes();
  if (!alerting) return alerting.error();
  move_into(all, std::move(*alerting));
  move_into(all, reload_routes([this] { return reload(); }));
  remote::FederateOptions federate;
  federate.external_labels = [this] {
    const std::shared_ptr<const PrometheusConfig> now = current();
    return remote::Labels(now->global.external_labels.begin(), now->global.external_labels.end());
  };
  federate.lookback = options.query_lookback;
  federate.clock = options.clock;
  all.push_back(remote::federate_route(*store, std::move(federate)));
  if (options.receive_remote_write) {
    remote::ReceiverOptions receiving;
    receiving.metadata = &scrape->metadata();
    receiving.exemplars = &scrape->exemplars();
    receiving.registry = &registry;
    all.push_back(remote::remote_write_route(std::make_shared<remote::WriteReceiver>(*store, receiving)));
  }
  return all;
}

Result<void> Monitor::Parts::listen() {
  net::HttpServerOptions server_options;
  server_options.address = options.address;
  server_options.port = options.port;
  server_options.allow_remote = options.allow_remote;
  server_options.max_connections = options.max_connections;
  server_options.workers = options.query_concurrency;
  server_options.max_body_bytes = largest_request;
  if (!options.web_config_file.empty()) {
    auto web = config::load_web_config(options.web_config_file);
    if (!web) return web.error();
    server_options.web = *std::move(web);
  }
  Result<std::vector<net::Route>> served = routes();
  if (!served) return served.error();
  auto started = net::HttpServer::start(std::move(server_options), std::move(*served));
  if (!started) return started.error();
  server = std::move(*started);
  return {};
}

Result<std::unique_ptr<Monitor>> Monitor::start(MonitorOptions options) {
  auto parts = std::make_unique<Parts>(std::move(options));
  Result<PrometheusConfig> config = read(parts->options);
  if (!config) return config.error();
  if (auto process = add_process_metrics(parts->registry)) parts->process = std::move(*process);

  auto store = storage::SeriesStore::open(store_options(parts->options, *config, parts->registry));
  if (!store) return store.error();
  parts->store = std::move(*store);

  if (Result<void> alerting = parts->start_alerts(); !alerting) return alerting.error();
  parts->make_scrape();
  parts->make_remote();

  // The port first: a monitor that cannot be asked must not have scraped.
  if (Result<void> listens = parts->listen(); !listens) return listens.error();
  if (Result<void> applied = parts->apply(std::move(*config)); !applied) return applied.error();
  parts->metrics.reload_successful.set(1);
  parts->ready = true;
  return std::unique_ptr<Monitor>(new Monitor(std::move(parts)));
}

Monitor::Monitor(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Monitor::~Monitor() {
  stop();
}

Result<void> Monitor::reload() {
  return parts_->reload();
}
std::string Monitor::url() const {
  return parts_->server->url();
}
const Registry& Monitor::registry() const noexcept {
  return parts_->registry;
}
storage::SeriesStore& Monitor::store() noexcept {
  return *parts_->store;
}

MonitorStatus Monitor::status() const {
  MonitorStatus status;
  for (const scrape::TargetState& target : parts_->scrape->targets().active) {
    ++status.targets;
    if (target.health == scrape::TargetHealth::up) ++status.targets_up;
  }
  const storage::StoreStatistics store = parts_->store->statistics();
  status.streams = parts_->streams->connected();
  status.series = store.series;
  status.samples = store.samples;
  if (store.block_samples > 0) {
    status.bytes_per_sample = static_cast<double>(store.block_bytes) / static_cast<double>(store.block_samples);
  } else if (store.log_bytes > 0 && store.samples > 0) {
    status.bytes_per_sample = static_cast<double>(store.log_bytes) / static_cast<double>(store.samples);
  }
  const AlertCounts alerts = parts_->alerts->counts();
  status.rules = alerts.rules;
  status.alerts = alerts.firing;
  status.unsent = alerts.unsent;
  status.disk_writable = parts_->store->disk_state() == storage::DiskState::writable;
  return status;
}

void Monitor::stop() {
  const std::lock_guard lock(parts_->reload_mutex);
  if (std::exchange(parts_->stopped, true)) return;
  parts_->streams->stop();
  parts_->scrape->stop();
  parts_->alerts->stop();
  parts_->remote->stop(parts_->options.flush_deadline);
  parts_->server->stop();
}

}  // namespace monitor
BELLWETHER_NAMESPACE_END
