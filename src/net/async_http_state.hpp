// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/async_http_client.hpp"
#include "net/curl_options.hpp"
#include "net/curl_transfer.hpp"
#include "net/libcurl.hpp"
#include "net/plain_connection.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// A request, ready to be sent; and on the client's thread its connection.
struct AsyncHttpClient::Line::Prepared {
  Prepared(HttpRequest of, RequestDestination to, const std::string& user_agent)
      : request(std::move(of)),
        destination(std::move(to)),
        plain_target(PlainTarget::of(request, destination, user_agent)) {}

  const HttpRequest request;
  const RequestDestination destination;
  const std::optional<PlainTarget> plain_target;

  // The client's thread alone touches these.
  PlainConnection connection;
  int leave_to_curl = 0;  // so many times: its answers are not plain
};

/// What the thread works on. It alone touches what stands below the mutex's part.
///
/// Nearly all that is asked again and again is plain HTTP and answered plainly: that goes over a PlainConnection of its line. libcurl
/// does the rest, and is started by the first request that needs it.
struct AsyncHttpClient::State {
  using Prepared = Line::Prepared;
  using Time = std::chrono::steady_clock::time_point;
  struct Job {
    std::shared_ptr<Prepared> line;
    Done done;  // empty: give up what this line has under way
  };
  struct CurlWork {
    explicit CurlWork(Job of) : job(std::move(of)) {}
    Job job;
    CurlTransfer transfer;
    CurlList headers;
  };
  struct PlainWork {
    Job job;
    Time started;
    Time deadline;
    Time connect_deadline;
  };

  explicit State(AsyncHttpOptions with);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void post(Job job);
  void wake() const noexcept;
  void run();

  // What all requests have in common; async_http_client.cpp.
  bool take_jobs();
  bool has_jobs();
  void begin(Job job);
  void give_up(const Prepared* line);
  void wait(std::optional<std::chrono::nanoseconds> turn_in);

  // Over libcurl; async_http_curl.cpp.
  void begin_curl(Job job, std::chrono::milliseconds timeout);
  void run_curl();
  void end_curl(CURL* easy, std::optional<CURLcode> code);
  CURL* take_easy();
  void end_all_curl();
  void poll_curl(std::optional<std::chrono::nanoseconds> timeout);

  // Plain; async_http_plain.cpp.
  void begin_plain(Job job);
  void run_plain();
  void take_plain_step(std::size_t index, PlainConnection::Step step);
  void end_late_plain();
  Time next_plain_deadline() const;

  const AsyncHttpOptions options;
  const int wake_descriptor;
  const int timer_descriptor;  // for waits of libcurl's, which counts in milliseconds
  std::thread thread;

  std::mutex mutex;
  std::vector<Job> jobs;
  bool stopping = false;
  std::atomic<long> lines{0};

  std::vector<Job> taken;
  std::vector<PlainWork> plain;
  std::vector<pollfd> polled;  // wake, timer, then those of `plain` in their order
  std::vector<char> buffer;

  CURLM* multi = nullptr;
  std::unordered_map<CURL*, std::unique_ptr<CurlWork>> running;
  std::vector<CURL*> idle;
  long connection_limit = 0;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
