// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/monitor.hpp"

#include <bellwether/metrics.hpp>
#include <bellwether/process_metrics.hpp>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "config/prometheus/prometheus_config.hpp"
#include "config/web_config.hpp"
#include "exporter/metrics_route.hpp"
#include "monitor/monitor_metrics.hpp"
#include "monitor/reload_route.hpp"
#include "net/http_server.hpp"
#include "scrape/scrape_manager.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

using config::PrometheusConfig;

namespace {

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
  std::unique_ptr<storage::SeriesStore> store;
  std::unique_ptr<scrape::ScrapeManager> scrape;

  mutable std::mutex config_mutex;  // reloads, one after the other
  PrometheusConfig config;

  std::unique_ptr<net::HttpServer> server;

  Result<void> apply(PrometheusConfig read);
  Result<void> reload();
  Result<void> listen();
  std::vector<net::Route> routes();
};

Result<void> Monitor::Parts::apply(PrometheusConfig read) {
  if (Result<void> applied = scrape->apply(read); !applied) return applied;
  config = std::move(read);
  metrics.reload_success_seconds.set(std::chrono::duration<double>(options.clock->wall()).count());
  return {};
}

Result<void> Monitor::Parts::reload() {
  const std::lock_guard lock(config_mutex);
  Result<PrometheusConfig> fresh = read(options);
  Result<void> applied = fresh ? apply(std::move(*fresh)) : Result<void>(fresh.error());
  metrics.reload_successful.set(applied ? 1 : 0);
  if (options.log) {
    options.log(applied ? "the configuration was read again"
                        : "the configuration was not taken, the one before goes on: " + applied.error().message);
  }
  return applied;
}

std::vector<net::Route> Monitor::Parts::routes() {
  std::vector<net::Route> all = exporter::metrics_routes(registry, {"/metrics"});
  move_into(all, reload_routes([this] { return reload(); }));
  return all;
}

Result<void> Monitor::Parts::listen() {
  net::HttpServerOptions server_options;
  server_options.address = options.address;
  server_options.port = options.port;
  server_options.allow_remote = options.allow_remote;
  server_options.max_connections = options.max_connections;
  server_options.workers = options.query_concurrency;
  if (!options.web_config_file.empty()) {
    auto web = config::load_web_config(options.web_config_file);
    if (!web) return web.error();
    server_options.web = *std::move(web);
  }
  auto started = net::HttpServer::start(std::move(server_options), routes());
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

  scrape::ScrapeOptions scrape;
  scrape.clock = parts->options.clock;
  scrape.registry = &parts->registry;
  scrape.log = parts->options.log;
  scrape.ingestion_threads = parts->options.ingestion_threads;
  parts->scrape = std::make_unique<scrape::ScrapeManager>(*parts->store, std::move(scrape));

  // The port first: a monitor that cannot be asked must not have scraped.
  if (Result<void> listens = parts->listen(); !listens) return listens.error();
  if (Result<void> applied = parts->apply(std::move(*config)); !applied) return applied.error();
  parts->metrics.reload_successful.set(1);
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
  status.series = store.series;
  status.samples = store.samples;
  if (store.block_samples > 0) {
    status.bytes_per_sample = static_cast<double>(store.block_bytes) / static_cast<double>(store.block_samples);
  }
  status.disk_writable = parts_->store->disk_state() == storage::DiskState::writable;
  return status;
}

void Monitor::stop() {
  parts_->scrape->stop();
  parts_->server->stop();
}

}  // namespace monitor
BELLWETHER_NAMESPACE_END
