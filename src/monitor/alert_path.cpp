// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/alert_path.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "api/rules_answer.hpp"
#include "api/v2/notifier_sources.hpp"
#include "api/v2/v2_routes.hpp"
#include "config/alertmanager/notifier_config.hpp"
#include "monitor/message_links.hpp"
#include "net/http_client.hpp"
#include "notify/forward/forwarder.hpp"
#include "notify/http_pinger.hpp"
#include "notify/notifier.hpp"
#include "notify/receivers/make_integrations.hpp"
#include "notify/signed_link.hpp"
#include "notify/silences.hpp"
#include "rules/rule_manager.hpp"
#include "rules/rule_templates.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

namespace {

/// Who is told when nobody was named: alerts, silences and groups are there all the same.
constexpr const char* nobody = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n";

Result<config::NotifierConfig> read(const AlertPathOptions& options) {
  const auto environment = config::NotifierEnvironment::of_process();
  if (!options.config_file.empty()) return config::load_notifier_config(options.config_file, environment);
  auto report = config::read_notifier_config_text(options.config_text.empty() ? nobody : options.config_text,
                                                  "built-in alertmanager.yml", environment);
  if (report.config) return *std::move(report.config);
  std::string all;
  for (const std::string& error : report.errors) all += (all.empty() ? "" : "\n") + error;
  return Error{all};
}

}  // namespace

/// In the order in which they need each other: what stands below uses what stands above.
struct AlertPath::Parts {
  Parts(storage::SeriesStore& store_given, AlertPathOptions given, notify::LinkSigner made_signer)
      : store(store_given), options(std::move(given)), signer(std::move(made_signer)) {}

  storage::SeriesStore& store;
  const AlertPathOptions options;
  const notify::LinkSigner signer;
  const std::shared_ptr<notify::AsyncHttpSender> http = std::make_shared<notify::AsyncHttpSender>();
  const std::shared_ptr<notify::SmtpSender> mail = std::make_shared<notify::SmtpSender>();
  net::HttpClient client{{}};  // of forwarding
  std::unique_ptr<notify::Notifier> notifier;
  std::unique_ptr<notify::Forwarder> forwarder;
  std::unique_ptr<rules::RuleManager> rules;

  mutable std::mutex config_mutex;
  std::shared_ptr<const config::NotifierConfig> config;
  config::AlertingConfig alerting;  // what the forwarder has; of `apply` alone, as is the next
  config::Labels external_labels;
  std::atomic<bool> stopped{false};
  std::jthread settling;

  void settle(const std::stop_token& stop) const;
  bool rules_evaluated_since(std::int64_t time_ms) const;
  std::int64_t now_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(options.clock->wall()).count();
  }

  Result<notify::NotifierSetup> setup(const config::NotifierConfig& fresh) const;
  std::shared_ptr<const config::NotifierConfig> current() const {
    const std::lock_guard lock(config_mutex);
    return config;
  }
  Result<void> start_notifier();
  void make_rules();
  Result<void> apply(const config::PrometheusConfig& prometheus);
};

Result<notify::NotifierSetup> AlertPath::Parts::setup(const config::NotifierConfig& fresh) const {
  auto templates = notify::MessageTemplates::load(fresh.templates);
  if (!templates) return templates.error();
  notify::ReceiverParts parts;
  parts.http = http;
  parts.mail = mail;
  parts.templates = std::make_shared<const notify::MessageTemplates>(*std::move(templates));
  parts.links = [this, lifetime = fresh.extensions.link_lifetime](const notify::Notification& notification) {
    return message_links(notification, signer, lifetime);
  };
  parts.clock = options.clock;
  auto receivers = notify::make_receivers(fresh, parts);
  if (!receivers) return receivers.error();
  return notify::NotifierSetup{fresh, *std::move(receivers)};
}

Result<void> AlertPath::Parts::start_notifier() {
  Result<config::NotifierConfig> read_config = read(options);
  if (!read_config) return read_config.error();
  auto made = setup(*read_config);
  if (!made) return made.error();
  notify::NotifierOptions notifying;
  notifying.directory = options.directory;
  notifying.external_url = options.external_url;
  notifying.ping = notify::http_pinger(http, options.log);
  notifying.clock = options.clock;
  notifying.registry = options.registry;
  notifying.log = options.log;
  auto started = notify::Notifier::start(std::move(notifying), *std::move(made));
  if (!started) return started.error();
  notifier = std::move(*started);
  config = std::make_shared<config::NotifierConfig>(*std::move(read_config));
  return {};
}

void AlertPath::Parts::make_rules() {
  notify::ForwarderOptions forwarding;
  forwarding.transport = &client;
  forwarding.need = current()->extensions.forward_to_all ? notify::ForwardNeed::all : notify::ForwardNeed::any;
  forwarding.registry = options.registry;
  forwarding.clock = options.clock;
  forwarding.log = options.log;
  forwarder = std::make_unique<notify::Forwarder>(std::move(forwarding));

  rules::RuleManagerOptions evaluating;
  evaluating.engine = options.engine;
  evaluating.clock = options.clock;
  evaluating.registry = options.registry;
  evaluating.log = options.log;
  evaluating.sink = [this](const std::vector<rules::Alert>& alerts) {
    (void)notifier->post(alerts);  // it has logged and counted what went wrong, and goes on from memory
    forwarder->post(alerts);
  };
  evaluating.expand = rules::template_expander();
  evaluating.check_template = rules::check_rule_template;
  rules = std::make_unique<rules::RuleManager>(store, std::move(evaluating));
}

bool AlertPath::Parts::rules_evaluated_since(std::int64_t time_ms) const {
  const std::vector<rules::GroupState> groups = rules->state();
  return std::all_of(groups.begin(), groups.end(), [&](const rules::GroupState& group) {
    return group.rules.empty() || group.last_evaluation_ms > time_ms + group.interval.count();
  });
}

// The store may have lost the last second before a kill, and with it that an alert of ours fired; the notifier has lost nothing.
// So what it still holds of us, and no rule has told again, has ended meanwhile.
void AlertPath::Parts::settle(const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  std::int64_t asked_ms = 0;
  while (!changed.wait_for(lock, stop, std::chrono::milliseconds{100}, [&] { return stop.stop_requested(); })) {
    if (asked_ms == 0 && (!options.targets_asked || options.targets_asked())) asked_ms = now_ms();
    if (asked_ms == 0 || !rules_evaluated_since(asked_ms)) continue;
    const std::string ours = options.external_url + "/graph?";
    (void)notifier->resolve_unrenewed([&](const rules::Alert& alert) { return alert.generator_url.starts_with(ours); });
    return;
  }
}

Result<void> AlertPath::Parts::apply(const config::PrometheusConfig& prometheus) {
  // What can be refused comes first, and rules last: they are what nothing can undo.
  Result<config::NotifierConfig> fresh = read(options);
  if (!fresh) return fresh.error();
  auto made = setup(*fresh);
  if (!made) return made.error();
  const std::shared_ptr<const config::NotifierConfig> before = current();
  if (Result<void> applied = notifier->apply(*std::move(made)); !applied) return applied;
  Result<void> applied = forwarder->apply(prometheus.alerting, prometheus.global.external_labels);
  if (applied) applied = rules->apply(rules::rule_settings(prometheus, options.external_url));
  if (!applied) {  // all as it was
    (void)forwarder->apply(alerting, external_labels);
    if (auto old = setup(*before)) (void)notifier->apply(*std::move(old));
    return applied;
  }
  alerting = prometheus.alerting;
  external_labels = prometheus.global.external_labels;
  if (!settling.joinable()) settling = std::jthread([this](const std::stop_token& stop) { settle(stop); });
  const std::lock_guard lock(config_mutex);
  config = std::make_shared<config::NotifierConfig>(*std::move(fresh));
  return {};
}

Result<std::unique_ptr<AlertPath>> AlertPath::start(storage::SeriesStore& store, AlertPathOptions options) {
  auto signer = notify::LinkSigner::with_key_file(options.directory + "/link.key");
  if (!signer) return signer.error();
  auto parts = std::make_unique<Parts>(store, std::move(options), *std::move(signer));
  if (Result<void> started = parts->start_notifier(); !started) return started.error();
  parts->make_rules();
  return std::unique_ptr<AlertPath>(new AlertPath(std::move(parts)));
}

AlertPath::AlertPath(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AlertPath::~AlertPath() {
  stop();
}

Result<void> AlertPath::apply(const config::PrometheusConfig& config) {
  return parts_->apply(config);
}

void AlertPath::on_pushed(std::string_view text) {
  parts_->rules->on_pushed(text);
}

Result<std::vector<net::Route>> AlertPath::routes() {
  api::V2Sources sources;
  api::take_notifier(sources, *parts_->notifier);
  sources.silences = &parts_->notifier->silences();
  sources.links = &parts_->signer;
  sources.receivers = [parts = parts_.get()] {
    std::vector<std::string> names;
    for (const config::ReceiverConfig& receiver : parts->current()->receivers) names.push_back(receiver.name);
    return names;
  };
  sources.config_yaml = [parts = parts_.get()] { return config::to_yaml(*parts->current()); };
  sources.resolve_timeout = [parts = parts_.get()] { return parts->current()->global.resolve_timeout; };
  sources.external_url = parts_->options.external_url;
  sources.clock = parts_->options.clock;
  return api::v2_routes(std::move(sources));
}

void AlertPath::add_to(api::ApiSources& sources) {
  sources.rules = [rules = parts_->rules.get()](const net::Request& request) {
    return api::rules_answer(rules->state(), request);
  };
  sources.alerts = [rules = parts_->rules.get()](const net::Request&) -> Result<std::string> {
    return api::alerts_answer(rules->state());
  };
  sources.alertmanagers = [forwarder = parts_->forwarder.get()](const net::Request&) -> Result<std::string> {
    return forwarder->alertmanagers_json();
  };
}

AlertCounts AlertPath::counts() const {
  AlertCounts counts;
  for (const rules::GroupState& group : parts_->rules->state()) counts.rules += group.rules.size();
  const notify::NotifierStatus status = parts_->notifier->status();
  counts.firing = status.firing;
  counts.unsent = status.pending;
  return counts;
}

void AlertPath::stop() {
  if (parts_->stopped.exchange(true)) return;
  parts_->settling.request_stop();
  if (parts_->settling.joinable()) parts_->settling.join();
  parts_->rules->stop();
  parts_->forwarder->stop(std::chrono::seconds{1});
  parts_->notifier->stop();
}

}  // namespace monitor
BELLWETHER_NAMESPACE_END
