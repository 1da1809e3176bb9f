// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// The part of AsyncHttpClient that asks plainly, without libcurl.
#include <algorithm>
#include <string>

#include "net/async_http_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

// A server whose answers are not plain is asked twice the first time, and then once in so many.
constexpr int times_left_to_curl = 256;
constexpr std::size_t receive_buffer = 128UL * 1024;

using std::chrono::milliseconds;

}  // namespace

void AsyncHttpClient::State::begin_plain(Job job) {
  if (buffer.empty()) buffer.resize(receive_buffer);
  const Time now = std::chrono::steady_clock::now();
  Prepared& line = *job.line;
  const HttpRequest& request = line.request;
  plain.push_back(
      {std::move(job), now, now + request.timeout, now + std::min(request.connect_timeout, request.timeout)});
  take_plain_step(plain.size() - 1, line.connection.begin(*line.plain_target, request.max_response_bytes));
}

void AsyncHttpClient::State::take_plain_step(std::size_t index, PlainConnection::Step step) {
  using Step = PlainConnection::Step;
  if (step == Step::waiting) return;
  PlainWork work = std::move(plain[index]);
  plain[index] = std::move(plain.back());
  plain.pop_back();
  Prepared& line = *work.job.line;
  const auto took = std::chrono::steady_clock::now() - work.started;
  if (step == Step::done) {
    HttpResponse response = line.connection.take();
    response.total_time = took;
    work.job.done(std::move(response));
  } else if (step == Step::too_large) {
    work.job.done(HttpError{HttpErrorKind::too_large, line.destination.origin + ": the answer is larger than " +
                                                          std::to_string(line.request.max_response_bytes) + " bytes"});
  } else {
    // Of a server that cannot be reached, or breaks off, libcurl knows best how to say it.
    if (step == Step::odd) line.leave_to_curl = times_left_to_curl;
    const milliseconds left = line.request.timeout - std::chrono::duration_cast<milliseconds>(took);
    begin_curl(std::move(work.job), std::max(left, milliseconds{1}));
  }
}

void AsyncHttpClient::State::run_plain() {
  // From behind: what ends is replaced by the last, which has had its turn. `done` begins nothing: it only posts.
  constexpr std::size_t first = 2;
  for (std::size_t i = plain.size(); i-- > 0;) {
    if (polled[first + i].revents == 0) continue;
    take_plain_step(i, plain[i].job.line->connection.resume(buffer));
  }
}

AsyncHttpClient::State::Time AsyncHttpClient::State::next_plain_deadline() const {
  Time next = Time::max();
  for (const PlainWork& work : plain) {
    next = std::min(
        {next, work.deadline, work.job.line->connection.is_connecting() ? work.connect_deadline : Time::max()});
  }
  return next;
}

void AsyncHttpClient::State::end_late_plain() {
  const Time now = std::chrono::steady_clock::now();
  for (std::size_t i = plain.size(); i-- > 0;) {
    PlainConnection& connection = plain[i].job.line->connection;
    const bool cannot_connect = connection.is_connecting() && plain[i].connect_deadline <= now;
    if (plain[i].deadline > now && !cannot_connect) continue;
    const PlainWork work = std::move(plain[i]);
    plain[i] = std::move(plain.back());
    plain.pop_back();
    const std::string after = std::to_string(std::chrono::duration_cast<milliseconds>(now - work.started).count());
    const std::string what = cannot_connect ? "no connection after " + after + " milliseconds"
                                            : "Operation timed out after " + after + " milliseconds with " +
                                                  std::to_string(connection.body_bytes()) + " bytes received";
    connection.close();
    work.job.done(HttpError{HttpErrorKind::timeout, work.job.line->destination.origin + ": " + what});
  }
}

}  // namespace net
BELLWETHER_NAMESPACE_END
