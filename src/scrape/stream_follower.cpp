// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/stream_follower.hpp"

#include <bellwether/registry.hpp>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scrape/stream_metrics.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

using std::chrono::nanoseconds;
using Wire = net::HttpStreamTransport::Stream;

namespace {

constexpr std::string_view announcement = "X-Bellwether-Stream";
constexpr std::string_view content_type = "text/plain; version=1.0.0";
constexpr std::chrono::seconds healthy_after{10};  // a stream of that age begins anew with its waits
constexpr std::chrono::milliseconds look_interval{250};

bool is_announcement(const net::Field& field) {
  return std::equal(field.first.begin(), field.first.end(), announcement.begin(), announcement.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace

class StreamFollower::Impl : public std::enable_shared_from_this<Impl> {
 public:
  explicit Impl(StreamFollowerOptions with) : options_(std::move(with)), metrics_(options_.registry) {
    if (options_.transport != nullptr) transport_ = {std::shared_ptr<void>(), options_.transport};  // not ours
  }

  void start(Ingest ingest);
  void stop();
  void on_scrape(const ScrapeResult& result);
  void on_removed(TargetId id);
  std::optional<nanoseconds> run_due();
  std::size_t connected() const { return connected_.load(); }

 private:
  /// One attempt at a stream.
  struct Connection {
    Connection(TargetId target, StreamLimits limits, nanoseconds now)
        : id(target), lines(limits), opened_at(now), heard_at(now.count()) {}
    const TargetId id;
    // Of the transport's thread.
    StreamLines lines;
    bool accepted = false;
    StreamEnd end = StreamEnd::broken;
    std::string fault;

    const nanoseconds opened_at;
    std::atomic<nanoseconds::rep> heard_at;
    std::atomic<bool> closed{false};  ///< by us: what still comes is not wanted
  };
  struct Target {
    std::string url;
    net::HttpRequest scrape;  ///< the last one
    std::string name;         ///< for the log
    bool is_up = false;
    std::shared_ptr<Connection> connection;  ///< null: none under way
    std::unique_ptr<Wire> wire;
    unsigned failures = 0;
    nanoseconds due{0};
  };
  struct Opening {
    std::shared_ptr<net::HttpStreamTransport> transport;
    net::HttpRequest request;
    std::shared_ptr<Connection> connection;
  };

  bool on_part(Connection& connection, const net::HttpResponse& head, std::string_view part);
  bool ingest(Connection& connection);
  void on_end(const std::shared_ptr<Connection>& connection, const net::HttpResult& result);
  void run(const std::stop_token& stop);
  void look_after_streams();

  // With the mutex.
  std::optional<Opening> begin(TargetId id, Target& target);
  std::unique_ptr<Wire> close(Target& target);
  void wait_for_next(Target& target, StreamEnd end, bool was_healthy);

  void open(Opening opening);

  const StreamFollowerOptions options_;
  StreamMetrics metrics_;
  std::atomic<std::size_t> connected_{0};

  std::mutex gate_;  ///< held while ingesting, and never together with `mutex_`
  Ingest ingest_;    ///< by `gate_`; empty: stopped, or not started

  std::mutex mutex_;
  bool running_ = false;
  bool stopped_ = false;
  std::shared_ptr<net::HttpStreamTransport> transport_;  ///< null until the first stream: a client of ours has a thread
  std::size_t wires_ = 0;                                ///< connections under way
  std::unordered_map<TargetId, Target> targets_;

  std::mutex wait_mutex_;
  std::condition_variable_any wait_;
  bool any_ = false;  ///< a target has announced a stream: there is something to look after
  std::jthread thread_;
};

void StreamFollower::Impl::start(Ingest ingest) {
  {
    const std::scoped_lock lock(gate_);
    ingest_ = std::move(ingest);
  }
  const std::scoped_lock lock(mutex_);
  running_ = !stopped_;
  if (options_.thread && !thread_.joinable()) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
}

void StreamFollower::Impl::stop() {
  thread_ = {};  // stops and joins
  std::vector<std::unique_ptr<Wire>> wires;
  std::shared_ptr<net::HttpStreamTransport> transport;
  {
    const std::scoped_lock lock(mutex_);
    running_ = false;
    stopped_ = true;
    transport.swap(transport_);
    for (auto& [id, target] : targets_) wires.push_back(close(target));
    targets_.clear();
  }
  {
    const std::scoped_lock lock(gate_);
    ingest_ = {};
  }
  wires.clear();
  transport.reset();  // joins its thread, here and not on that thread itself
}

void StreamFollower::Impl::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(wait_mutex_);
      if (!wait_.wait(lock, stop, [this] { return any_; })) return;
    }
    run_due();
    std::unique_lock lock(wait_mutex_);
    wait_.wait_for(lock, stop, look_interval, [] { return false; });
  }
}

void StreamFollower::Impl::on_scrape(const ScrapeResult& result) {
  std::unique_ptr<Wire> ended;
  std::optional<Opening> opening;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = targets_.find(result.id);
    if (!result.up) {
      if (found != targets_.end()) found->second.is_up = false;
      return;
    }
    const auto header = std::find_if(result.headers.begin(), result.headers.end(), is_announcement);
    const auto url =
        header != result.headers.end() && running_ ? stream_url(result.request.url, header->second) : std::nullopt;
    if (!url) {
      if (found == targets_.end()) return;  // as most do: they have no stream
      ended = close(found->second);
      targets_.erase(found);
    } else {
      Target& target = targets_[result.id];
      target.is_up = true;
      if (target.url != *url) {
        ended = close(target);
        target.url = *url;
        target.name = result.target.address;
        target.due = {};
      }
      if (target.connection == nullptr) target.scrape = result.request;
      opening = begin(result.id, target);
    }
  }
  look_after_streams();
  if (opening) open(*std::move(opening));
}

void StreamFollower::Impl::look_after_streams() {
  const std::scoped_lock lock(wait_mutex_);
  if (std::exchange(any_, true)) return;
  wait_.notify_one();
}

void StreamFollower::Impl::on_removed(TargetId id) {
  std::unique_ptr<Wire> ended;
  const std::scoped_lock lock(mutex_);
  const auto found = targets_.find(id);
  if (found == targets_.end()) return;
  ended = close(found->second);
  targets_.erase(found);
}

std::optional<StreamFollower::Impl::Opening> StreamFollower::Impl::begin(TargetId id, Target& target) {
  const nanoseconds now = options_.clock->monotonic();
  if (!running_ || !target.is_up || target.connection != nullptr || now < target.due) return std::nullopt;
  if (wires_ >= options_.max_streams) {
    wait_for_next(target, StreamEnd::refused, false);
    return std::nullopt;
  }
  try {
    if (transport_ == nullptr) transport_ = std::make_shared<net::HttpStreamClient>();
  } catch (const std::exception&) {  // no descriptors: it is tried again
    wait_for_next(target, StreamEnd::broken, false);
    return std::nullopt;
  }
  ++wires_;
  target.connection = std::make_shared<Connection>(id, options_.limits, now);
  return Opening{transport_, stream_request(target.scrape, target.url), target.connection};
}

void StreamFollower::Impl::open(Opening opening) {
  const std::shared_ptr<Connection> connection = opening.connection;
  auto wire = opening.transport->open(
      std::move(opening.request),
      {.on_part =
           [weak = weak_from_this(), connection](const net::HttpResponse& head, std::string_view part) {
             const auto follower = weak.lock();
             return follower != nullptr && follower->on_part(*connection, head, part);
           },
       .on_end =
           [weak = weak_from_this(), connection](const net::HttpResult& result) {
             if (const auto follower = weak.lock()) follower->on_end(connection, result);
           }});
  if (!wire) {
    connection->end = StreamEnd::refused;
    return on_end(connection, net::HttpError{net::HttpErrorKind::bad_request, wire.error().message});
  }
  const std::scoped_lock lock(mutex_);
  const auto found = targets_.find(connection->id);
  if (found != targets_.end() && found->second.connection == connection) found->second.wire = *std::move(wire);
}

std::unique_ptr<Wire> StreamFollower::Impl::close(Target& target) {
  if (target.connection == nullptr) return nullptr;
  target.connection->closed = true;
  target.connection = nullptr;
  --wires_;
  return std::move(target.wire);
}

void StreamFollower::Impl::wait_for_next(Target& target, StreamEnd end, bool was_healthy) {
  using Time = std::chrono::duration<double, std::nano>;
  const Time longest = options_.longest_wait;
  Time wait = longest * (0.5 + options_.random->uniform() / 2);
  if (end == StreamEnd::broken || end == StreamEnd::silent) {
    if (was_healthy) target.failures = 0;
    const Time most = Time(options_.first_wait) * std::exp2(std::min(target.failures++, 30U));
    wait = std::min(longest, most) * options_.random->uniform();
  }
  target.due = options_.clock->monotonic() + std::chrono::duration_cast<nanoseconds>(wait);
}

bool StreamFollower::Impl::on_part(Connection& connection, const net::HttpResponse& head, std::string_view part) {
  if (connection.closed) return false;
  if (!connection.accepted) {
    if (head.status != 200 || !head.header("Content-Type").starts_with("text/plain")) {
      connection.end = StreamEnd::refused;
      return false;
    }
    connection.accepted = true;
    metrics_.connected(static_cast<double>(++connected_));
  }
  const std::uint64_t lines_before = connection.lines.lines();
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(options_.clock->wall()).count();
  if (auto taken = connection.lines.take(part, now_ms); !taken) {
    connection.end = StreamEnd::hostile;
    connection.fault = taken.error().message;
    return false;
  }
  if (connection.lines.lines() != lines_before) connection.heard_at = options_.clock->monotonic().count();
  return connection.lines.ready().empty() || ingest(connection);
}

bool StreamFollower::Impl::ingest(Connection& connection) {
  const std::scoped_lock lock(gate_);
  if (!ingest_ || connection.closed) return false;
  const std::string_view text = connection.lines.ready();
  if (auto taken = ingest_(connection.id, content_type, text); !taken) {
    connection.end = StreamEnd::hostile;
    connection.fault = taken.error().message;
    return false;
  }
  metrics_.samples(connection.lines.ready_samples());
  if (options_.on_pushed) options_.on_pushed({connection.id, text, connection.lines.ready_samples()});
  return true;
}

void StreamFollower::Impl::on_end(const std::shared_ptr<Connection>& connection, const net::HttpResult& result) {
  if (connection->accepted) metrics_.connected(static_cast<double>(--connected_));
  if (result && !connection->accepted) connection->end = StreamEnd::refused;  // an answer without a body
  std::unique_ptr<Wire> ended;
  std::string name;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = targets_.find(connection->id);
    if (found == targets_.end() || found->second.connection != connection) return;  // closed by us
    Target& target = found->second;
    const bool was_healthy = options_.clock->monotonic() - connection->opened_at >= healthy_after;
    ended = close(target);
    wait_for_next(target, connection->end, connection->accepted && was_healthy);
    name = target.name;
  }
  metrics_.ended(connection->end);
  if (connection->end == StreamEnd::hostile && options_.log) {
    options_.log("the push stream of " + name + " was cut: " + connection->fault +
                 "; its scrapes go on, and it is tried again later");
  }
}

std::optional<nanoseconds> StreamFollower::Impl::run_due() {
  std::vector<std::unique_ptr<Wire>> ended;
  std::vector<Opening> openings;
  std::optional<nanoseconds> next;
  {
    const std::scoped_lock lock(mutex_);
    const nanoseconds now = options_.clock->monotonic();
    for (auto& [id, target] : targets_) {
      if (target.connection != nullptr) {
        const nanoseconds silent_at = nanoseconds{target.connection->heard_at} + options_.silence;
        if (now >= silent_at) {
          const bool was_healthy = now - target.connection->opened_at >= healthy_after;
          ended.push_back(close(target));
          wait_for_next(target, StreamEnd::silent, was_healthy);
          metrics_.ended(StreamEnd::silent);
        } else {
          next = std::min(next.value_or(silent_at), silent_at);
        }
      }
      if (target.connection == nullptr && target.is_up) {
        if (auto opening = begin(id, target)) {
          openings.push_back(*std::move(opening));
        } else {
          next = std::min(next.value_or(target.due), target.due);
        }
      }
    }
  }
  for (Opening& opening : openings) open(std::move(opening));
  return next;
}

StreamFollower::StreamFollower(StreamFollowerOptions options) : impl_(std::make_shared<Impl>(std::move(options))) {}
StreamFollower::~StreamFollower() {
  stop();
}

void StreamFollower::start(Ingest ingest) {
  impl_->start(std::move(ingest));
}
void StreamFollower::stop() {
  impl_->stop();
}
void StreamFollower::on_scrape(const ScrapeResult& result) {
  impl_->on_scrape(result);
}
void StreamFollower::on_removed(TargetId id) {
  impl_->on_removed(id);
}
std::size_t StreamFollower::connected() const {
  return impl_->connected();
}
std::optional<nanoseconds> StreamFollower::run_due() {
  return impl_->run_due();
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
