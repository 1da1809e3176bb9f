// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>

#include "net/connection.hpp"
#include "net/listen_address.hpp"
#include "net/tls_context.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t max_waiting_logins = 16;
constexpr std::size_t max_refused = 32;  // connections that wait for their 503 to be read; beyond it they just close

/// Threads started in its scope take no signal: those are the affair of the process that embeds us.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

Result<void> pin(std::thread::native_handle_type thread, unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  int failed = EINVAL;
  if (cpu < CPU_SETSIZE) {
    CPU_SET(cpu, &set);
    failed = pthread_setaffinity_np(thread, sizeof(set), &set);
  }
  if (failed == 0) return {};
  return Error{"cannot pin the HTTP server to CPU " + std::to_string(cpu) + ": " + std::strerror(failed) +
               "; `nproc` and the process's CPU mask say which there are"};
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, Router router)
      : state_(std::move(options), std::move(router)), acceptor_(io_), retry_(io_), grace_(io_) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> start() {
    const HttpServerOptions& options = state_.options;
    const auto endpoint = listen_endpoint(options);
    if (!endpoint) return endpoint.error();
    if (options.web) {
      state_.configured_headers = options.web->headers;
      if (options.web->tls) {
        auto context = make_tls_context(*options.web->tls);
        if (!context) return context.error();
        tls_ = std::move(*context);
      }
    }
    if (auto done = listen(acceptor_, *endpoint); !done) return done;
    bound_ = acceptor_.local_endpoint();
    return start_threads();
  }

  void stop() noexcept {
    const std::lock_guard lock(stop_mutex_);
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { begin_stop(); });
    thread_.join();
    state_.auth.reset();
    state_.workers.reset();
  }

  const tcp::endpoint& bound() const noexcept { return bound_; }
  std::size_t connections() const noexcept { return state_.open.load(); }
  bool has_tls() const noexcept { return tls_ != nullptr; }

 private:
  Result<void> start_threads() {
    const HttpServerOptions& options = state_.options;
    const SignalsBlocked blocked;
    if (options.web && !options.web->basic_auth_users.empty()) {
      for (const auto& [user, hash] : options.web->basic_auth_users) {
        if (const auto fault = config::bcrypt_hash_fault(hash)) {
          return Error{"the password of user \"" + user + "\" " + *fault};
        }
      }
      state_.auth = std::make_unique<BasicAuth>(options.web->basic_auth_users, max_waiting_logins);
      if (options.cpu) {
        if (auto done = pin(state_.auth->native_handle(), *options.cpu); !done) return done;
      }
    }
    if (state_.router.has_blocking()) {
      state_.workers = std::make_unique<WorkerPool>(std::max<std::size_t>(options.workers, 1), options.max_waiting);
    }
    accept();
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "bellwether-http");
    if (options.cpu) {
      if (auto done = pin(thread_.native_handle(), *options.cpu); !done) return done;
    }
    return {};
  }

  void run() noexcept {
    while (true) {
      try {
        io_.run();
        return;
      } catch (...) {
        // Memory ran out in the middle of an operation: its connection is lost, the others go on.
      }
    }
  }

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code failed, tcp::socket socket) {
      if (state_.stopping) return;
      if (failed) {
        // Out of descriptors, most likely: waiting is better than a loop that takes the whole core.
        retry_.expires_after(std::chrono::milliseconds{100});
        retry_.async_wait([this](boost::system::error_code cancelled) {
          if (!cancelled && !state_.stopping) accept();
        });
        return;
      }
      keep_from_children(socket.native_handle());
      admit(std::move(socket));
      accept();
    });
  }

  void admit(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (state_.connections.size() - state_.refused >= state_.options.max_connections && !close_longest_idle()) {
      // A handshake for a refusal would cost more than a service; so would waiting for any number of them.
      if (!tls_ && state_.refused < max_refused) refuse_connection(std::move(socket), state_);
      return;
    }
    make_connection(std::move(socket), tls_.get(), state_)->start();
  }

  bool close_longest_idle() {
    Connection* longest = nullptr;
    std::optional<std::chrono::steady_clock::time_point> since;
    for (Connection* connection : state_.connections) {
      const auto idle = connection->idle_since();
      if (!idle || (since && *idle >= *since)) continue;
      since = idle;
      longest = connection;
    }
    if (longest == nullptr) return false;
    longest->close();
    return true;
  }

  // A connection that closes leaves the set, so the loops go over a copy. A closed one still lives here: the
  // operation that it cancelled holds it until the loop returns to Asio.
  std::vector<Connection*> all() const { return {state_.connections.begin(), state_.connections.end()}; }

  void begin_stop() {
    state_.stopping = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    for (Connection* connection : all()) connection->finish();
    grace_.expires_after(state_.options.stop_grace);
    grace_.async_wait([this](boost::system::error_code) { end_grace(); });
    watch_grace();
  }

  // Ends the grace as soon as nobody needs it.
  void watch_grace() {
    if (state_.connections.empty()) {
      grace_.cancel();
      return;
    }
    retry_.expires_after(std::chrono::milliseconds{5});
    retry_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled) watch_grace();
    });
  }

  void end_grace() {
    retry_.cancel();
    for (Connection* connection : all()) connection->close();
  }

  ServerState state_;  // before io_: operations that are destroyed with it refer to the state
  std::unique_ptr<asio::ssl::context> tls_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  asio::steady_timer grace_;
  tcp::endpoint bound_;
  std::mutex stop_mutex_;
  std::thread thread_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options, std::vector<Route> routes) {
  auto router = Router::build(std::move(routes));
  if (!router) return router.error();
  try {
    auto impl = std::make_unique<Impl>(std::move(options), std::move(*router));
    if (auto started = impl->start(); !started) return started.error();
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
  } catch (const std::exception& problem) {
    return Error{std::string("cannot start the HTTP server: ") + problem.what()};
  }
}

std::uint16_t HttpServer::port() const noexcept {
  return impl_->bound().port();
}
std::string HttpServer::url() const {
  return (impl_->has_tls() ? "https://" : "http://") + endpoint_text(impl_->bound());
}
std::size_t HttpServer::connections() const noexcept {
  return impl_->connections();
}
void HttpServer::stop() noexcept {
  impl_->stop();
}

}  // namespace net
BELLWETHER_NAMESPACE_END
