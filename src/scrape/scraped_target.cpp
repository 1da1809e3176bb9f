// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/scraped_target.hpp"

#include <exception>
#include <utility>

#include "scrape/body_unpacker.hpp"
#include "scrape/target_request.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::size_t quick_bytes = 256UL * 1024;  // well below a millisecond

std::int64_t wall_ms(const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count();
}

/// What is shown of ourselves, to compare.
std::string credentials(const net::HttpRequest& request) {
  if (const auto* const login = std::get_if<net::BasicLogin>(&request.auth)) {
    return login->user + '\n' + login->password;
  }
  const auto* const bearer = std::get_if<net::BearerToken>(&request.auth);
  return bearer == nullptr ? std::string() : bearer->token;
}

}  // namespace

const char* name_of(TargetHealth health) noexcept {
  switch (health) {
    case TargetHealth::up:
      return "up";
    case TargetHealth::down:
      return "down";
    case TargetHealth::unknown:
      break;
  }
  return "unknown";
}

ScrapedTarget::ScrapedTarget(const ScrapeFloor& floor, TargetId id, Target target,
                             std::shared_ptr<const IngestionSettings> settings, std::string refusal)
    : floor_(floor),
      id_(id),
      ingestion_(floor_.ingestion, std::move(settings), target.labels),
      target_(std::make_shared<const Target>(std::move(target))),
      refusal_(std::move(refusal)) {
  open_line();
}

void ScrapedTarget::open_line() {
  line_error_.clear();
  reads_files_ = reads_files(target_->job->http);
  Result<net::HttpRequest> request = make_target_request(*target_, floor_.options->body_size_limit);
  if (!request) {
    line_error_ = request.error().message;
    request_ = std::make_shared<const net::HttpRequest>(net::HttpRequest{.url = target_->url});
    line_.reset();
    return;
  }
  // Files are read before each scrape; a connection is kept where they say what they said.
  if (line_ != nullptr && request_->headers == request->headers && credentials(*request_) == credentials(*request)) {
    return;
  }
  request_ = std::make_shared<const net::HttpRequest>(*request);
  auto line = floor_.fetcher->open(std::move(*request));
  if (line) {
    line_ = std::move(*line);
  } else {
    line_.reset();
    line_error_ = line.error().message;
  }
}

void ScrapedTarget::change(Target target, std::shared_ptr<const IngestionSettings> settings, std::string refusal) {
  {
    const std::lock_guard lock(mutex_);
    ingestion_.change(std::move(settings));
    is_steady_.store(false, std::memory_order_relaxed);  // all its series may be new ones
  }
  const std::lock_guard lock(state_mutex_);
  const bool same_request = target.job->http == target_->job->http && target.timeout == target_->timeout &&
                            target.url == target_->url && *target.job == *target_->job;
  target_ = std::make_shared<const Target>(std::move(target));
  refusal_ = std::move(refusal);
  if (same_request) return;
  line_.reset();
  open_line();
}

void ScrapedTarget::begin(const Schedule::Due& due) {
  if (busy_.exchange(true, std::memory_order_acquire)) {
    floor_.ingestion.metrics->skipped.inc();
    return;
  }
  floor_.ingestion.metrics->lateness.observe(due.late);
  bool reads = false;
  {
    const std::lock_guard lock(state_mutex_);
    reads = reads_files_;
  }
  if (!reads) return start(due);
  floor_.queue->post([self = shared_from_this(), due] {
    {
      const std::lock_guard lock(self->state_mutex_);
      self->open_line();
    }
    self->start(due);
  });
}

void ScrapedTarget::start(const Schedule::Due& due) {
  std::shared_ptr<FetchLine> line;
  std::string error;
  {
    const std::lock_guard lock(state_mutex_);
    error = refusal_.empty() ? line_error_ : refusal_;
    if (error.empty()) line = line_;
    if (!refusal_.empty()) floor_.ingestion.metrics->over_target_limit.inc();
  }
  const std::chrono::nanoseconds started = floor_.options->clock->monotonic();
  // The line lives as long as it is busy: a reload that replaces it loses no scrape.
  const auto done = [weak = weak_from_this(), queue = floor_.queue, due, started, line](net::HttpResult result) {
    if (const std::shared_ptr<ScrapedTarget> self = weak.lock(); self != nullptr && self->is_quick(result)) {
      self->finish(due, started, std::move(result));
      return;
    }
    // Kept in a shared_ptr, for std::function copies what it holds.
    queue->post([weak, due, started, kept = std::make_shared<net::HttpResult>(std::move(result))] {
      if (const std::shared_ptr<ScrapedTarget> self = weak.lock()) self->finish(due, started, std::move(*kept));
    });
  };
  if (line == nullptr) {
    done(net::HttpError{net::HttpErrorKind::bad_request, error.empty() ? "the target is not scraped any more" : error});
    return;
  }
  line->start(done);
}

bool ScrapedTarget::is_quick(const net::HttpResult& result) const noexcept {
  return floor_.takes_in_at_once && is_steady_.load(std::memory_order_relaxed) && result &&
         result->body.size() <= quick_bytes && result->header("Content-Encoding").empty();
}

void ScrapedTarget::take_in(ScrapeReply& reply, net::HttpResult& result, IngestionReport& report) {
  static thread_local BodyUnpacker unpacker;
  std::string error;
  std::uint64_t limit = 0;
  {
    const std::lock_guard lock(state_mutex_);
    reply.timeout = target_->timeout;
    limit = request_->max_response_bytes;
  }
  if (!result) {
    error = result.error().message;
    reply.too_large = result.kind() == net::HttpErrorKind::too_large;
  } else if (result->status != 200) {
    error = "the target answered with HTTP status " + std::to_string(result->status);
  } else {
    BodyUnpacker::Unpacked unpacked = unpacker.unpack(result->header("Content-Encoding"), result->body, limit);
    error = std::move(unpacked.error);
    reply.too_large = unpacked.too_large;
    reply.body = unpacked.body;
    reply.content_type = result->header("Content-Type");
  }
  if (reply.too_large) error = "body_size_limit exceeded: the body is larger than " + std::to_string(limit) + " bytes";
  reply.error = error;
  if (!error.empty()) reply.body = {};
  report = ingestion_.ingest(reply);
}

void ScrapedTarget::finish(const Schedule::Due& due, std::chrono::nanoseconds started, net::HttpResult result) {
  const Clock& clock = *floor_.options->clock;
  const std::lock_guard finishing(finish_mutex_);
  const std::chrono::nanoseconds arrived = clock.monotonic();
  ScrapeReply reply{.time_ms = due.time_ms, .started = started};
  IngestionReport report;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    try {
      take_in(reply, result, report);
    } catch (const std::exception& problem) {  // no memory for what it sent
      report.error = std::string("the answer cannot be taken in: ") + problem.what();
    }
  }
  floor_.ingestion.metrics->ingestion.observe(clock.monotonic() - arrived);
  is_steady_.store(report.error.empty() && report.added == 0, std::memory_order_relaxed);
  std::shared_ptr<const Target> target;
  std::shared_ptr<const net::HttpRequest> request;
  {
    const std::lock_guard lock(state_mutex_);
    status_.health = report.error.empty() ? TargetHealth::up : TargetHealth::down;
    status_.last_error = report.error;
    status_.last_scrape_ms = due.time_ms;
    status_.last_duration = report.duration;
    status_.last_samples = report.scraped;
    target = target_;
    request = request_;
  }
  if (floor_.options->on_scrape) {
    static const std::vector<net::Field> none;
    floor_.options->on_scrape({.id = id_,
                               .target = *target,
                               .request = *request,
                               .headers = result ? result->headers : none,
                               .time_ms = due.time_ms,
                               .duration = report.duration,
                               .up = report.error.empty(),
                               .error = report.error});
  }
  busy_.store(false, std::memory_order_release);
}

Result<void> ScrapedTarget::push(std::string_view content_type, std::string_view body) {
  const std::lock_guard lock(mutex_);
  if (ended_) return Error{"the target is not scraped any more"};
  return ingestion_.push(content_type, body, wall_ms(*floor_.options->clock));
}

void ScrapedTarget::end() {
  const std::lock_guard finishing(finish_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = true;
    ingestion_.end(wall_ms(*floor_.options->clock));
  }
  {
    const std::lock_guard lock(state_mutex_);
    line_.reset();
  }
  if (floor_.options->on_removed) floor_.options->on_removed(id_);
}

std::chrono::milliseconds ScrapedTarget::interval() const {
  const std::lock_guard lock(state_mutex_);
  return target_->interval;
}

std::uint64_t ScrapedTarget::hash() const {
  const std::lock_guard lock(state_mutex_);
  return target_->hash();
}

TargetState ScrapedTarget::state() const {
  const std::lock_guard lock(state_mutex_);
  TargetState out = status_;
  out.id = id_;
  out.target = *target_;
  out.global_url = global_url(*target_);
  return out;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
