// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/monitor_command.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "base/duration.hpp"
#include "cli/desk_options.hpp"
#include "cli/run_monitor.hpp"
#include "config/prometheus/byte_size.hpp"
#include "monitor/default_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// As the user wrote them.
struct MonitorArguments {
  monitor::MonitorOptions options;
  std::string listen = "127.0.0.1:9090";
  std::string retention = "15d";
  std::string retention_size = "0";
  std::string query_timeout = "2m";
  std::string query_lookback = "5m";
  std::string run_for;
};

template <typename T>
T checked(const Result<T>& result, const char* option) {
  if (!result) throw CLI::ValidationError(option, result.error().message);
  return *result;
}

/// "127.0.0.1:9090", "[::1]:9090", ":9090" for every address of the machine.
void read_listen(const std::string& text, monitor::MonitorOptions& options) {
  const std::size_t colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoul(port) > 65535) {
    throw CLI::ValidationError("--listen", "'" + text + "' is no ADDRESS:PORT such as 127.0.0.1:9090");
  }
  options.port = static_cast<std::uint16_t>(std::stoul(port));
  if (colon == std::string::npos) return;
  std::string address = text.substr(0, colon);
  if (address.size() > 1 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  options.address = address.empty() ? "0.0.0.0" : address;
}

int run(const MonitorArguments& arguments) {
  monitor::MonitorOptions options = arguments.options;
  read_listen(arguments.listen, options);
  options.retention = checked(parse_duration(arguments.retention), "--retention");
  options.retention_bytes = checked(config::parse_byte_size(arguments.retention_size), "--retention-size");
  options.query_timeout = checked(parse_duration(arguments.query_timeout), "--query-timeout");
  options.query_lookback = checked(parse_duration(arguments.query_lookback), "--query-lookback");
  std::optional<std::chrono::nanoseconds> run_for;
  if (!arguments.run_for.empty()) run_for = checked(parse_time_span(arguments.run_for), "--for");
  if (options.config_file.empty()) {
    if (std::filesystem::exists("prometheus.yml")) {
      options.config_file = "prometheus.yml";
      if (options.alertmanager_file.empty() && std::filesystem::exists("alertmanager.yml")) {
        options.alertmanager_file = "alertmanager.yml";
      }
    } else {
      options.config_text = monitor::default_config(8000, options.port);
    }
  }
  return run_monitor(std::move(options), run_for);
}

}  // namespace

void add_monitor_command(CLI::App& app, int& status) {
  CLI::App* const command =
      app.add_subcommand("monitor", "Scrape, store, evaluate rules, tell people, and answer queries");
  auto arguments = std::make_shared<MonitorArguments>();
  monitor::MonitorOptions& options = arguments->options;
  command
      ->add_option("--config,--config.file", options.config_file,
                   "prometheus.yml; default: the one in this directory, else a desk on port 8000 and itself")
      ->type_name("FILE");
  command
      ->add_option(
          "--alertmanager-config,--alertmanager.config.file", options.alertmanager_file,
          "alertmanager.yml: who is told of alerts; default: nobody, or without --config the one in this directory")
      ->type_name("FILE");
  command->add_option("--directory,--storage.tsdb.path", options.directory, "Where samples are kept")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--listen,--web.listen-address", arguments->listen, "Where to serve; port 0 takes a free one")
      ->type_name("ADDRESS:PORT")
      ->capture_default_str();
  command
      ->add_option("--web-config,--web.config.file", options.web_config_file,
                   "TLS and users, as Prometheus's web configuration file has them")
      ->type_name("FILE");
  command->add_flag("--allow-remote", options.allow_remote,
                    "Serve other machines without TLS: everybody who reaches the port reads everything");
  command
      ->add_option("--external-url,--web.external-url", options.external_url,
                   "How people reach it, for links in alerts")
      ->type_name("URL");
  command
      ->add_option("--cors-origin,--web.cors.origin", options.cors_origin,
                   "Pages that may ask, a regular expression; default: none but our own")
      ->type_name("REGEX");
  command->add_option("--retention,--storage.tsdb.retention.time", arguments->retention, "How long; 0 is for ever")
      ->type_name("15d")
      ->capture_default_str();
  command
      ->add_option("--retention-size,--storage.tsdb.retention.size", arguments->retention_size,
                   "How much; the oldest days go first; 0 is no limit")
      ->type_name("10GB")
      ->capture_default_str();
  command->add_option("--series-limit", options.series_limit, "More series than this are refused, and counted")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--receive-remote-write,--web.enable-remote-write-receiver", options.receive_remote_write,
                    "Take samples at /api/v1/write");
  command->add_flag("--admin-api,--web.enable-admin-api", options.admin_api, "Take /api/v1/admin/tsdb/...");
  command->add_option("--query-timeout,--query.timeout", arguments->query_timeout, "Of a query")
      ->type_name("2m")
      ->capture_default_str();
  command->add_option("--query-samples,--query.max-samples", options.query_max_samples, "That a query may hold")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--query-lookback,--query.lookback-delta", arguments->query_lookback,
                   "How old a series' last sample may be")
      ->type_name("5m")
      ->capture_default_str();
  command->add_option("--query-concurrency,--query.max-concurrency", options.query_concurrency, "Queries at a time")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command
      ->add_option("--query-threads", options.query_threads,
                   "That work on one large query, shared by all; 0: one for each processor, at most 8")
      ->type_name("N")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command->add_option("--for", arguments->run_for, "Stop after this time; default: at Ctrl-C")->type_name("60s");
  command->footer(
      "SIGHUP, and POST /-/reload, read the configuration again; what is wrong in it is told, and the one before goes "
      "on.\n"
      "Examples:\n"
      "  bellwether monitor\n"
      "  bellwether monitor --config prometheus.yml --alertmanager-config alertmanager.yml\n"
      "  bellwether monitor --config prometheus.yml --directory /var/lib/bellwether --retention 90d\n"
      "  curl 'http://127.0.0.1:9090/api/v1/query?query=up'");
  command->callback([arguments, &status] { status = run(*arguments); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
