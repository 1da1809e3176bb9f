// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/live_stream.hpp"

#include <algorithm>
#include <atomic>
#include <boost/beast/core/string.hpp>
#include <list>
#include <mutex>
#include <utility>

#include "net/live_queue.hpp"
#include "net/utf8_check.hpp"
#include "net/websocket_endpoint.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t try_again_later = 1013;

}  // namespace

/// Who is connected. The mutex is taken before those of the queues, and never while a caller's function runs.
class LiveStream::Hub final : public WebSocketEndpoint, public std::enable_shared_from_this<LiveStream::Hub> {
 public:
  explicit Hub(LiveStreamOptions options) : options_(std::move(options)) {}

  Limits limits() const override { return {options_.max_incoming_bytes, options_.ping_interval}; }
  std::unique_ptr<WebSocketFeed> open(const Request& request, const std::string& origin, std::function<void()> wake,
                                      Response& refusal) override;
  void publish(std::string_view text);
  void end();

  std::size_t clients() const noexcept { return count_.load(); }
  std::uint64_t dropped() const noexcept { return dropped_.load(); }
  std::uint64_t closed_slow() const noexcept { return closed_slow_.load(); }

 private:
  struct Client {
    Client(const LiveStreamOptions& options, std::function<void()> wake_up)
        : queue(options.max_queued_messages, options.max_queued_bytes,
                options.slow_client == SlowClient::close ? LiveQueue::Overflow::give_up
                                                         : LiveQueue::Overflow::drop_oldest),
          wake(std::move(wake_up)) {}
    LiveQueue queue;
    const std::function<void()> wake;
  };
  class Feed;

  bool is_allowed(std::string_view page, std::string_view own) const;
  std::string notice(std::uint64_t count) const;

  const LiveStreamOptions options_;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<std::uint64_t> closed_slow_{0};
  std::mutex mutex_;
  std::list<Client> clients_;
  bool has_ended_ = false;
};

/// One client as its connection sees it. While it lives the client stands in the hub's list.
class LiveStream::Hub::Feed final : public WebSocketFeed {
 public:
  Feed(std::shared_ptr<Hub> hub, std::list<Client>::iterator client) : hub_(std::move(hub)), client_(client) {}
  ~Feed() override {
    const std::lock_guard lock(hub_->mutex_);
    hub_->clients_.erase(client_);
    hub_->count_.store(hub_->clients_.size());
  }
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  void welcome(std::string text) { welcome_ = std::make_shared<const std::string>(std::move(text)); }

  Next next() override {
    if (welcome_) return {std::exchange(welcome_, nullptr), 0, {}};
    LiveQueue::Next found = client_->queue.next();
    if (found.has_given_up) return {nullptr, try_again_later, "too slow; try again later"};
    if (found.dropped != 0) return {std::make_shared<const std::string>(hub_->notice(found.dropped)), 0, {}};
    if (!found.message && found.has_ended) return {nullptr, going_away, "the stream has ended"};
    return {std::move(found.message), 0, {}};
  }

 private:
  const std::shared_ptr<Hub> hub_;
  const std::list<Client>::iterator client_;
  LiveQueue::Message welcome_;
};

// A page of any site can have the browser connect to us, with the password the browser knows; only the browser tells
// us whose page it is.
bool LiveStream::Hub::is_allowed(std::string_view page, std::string_view own) const {
  if (page.empty() || boost::beast::iequals(page, own)) return true;
  const auto& allowed = options_.allowed_origins;
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& origin) { return origin == "*" || boost::beast::iequals(origin, page); });
}

std::string LiveStream::Hub::notice(std::uint64_t count) const {
  if (options_.dropped_notice) return options_.dropped_notice(count);
  return R"({"type":"dropped","count":)" + std::to_string(count) + '}';
}

std::unique_ptr<WebSocketFeed> LiveStream::Hub::open(const Request& request, const std::string& origin,
                                                     std::function<void()> wake, Response& refusal) {
  if (!is_allowed(request.header("Origin"), origin)) {
    refusal = Response::text(403, "pages of another origin may not connect; allowed_origins could let them in\n");
    return nullptr;
  }
  std::unique_ptr<Feed> feed;
  {
    const std::lock_guard lock(mutex_);
    if (has_ended_ || clients_.size() >= options_.max_clients) return nullptr;
    clients_.emplace_back(options_, std::move(wake));
    try {
      feed = std::make_unique<Feed>(shared_from_this(), std::prev(clients_.end()));
    } catch (...) {
      clients_.pop_back();
      throw;
    }
    count_.store(clients_.size());
  }
  if (options_.welcome) {
    std::string text = options_.welcome(request);
    if (!text.empty()) feed->welcome(std::move(text));
  }
  return feed;
}

void LiveStream::Hub::publish(std::string_view text) {
  if (clients() == 0) return;
  const bool is_sendable = is_utf8_text(text);
  const auto message = is_sendable ? std::make_shared<const std::string>(text) : nullptr;
  const std::lock_guard lock(mutex_);
  if (!is_sendable) {
    dropped_ += clients_.size();
    return;
  }
  for (Client& client : clients_) {
    const LiveQueue::Pushed pushed = client.queue.push(message);
    if (pushed.dropped != 0) dropped_ += pushed.dropped;
    if (pushed.has_given_up) ++closed_slow_;
    if (pushed.wake) client.wake();
  }
}

void LiveStream::Hub::end() {
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  for (Client& client : clients_) {
    if (client.queue.end()) client.wake();
  }
}

LiveStream::LiveStream(LiveStreamOptions options) : hub_(std::make_shared<Hub>(std::move(options))) {}
LiveStream::~LiveStream() {
  hub_->end();
}

void LiveStream::publish(std::string_view text) {
  hub_->publish(text);
}
std::size_t LiveStream::clients() const noexcept {
  return hub_->clients();
}
std::uint64_t LiveStream::dropped() const noexcept {
  return hub_->dropped();
}
std::uint64_t LiveStream::closed_slow() const noexcept {
  return hub_->closed_slow();
}

Route LiveStream::route(std::string path) const {
  const auto not_an_upgrade = [](const Request&) {
    Response response = Response::text(426, "this path speaks WebSocket alone\n");
    response.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return response;
  };
  return {"GET", std::move(path), not_an_upgrade, hub_};
}

}  // namespace net
BELLWETHER_NAMESPACE_END
