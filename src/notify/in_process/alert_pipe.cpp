// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/in_process/alert_pipe.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::array all_severities{AlertSeverity::critical, AlertSeverity::high, AlertSeverity::medium,
                                    AlertSeverity::info};

std::int64_t milliseconds(std::chrono::nanoseconds time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

std::string_view reason_text(HeldBack why) noexcept {
  switch (why) {
    case HeldBack::duplicate:
      return "duplicate";
    case HeldBack::bundled:
      return "bundled";
    case HeldBack::rate_limit:
      return "rate_limit";
  }
  return "duplicate";
}

}  // namespace

/// Counts of the process, brought to the registry by the thread: a caller touches no metric. What is suppressed is counted in the
/// notifier's family, with reasons of our own.
struct AlertPipe::Metrics {
  explicit Metrics(Registry& registry)
      : told(registry
                 .counter<"severity">("bellwether_alerts_told_total", "Alerts of this process handed to the notifier.")
                 .value()),
        lost(registry.counter<"severity">("bellwether_alerts_lost_total", "Alerts that found no place in the ring.")
                 .value()),
        suppressed(registry
                       .counter<"severity", "reason">("alerts_suppressed_total",
                                                      "Notifications not sent by themselves, and why.")
                       .value()) {}

  Family<Counter, "severity"> told;
  Family<Counter, "severity"> lost;
  Family<Counter, "severity", "reason"> suppressed;
  std::array<std::uint64_t, 4> lost_before{};
  std::array<std::array<std::uint64_t, 3>, 4> suppressed_before{};
};

AlertPipe::AlertPipe(AlertPipeOptions options)
    : options_(std::move(options)),
      urgent_(options_.alerts.urgent_capacity),
      others_(options_.alerts.capacity),
      limits_(options_.limits) {
  if (options_.alerts.registry != nullptr) metrics_ = std::make_unique<Metrics>(*options_.alerts.registry);
  if (options_.own_thread) thread_ = std::thread([this] { run(); });
}

AlertPipe::~AlertPipe() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  take_waiting();
  tell(limits_.finish(milliseconds(options_.alerts.clock->wall())));
}

bool AlertPipe::send_alert(const AlertMessage& message) noexcept {
  const std::int64_t now_ms = milliseconds(options_.alerts.clock->wall());
  const auto fill = [&](AlertSlot& slot) { slot.assign(message, now_ms); };
  const bool urgent = message.severity == AlertSeverity::critical;
  if ((urgent && urgent_.put(fill)) || others_.put(fill)) {
    accepted_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  lost_[static_cast<std::size_t>(message.severity)].fetch_add(1, std::memory_order_relaxed);
  return false;
}

std::uint64_t AlertPipe::lost() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& count : lost_) sum += count.load(std::memory_order_relaxed);
  return sum;
}

bool AlertPipe::flush(std::chrono::milliseconds patience) {
  const std::uint64_t wanted = accepted_.load();
  const auto until = options_.alerts.clock->monotonic() + patience;
  while (handled_.load() < wanted) {
    if (!options_.own_thread) {
      pump();
      continue;
    }
    if (options_.alerts.clock->monotonic() >= until) return false;
    std::this_thread::sleep_for(options_.alerts.poll_interval);
  }
  return true;
}

rules::Alert AlertPipe::alert_of(const ProcessAlert& from) {
  rules::Alert alert;
  const auto put = [](rules::AlertLabels& to, const char* name, const std::string& text) {
    if (std::string clean = clean_text(text); !clean.empty()) to.insert_or_assign(name, std::move(clean));
  };
  put(alert.labels, "alertname", from.name.empty() ? std::string("Alert") : from.name);
  put(alert.labels, "severity", std::string(severity_text(from.severity)));
  put(alert.labels, "component", from.component);
  put(alert.labels, "instance", options_.instance);
  // Each is an event of its own: the notifier must not take two of them for one alert that goes on.
  last_event_ = std::max(last_event_ + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(from.at_ms, 0)) * 1000);
  put(alert.labels, "event", std::to_string(last_event_));
  put(alert.annotations, "summary", from.title);
  put(alert.annotations, "description", from.message);
  put(alert.annotations, "runbook_url", from.runbook_url);
  put(alert.annotations, "value", from.value);
  alert.starts_ms = from.at_ms;
  alert.ends_ms = from.at_ms + options_.lifetime.count();
  alert.updated_ms = from.at_ms;
  return alert;
}

void AlertPipe::tell(const std::vector<ProcessAlert>& alerts) {
  if (alerts.empty()) return;
  std::vector<rules::Alert> posted;
  posted.reserve(alerts.size());
  for (const ProcessAlert& alert : alerts) {
    posted.push_back(alert_of(alert));
    if (metrics_) metrics_->told.at(severity_text(alert.severity)).inc();
  }
  options_.sink(posted);
}

std::size_t AlertPipe::take_waiting() {
  // So many at once that a flood of others does not keep a critical one waiting.
  constexpr std::size_t batch = 64;
  std::size_t all = 0;
  for (;;) {
    std::vector<ProcessAlert> told;
    std::size_t count = 0;
    const auto use = [&](const AlertSlot& slot) {
      ProcessAlert alert{.severity = slot.severity,
                         .at_ms = slot.at_ms,
                         .name = std::string(slot.name.view()),
                         .title = std::string(slot.title.view()),
                         .message = std::string(slot.message.view()),
                         .component = std::string(slot.component.view()),
                         .runbook_url = std::string(slot.runbook_url.view()),
                         .value = std::string(slot.value.view())};
      for (ProcessAlert& due : limits_.take(std::move(alert))) told.push_back(std::move(due));
    };
    while (urgent_.take(use)) ++count;
    for (std::size_t i = 0; i < batch && others_.take(use); ++i) ++count;
    if (count == 0) return all;
    all += count;
    tell(told);
    handled_.fetch_add(count);
  }
}

std::size_t AlertPipe::pump() {
  const std::size_t taken = take_waiting();
  const std::vector<ProcessAlert> due = limits_.due(milliseconds(options_.alerts.clock->wall()));
  const std::size_t count = taken + due.size();
  tell(due);
  if (metrics_) export_counts();
  return count;
}

void AlertPipe::export_counts() {
  for (const AlertSeverity severity : all_severities) {
    const auto index = static_cast<std::size_t>(severity);
    const std::uint64_t lost = lost_[index].load(std::memory_order_relaxed);
    const std::uint64_t lost_more = lost - std::exchange(metrics_->lost_before[index], lost);
    if (lost_more != 0) metrics_->lost.at(severity_text(severity)).inc(static_cast<double>(lost_more));
    for (const HeldBack why : {HeldBack::duplicate, HeldBack::bundled, HeldBack::rate_limit}) {
      const std::uint64_t held = limits_.held_back(severity, why);
      const std::uint64_t more =
          held - std::exchange(metrics_->suppressed_before[index][static_cast<std::size_t>(why)], held);
      if (more != 0) metrics_->suppressed.at(severity_text(severity), reason_text(why)).inc(static_cast<double>(more));
    }
  }
}

void AlertPipe::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  while (!stopping_.load(std::memory_order_relaxed)) {
    if (pump() == 0) std::this_thread::sleep_for(options_.alerts.poll_interval);
  }
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
