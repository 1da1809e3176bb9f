// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN

enum class AlertSeverity : std::uint8_t {
  critical,  ///< P0: wakes somebody; nothing holds it back
  high,      ///< P1: within the hour
  medium,    ///< P2: bundled
  info,      ///< INFO: bundled
};

/// What a process has to say to people. Views: copied by `send_alert`, which shortens what exceeds the limits below.
struct AlertMessage {
  static constexpr std::size_t max_name = 64;
  static constexpr std::size_t max_title = 200;
  static constexpr std::size_t max_message = 1200;
  static constexpr std::size_t max_component = 64;
  static constexpr std::size_t max_runbook_url = 300;
  static constexpr std::size_t max_value = 48;

  AlertSeverity severity = AlertSeverity::medium;
  std::string_view title;           ///< one line: what has happened
  std::string_view message = {};    ///< what it means: value, limit, scope
  std::string_view component = {};  ///< where: "risk", "broker"
  std::string_view runbook_url = {};
  std::string_view name = {};   ///< the label `alertname`; empty: the title
  std::string_view value = {};  ///< shown by itself: "-0.071"
};

/// Alerts with the texts filled in, for `send_alert`. Each holds its own text; a template is made where the alert is sent.
///
///     alerts.send_alert(AlertTemplate::kill_switch_activated("pnl", -0.071, -0.05));
///
/// Threads: a plain value. Allocation: none.
class BELLWETHER_API AlertTemplate {
 public:
  static AlertTemplate kill_switch_activated(std::string_view type, double value, double threshold) noexcept;  ///< P0
  static AlertTemplate ibkr_connection_lost(std::string_view reason, std::uint64_t attempts) noexcept;         ///< P0
  static AlertTemplate high_latency(std::string_view operation, double milliseconds,
                                    double threshold) noexcept;  ///< P1
  static AlertTemplate data_quality_issue(std::string_view issue, std::string_view symbol,
                                          double value) noexcept;                                           ///< P2
  static AlertTemplate optimization_failure(std::string_view optimizer, std::string_view reason) noexcept;  ///< P1

  /// Views into this template, so it must be there as long.
  AlertMessage message() const& noexcept;
  AlertMessage message() && = delete;
  /// In place of the template's own.
  AlertTemplate& with_runbook_url(std::string_view url) noexcept;

 private:
  AlertTemplate(AlertSeverity severity, std::string_view name, std::string_view component) noexcept;

  AlertSeverity severity_;
  char name_[AlertMessage::max_name];
  char component_[AlertMessage::max_component];
  char title_[AlertMessage::max_title];
  char message_[512];
  char value_[AlertMessage::max_value];
  char runbook_url_[AlertMessage::max_runbook_url];
};

struct AlertsOptions {
  std::size_t capacity =
      1024;  ///< alerts that wait for the thread; a power of two. Beyond it they are counted, not sent
  std::size_t urgent_capacity = 256;  ///< P0 have places of their own, and then those of the others
  /// How often the thread looks whether there is something: callers wake nobody, for that would take them microseconds.
  std::chrono::microseconds poll_interval{1000};
  const Clock* clock = &Clock::system();
  Registry* registry = nullptr;  ///< for bellwether_alerts_…
  /// What cannot be told otherwise: a configuration that is refused, a disk that is full. From the thread of the alerts.
  std::function<void(std::string_view)> log = {};
};

/// Alerts straight from a trading process, for what must be told although everything else is down: the monitor, its scrape, its
/// machine. Behind it stands the monitor's own pipeline: written down before it is sent, retried, kept through a crash.
///
///     auto alerts = Alerts::start("monitoring_config.yaml").value();
///     alerts->critical("Kill switch tripped", "daily PnL -7.1 % is below -5 %", "risk");
///     alerts->send_alert(AlertTemplate::high_latency("order", 350, 200));
///
/// `monitoring_config.yaml` (all but one channel may be left out; unknown keys are errors):
///
///     alerting:
///       directory: state/alerts                  # what is not told yet; default: bellwether-alerts
///       instance: desk-1                         # a label of every alert
///       channels:                                # of the kinds slack, email, pagerduty, telegram, webhook
///         slack:     {webhook_url_file: secrets/slack, channel: "#algo-trade-alerts"}   # or webhook_url, SLACK_WEBHOOK_URL
///         email:     {smarthost: "smtp.gmail.com:587", from: a@b.org, to: c@d.org}      # SMTP_USER, SMTP_PASSWORD
///         pagerduty: {routing_key_file: secrets/pagerduty}                              # or PAGERDUTY_API_KEY
///       severities:                              # default: P0 all, P1 slack and email, P2 and INFO slack
///         P0: [slack, email, pagerduty]
///         P1: [slack, email]
///       rate_limit: {max_alerts: 10, window: 300s}            # of each severity; never of P0
///       aggregation: {window: 60s, severities: [P2, INFO]}    # one message for all of a window, sent when it ends
///       duplicate_window: 600s                                # the same title and component again: counted, not told
///       escalation: {P0: 5m, P1: 60m}                         # told to P0's channels unless acknowledged
///
/// What a limit holds back is counted and told in one message when the window ends, by the clock, not by the next alert.
///
/// Cost: `send_alert` copies up to 2 KiB into a ring: no allocation, no system call, no lock (see bench/alerts.cpp). A full ring
/// loses the alert and counts it: `bellwether_alerts_lost_total{severity}`.
///
/// Threads: any, all functions. `start` and the end of life block for the disk. It is no part of the installed libraries, because
/// what delivers needs SQLite and libcurl: link `bellwether_alerts` of the source tree.
class BELLWETHER_API Alerts {
 public:
  /// Errors: a file that cannot be read or says nonsense, with its place; a directory that cannot be written.
  static Result<std::unique_ptr<Alerts>> start(const std::string& config_path, AlertsOptions options = {});

  virtual ~Alerts() = default;
  Alerts(const Alerts&) = delete;
  Alerts& operator=(const Alerts&) = delete;

  /// False: it could not be kept, and was counted.
  virtual bool send_alert(const AlertMessage& message) noexcept = 0;
  bool send_alert(const AlertTemplate& from) noexcept { return send_alert(from.message()); }

  bool critical(std::string_view title, std::string_view message, std::string_view component = {}) noexcept {
    return send_alert(AlertMessage{AlertSeverity::critical, title, message, component});
  }
  bool high(std::string_view title, std::string_view message, std::string_view component = {}) noexcept {
    return send_alert(AlertMessage{AlertSeverity::high, title, message, component});
  }
  bool medium(std::string_view title, std::string_view message, std::string_view component = {}) noexcept {
    return send_alert(AlertMessage{AlertSeverity::medium, title, message, component});
  }
  bool info(std::string_view title, std::string_view message, std::string_view component = {}) noexcept {
    return send_alert(AlertMessage{AlertSeverity::info, title, message, component});
  }

  /// Waits until what was sent before is written down (not until it is told), at most so long. False: it is not.
  virtual bool flush(std::chrono::milliseconds patience) = 0;

  /// Those that found no place.
  virtual std::uint64_t lost() const noexcept = 0;

 protected:
  Alerts() = default;
};

BELLWETHER_NAMESPACE_END
