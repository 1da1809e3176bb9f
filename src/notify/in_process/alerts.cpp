// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bellwether/alerts.hpp>
#include <utility>

#include "notify/in_process/alert_pipe.hpp"
#include "notify/in_process/monitoring_config.hpp"
#include "notify/notifier.hpp"
#include "notify/receivers/make_integrations.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

/// The pipe and the notifier behind it, which ends after it.
class NotifiedAlerts final : public Alerts {
 public:
  NotifiedAlerts(std::unique_ptr<Notifier> notifier, AlertPipeOptions options) : notifier_(std::move(notifier)) {
    options.sink = [this, log = options.alerts.log](const std::vector<rules::Alert>& alerts) {
      // Alerting goes on from memory when the disk refuses; that it does must be known.
      if (const auto posted = notifier_->post(alerts); !posted && log) log(posted.error().message);
    };
    pipe_ = std::make_unique<AlertPipe>(std::move(options));
  }
  ~NotifiedAlerts() override {
    pipe_.reset();
    notifier_->stop();
  }
  NotifiedAlerts(const NotifiedAlerts&) = delete;
  NotifiedAlerts& operator=(const NotifiedAlerts&) = delete;

  bool send_alert(const AlertMessage& message) noexcept override { return pipe_->send_alert(message); }
  bool flush(std::chrono::milliseconds patience) override { return pipe_->flush(patience); }
  std::uint64_t lost() const noexcept override { return pipe_->lost(); }

 private:
  std::unique_ptr<Notifier> notifier_;
  std::unique_ptr<AlertPipe> pipe_;
};

/// Long enough for the last step of every escalation.
std::chrono::milliseconds lifetime_of(const MonitoringConfig& config) {
  std::chrono::milliseconds lifetime{std::chrono::hours{2}};
  for (const auto& policy : config.notifier.extensions.escalation) {
    for (const auto& step : policy.steps) lifetime = std::max(lifetime, 2 * step.after);
  }
  return lifetime;
}

}  // namespace
}  // namespace notify

Result<std::unique_ptr<Alerts>> Alerts::start(const std::string& config_path, AlertsOptions options) {
  Result<notify::MonitoringConfig> config =
      notify::load_monitoring_config(config_path, config::NotifierEnvironment::of_process());
  if (!config) return config.error();
  notify::ReceiverParts parts{.http = std::make_shared<notify::AsyncHttpSender>(),
                              .mail = std::make_shared<notify::SmtpSender>(),
                              .clock = options.clock};
  Result<notify::Receivers> receivers = notify::make_receivers(config->notifier, parts);
  if (!receivers) return receivers.error();
  notify::NotifierOptions notifier_options{.directory = config->directory};
  notifier_options.clock = options.clock;
  notifier_options.registry = options.registry;
  notifier_options.log = options.log;
  notify::AlertPipeOptions pipe{.alerts = std::move(options),
                                .limits = config->limits,
                                .instance = config->instance,
                                .lifetime = notify::lifetime_of(*config),
                                .sink = {}};
  auto notifier =
      notify::Notifier::start(std::move(notifier_options), {std::move(config->notifier), std::move(*receivers)});
  if (!notifier) return notifier.error();
  return std::unique_ptr<Alerts>(std::make_unique<notify::NotifiedAlerts>(std::move(*notifier), std::move(pipe)));
}

BELLWETHER_NAMESPACE_END
