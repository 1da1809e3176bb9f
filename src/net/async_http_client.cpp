// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/async_http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/curl_options.hpp"
#include "net/curl_start.hpp"
#include "net/curl_transfer.hpp"
#include "net/request_check.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr int poll_milliseconds = 60'000;      // it is woken where there is something to do
constexpr std::size_t kept_easy_handles = 16;  // each holds buffers
constexpr long receive_buffer = 64L * 1024;

}  // namespace

struct AsyncHttpClient::Line::Prepared {
  HttpRequest request;
  RequestDestination destination;
};

/// What the thread works on. It alone touches what stands below the mutex's part.
struct AsyncHttpClient::State {
  using Prepared = Line::Prepared;
  struct Job {
    std::shared_ptr<const Prepared> line;
    Done done;  // empty: give up what this line has under way
  };
  struct Running {
    explicit Running(Job of) : job(std::move(of)) {}
    Job job;
    CurlTransfer transfer;
    CurlHeaders headers{nullptr, &curl_slist_free_all};
  };

  explicit State(AsyncHttpOptions with) : options(std::move(with)), multi(curl_multi_init()) {
    if (multi == nullptr) throw std::bad_alloc();
  }
  ~State() {
    for (CURL* easy : idle) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void post(Job job) {
    {
      const std::lock_guard lock(mutex);
      if (!stopping) {
        jobs.push_back(std::move(job));
        if (jobs.size() > 1) return;  // who posted the first has woken the thread
        curl_multi_wakeup(multi);
        return;
      }
    }
    if (job.done) job.done(HttpError{HttpErrorKind::cancelled, "given up because the client has stopped"});
  }

  void run();
  bool take_jobs();
  void begin(Job job);
  void give_up(const Prepared* line);
  void end(CURL* easy, std::optional<CURLcode> code);
  CURL* take_easy();

  const AsyncHttpOptions options;
  CURLM* const multi;
  std::atomic<long> lines{0};
  std::thread thread;

  std::mutex mutex;
  std::vector<Job> jobs;
  bool stopping = false;

  std::vector<Job> taken;
  std::unordered_map<CURL*, std::unique_ptr<Running>> running;
  std::vector<CURL*> idle;
  long connection_limit = 0;
};

CURL* AsyncHttpClient::State::take_easy() {
  if (idle.empty()) return curl_easy_init();
  CURL* const easy = idle.back();
  idle.pop_back();
  return easy;
}

void AsyncHttpClient::State::begin(Job job) {
  const std::shared_ptr<const Prepared> line = job.line;
  CURL* const easy = take_easy();
  if (easy == nullptr) {
    job.done(HttpError{HttpErrorKind::other, line->destination.origin + ": out of memory"});
    return;
  }
  auto work = std::make_unique<Running>(std::move(job));
  CURLcode code = set_curl_options(easy, line->request, line->destination, options.user_agent, work->headers);
  // A handle whose last transfer found no server still has its buffer, and libcurl then refuses another size: it serves as it is.
  if (code == CURLE_OK) curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, receive_buffer);
  work->transfer.attach(easy, line->request.max_response_bytes);
  running.emplace(easy, std::move(work));
  if (code == CURLE_OK && curl_multi_add_handle(multi, easy) != CURLM_OK) code = CURLE_FAILED_INIT;
  if (code != CURLE_OK) end(easy, code);
}

void AsyncHttpClient::State::end(CURL* easy, std::optional<CURLcode> code) {
  const auto found = running.find(easy);
  if (found == running.end()) return;
  const std::unique_ptr<Running> work = std::move(found->second);
  running.erase(found);
  curl_multi_remove_handle(multi, easy);
  HttpResult result = work->transfer.finish(easy, code, work->job.line->destination.origin);
  if (idle.size() < kept_easy_handles) {
    curl_easy_reset(easy);
    idle.push_back(easy);
  } else {
    curl_easy_cleanup(easy);
  }
  work->job.done(std::move(result));
}

void AsyncHttpClient::State::give_up(const Prepared* line) {
  const auto found = std::find_if(running.begin(), running.end(),
                                  [&](const auto& entry) { return entry.second->job.line.get() == line; });
  if (found != running.end()) end(found->first, std::nullopt);
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
  // libcurl closes what it has more than this; its own limit counts only what is under way.
  const long wanted = lines.load(std::memory_order_relaxed) + 16;
  if (wanted > connection_limit || wanted < connection_limit / 2) {
    connection_limit = wanted + wanted / 2;
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connection_limit);
  }
  return true;
}

void AsyncHttpClient::State::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all,
                  nullptr);  // SIGPIPE as well: OpenSSL writes to sockets that the other side has closed
  while (take_jobs()) {
    int left = 0;
    curl_multi_perform(multi, &left);
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg == CURLMSG_DONE) end(message->easy_handle, message->data.result);
    }
    curl_multi_poll(multi, nullptr, 0, poll_milliseconds, nullptr);
  }
  while (!running.empty()) end(running.begin()->first, std::nullopt);
  for (CURL* easy : idle) curl_easy_cleanup(easy);
  idle.clear();
}

AsyncHttpClient::AsyncHttpClient(AsyncHttpOptions options) {
  start_libcurl_once();
  state_ = std::make_shared<State>(std::move(options));
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

AsyncHttpClient::~AsyncHttpClient() {
  std::vector<State::Job> left;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    curl_multi_wakeup(state_->multi);
  }
  state_->thread.join();
  {
    const std::lock_guard lock(state_->mutex);
    std::swap(left, state_->jobs);
  }
  for (State::Job& job : left) {
    if (job.done) job.done(HttpError{HttpErrorKind::cancelled, "given up because the client has stopped"});
  }
}

Result<std::unique_ptr<AsyncHttpClient::Line>> AsyncHttpClient::open(HttpRequest request) {
  auto destination = check_request(request);
  if (!destination) return Error{"cannot send this: " + destination.error().message};
  auto prepared = std::make_shared<const Line::Prepared>(Line::Prepared{std::move(request), std::move(*destination)});
  return std::make_unique<Line>(state_, std::move(prepared));
}

AsyncHttpClient::Line::Line(std::shared_ptr<State> state, std::shared_ptr<const Prepared> prepared)
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
