// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// A notifier that a test kills: notifier_storm_child <directory> <port> firing|resolved <first id> <count> <starts_ms>
// It posts its alerts as a sender does who was down meanwhile, all of them and again each second, and sends to the port.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "notify/notifier.hpp"

namespace {

using namespace bellwether;
using namespace bellwether::notify;

/// One connection a message: "<id> <attempt> <payload>\n", answered by a line: ok, again, later <ms>. Time-out 500 ms.
class LineIntegration final : public Integration {
 public:
  explicit LineIntegration(std::uint16_t port) : port_(port) {
    for (int i = 0; i < 12; ++i) std::thread([this] { work(); }).detach();
  }
  const std::string& name() const noexcept override { return name_; }
  bool send_resolved() const noexcept override { return true; }
  Result<std::string> render(const Notification& notification) const override {
    std::string text;
    for (const rules::Alert& alert : notification.alerts) {
      text += alert.resolved_at(notification.now_ms) ? "R" : "F";
      text += alert.labels.at("id");
      text += ' ';
    }
    return text;
  }
  void deliver(const OutgoingMessage& message, Done done) override {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(message, std::move(done));
    changed_.notify_one();
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !waiting_.empty(); });
      auto [message, done] = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      done(send(message));
    }
  }

  DeliveryResult send(const OutgoingMessage& message) const {
    DeliveryResult result;
    result.outcome = DeliveryOutcome::transient;
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{.tv_sec = 0, .tv_usec = 500'000};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string text =
        std::to_string(message.id) + " " + std::to_string(message.attempt) + " " + message.payload + "\n";
    std::string answer;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
      std::size_t sent = 0;
      while (sent < text.size()) {
        const ssize_t more = ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (more <= 0) break;
        sent += static_cast<std::size_t>(more);
      }
      char buffer[64];
      const ssize_t got = ::recv(socket, buffer, sizeof(buffer), 0);
      if (got > 0) answer.assign(buffer, static_cast<std::size_t>(got));
    }
    ::close(socket);
    if (answer.rfind("ok", 0) == 0) result.outcome = DeliveryOutcome::delivered;
    if (answer.rfind("later ", 0) == 0) {
      result.outcome = DeliveryOutcome::rate_limited;
      result.retry_after = std::chrono::milliseconds{std::atoi(answer.c_str() + 6)};
    }
    result.error = answer.empty() ? "no answer" : answer;
    return result;
  }

  const std::string name_ = "webhook[0]";
  const std::uint16_t port_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<OutgoingMessage, Done>> waiting_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 7) return 2;
  const bool resolved = std::string(arguments[3]) == "resolved";
  const long first = std::atol(arguments[4]);
  const long last = first + std::atol(arguments[5]);
  const std::int64_t starts_ms = std::atoll(arguments[6]);

  const auto report =
      config::read_notifier_config_text(R"(
route: {receiver: desk, group_by: [shard], group_wait: 100ms, group_interval: 300ms, repeat_interval: 24h}
receivers: [{name: desk}]
)",
                                        "alertmanager.yml", {},
                                        "rate_limits: {webhook: {messages: 2000, per: 1s, burst: 500}}\n"
                                        "digest: {max_messages: 150, window: 1s}\n");
  if (!report.config) return 3;
  NotifierOptions options;
  options.directory = arguments[1];
  options.retry.base = std::chrono::milliseconds{20};
  options.retry.cap = std::chrono::milliseconds{200};
  options.retry.lease = std::chrono::seconds{30};
  NotifierSetup setup;
  setup.config = *report.config;
  setup.receivers["desk"].push_back(
      std::make_shared<LineIntegration>(static_cast<std::uint16_t>(std::atoi(arguments[2]))));
  auto notifier = Notifier::start(std::move(options), std::move(setup));
  if (!notifier) {
    std::fprintf(stderr, "%s\n", notifier.error().message.c_str());
    return 4;
  }
  for (;;) {
    std::vector<rules::Alert> alerts;
    for (long id = first; id < last; ++id) {
      rules::Alert alert;
      alert.labels = {{"alertname", "Storm"}, {"id", std::to_string(id)}, {"shard", std::to_string(id % 200)}};
      if (id % 1000 == 0) alert.labels["severity"] = "P0";
      alert.starts_ms = starts_ms;
      if (resolved) alert.ends_ms = starts_ms + 1000;
      alerts.push_back(std::move(alert));
      if (alerts.size() < 500 && id + 1 < last) continue;
      if (auto posted = (*notifier)->post(alerts); !posted) {
        std::fprintf(stderr, "%s\n", posted.error().message.c_str());
        return 5;
      }
      alerts.clear();
    }
    std::this_thread::sleep_for(std::chrono::seconds{1});
  }
}
