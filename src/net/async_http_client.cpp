// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/async_http_client.hpp"

#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>
#include <utility>

#include "net/async_http_state.hpp"
#include "net/request_check.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

using std::chrono::nanoseconds;
using SteadyClock = std::chrono::steady_clock;

thread_local const void* running_here = nullptr;  // whose thread this is

int checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

void empty(int descriptor) {
  std::uint64_t count = 0;
  (void)!::read(descriptor, &count, sizeof(count));
}

HttpError cancelled() {
  return {HttpErrorKind::cancelled, "given up because the client has stopped"};
}

}  // namespace

AsyncHttpClient::State::State(AsyncHttpOptions with)
    : options(std::move(with)),
      wake_descriptor(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      timer_descriptor(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  if (timer_descriptor >= 0) return;
  ::close(wake_descriptor);
  (void)checked(-1, "timerfd_create");
}

AsyncHttpClient::State::~State() {
  ::close(wake_descriptor);
  ::close(timer_descriptor);
}

void AsyncHttpClient::State::wake() const noexcept {
  const std::uint64_t one = 1;
  (void)!::write(wake_descriptor, &one, sizeof(one));
}

void AsyncHttpClient::State::post(Job job) {
  {
    const std::lock_guard lock(mutex);
    if (!stopping) {
      jobs.push_back(std::move(job));
      // Who posted the first has woken the thread; and itself looks before it waits.
      if (jobs.size() == 1 && running_here != this) wake();
      return;
    }
  }
  if (job.done) job.done(cancelled());
}

void AsyncHttpClient::State::begin(Job job) {
  Prepared& line = *job.line;
  if (line.plain_target && line.leave_to_curl == 0) return begin_plain(std::move(job));
  if (line.leave_to_curl > 0) --line.leave_to_curl;
  const std::chrono::milliseconds timeout = line.request.timeout;
  begin_curl(std::move(job), timeout);
}

void AsyncHttpClient::State::give_up(const Prepared* line) {
  const HttpError error{HttpErrorKind::cancelled,
                        line->destination.origin + ": given up because we were asked to stop"};
  const auto is_of_line = [&](const auto& work) { return work.job.line.get() == line; };
  if (const auto found = std::find_if(plain.begin(), plain.end(), is_of_line); found != plain.end()) {
    const PlainWork work = std::move(*found);
    *found = std::move(plain.back());
    plain.pop_back();
    work.job.line->connection.close();
    work.job.done(error);
  }
  const auto found =
      std::find_if(running.begin(), running.end(), [&](const auto& entry) { return is_of_line(*entry.second); });
  if (found != running.end()) end_curl(found->first, std::nullopt);
}

bool AsyncHttpClient::State::has_jobs() {
  const std::lock_guard lock(mutex);
  return stopping || !jobs.empty();
}

bool AsyncHttpClient::State::take_jobs() {
  taken.clear();
  {
    const std::lock_guard lock(mutex);
    if (stopping) return false;
    std::swap(taken, jobs);
  }
  for (Job& job : taken) {
    if (job.done) {
      begin(std::move(job));
    } else {
      give_up(job.line.get());
    }
  }
  taken.clear();
  return true;
}

void AsyncHttpClient::State::wait(std::optional<nanoseconds> turn_in) {
  polled.clear();
  polled.push_back({.fd = wake_descriptor, .events = POLLIN, .revents = 0});
  polled.push_back({.fd = timer_descriptor, .events = POLLIN, .revents = 0});
  for (const PlainWork& work : plain) {
    const PlainConnection& connection = work.job.line->connection;
    polled.push_back({.fd = connection.descriptor(), .events = connection.events(), .revents = 0});
  }
  std::optional<nanoseconds> timeout = turn_in;
  if (const Time next = next_plain_deadline(); next != Time::max()) {
    const nanoseconds until = next - SteadyClock::now();
    timeout = timeout ? std::min(*timeout, until) : until;
  }
  if (!running.empty()) {
    poll_curl(timeout);
  } else {
    timespec time{};
    if (timeout && *timeout > nanoseconds{0}) {
      time.tv_sec = *timeout / std::chrono::seconds{1};
      time.tv_nsec = (*timeout % std::chrono::seconds{1}).count();
    }
    if (::ppoll(polled.data(), polled.size(), timeout ? &time : nullptr, nullptr) < 0) {
      for (pollfd& each : polled) each.revents = 0;
    }
  }
  if (polled[0].revents != 0) empty(wake_descriptor);
  if (polled[1].revents != 0) empty(timer_descriptor);
}

void AsyncHttpClient::State::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all,
                  nullptr);  // SIGPIPE as well: OpenSSL writes to sockets that the other side has closed
  running_here = this;
  while (take_jobs()) {
    const std::optional<nanoseconds> turn_in = options.turn ? options.turn() : std::nullopt;
    run_curl();
    end_late_plain();
    if (has_jobs()) continue;
    wait(turn_in);
    run_plain();
  }
  for (const PlainWork& work : std::exchange(plain, {})) work.job.done(cancelled());
  end_all_curl();
}

AsyncHttpClient::AsyncHttpClient(AsyncHttpOptions options) : state_(std::make_shared<State>(std::move(options))) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

AsyncHttpClient::~AsyncHttpClient() {
  std::vector<State::Job> left;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->wake();
  }
  state_->thread.join();
  {
    const std::lock_guard lock(state_->mutex);
    std::swap(left, state_->jobs);
  }
  for (State::Job& job : left) {
    if (job.done) job.done(cancelled());
  }
}

void AsyncHttpClient::wake() noexcept {
  state_->wake();
}

Result<std::unique_ptr<AsyncHttpClient::Line>> AsyncHttpClient::open(HttpRequest request) {
  auto destination = check_request(request);
  if (!destination) return Error{"cannot send this: " + destination.error().message};
  auto prepared =
      std::make_shared<Line::Prepared>(std::move(request), std::move(*destination), state_->options.user_agent);
  return std::make_unique<Line>(state_, std::move(prepared));
}

AsyncHttpClient::Line::Line(std::shared_ptr<State> state, std::shared_ptr<Prepared> prepared)
    : state_(std::move(state)), prepared_(std::move(prepared)) {
  state_->lines.fetch_add(1, std::memory_order_relaxed);
}

AsyncHttpClient::Line::~Line() {
  state_->lines.fetch_sub(1, std::memory_order_relaxed);
  state_->post({prepared_, nullptr});
}

void AsyncHttpClient::Line::send(Done done) {
  state_->post({prepared_, std::move(done)});
}

}  // namespace net
BELLWETHER_NAMESPACE_END
