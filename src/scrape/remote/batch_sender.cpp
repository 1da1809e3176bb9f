// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/batch_sender.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "scrape/remote/snappy_block.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

using std::chrono::nanoseconds;

constexpr const char* written_headers[] = {"X-Prometheus-Remote-Write-Samples-Written",
                                           "X-Prometheus-Remote-Write-Histograms-Written",
                                           "X-Prometheus-Remote-Write-Exemplars-Written"};

bool says_written(const net::HttpResponse& response) {
  return std::any_of(std::begin(written_headers), std::end(written_headers),
                     [&](const char* name) { return !response.header(name).empty(); });
}

/// Samples and histograms.
std::uint64_t written_of(const net::HttpResponse& response) {
  std::uint64_t sum = 0;
  for (unsigned i = 0; i < 2; ++i) {
    const std::string_view text = response.header(written_headers[i]);
    std::uint64_t number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{}) sum += number;
  }
  return sum;
}

/// The first line, short: what a receiver says is for people.
std::string said_by(const net::HttpResponse& response) {
  constexpr std::size_t longest = 200;
  std::string line = response.body.substr(0, std::min(response.body.find('\n'), longest));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return "HTTP " + std::to_string(response.status) + (line.empty() ? "" : ": " + line);
}

std::uint64_t count_values(std::span<const OutgoingSample> samples) {
  return static_cast<std::uint64_t>(
      std::count_if(samples.begin(), samples.end(), [](const OutgoingSample& each) { return !each.is_exemplar(); }));
}

}  // namespace

BatchSender::BatchSender(SenderOptions options, QueueMetrics& metrics)
    : options_(std::move(options)), metrics_(&metrics), version_(options_.version) {}

void BatchSender::log(const std::string& message) const {
  if (options_.log) options_.log(message);
}

BatchSender::Answer BatchSender::judge(const net::HttpResponse& response, MessageVersion version) {
  Answer answer{Verdict::refused, response.status, {}, 0, said_by(response)};
  const bool v2 = version == MessageVersion::v2;
  if (response.is_success()) {
    answer.verdict = v2 && !says_written(response) ? Verdict::other_version : Verdict::taken;
    answer.written = written_of(response);
    if (answer.verdict == Verdict::taken && v2) v2_taken_.store(true, std::memory_order_relaxed);
  } else if (response.status == 429 || response.status >= 500) {
    answer.verdict = Verdict::again;
    const nanoseconds wall = options_.clock->wall();
    if (const auto pause = response.retry_after(wall)) answer.not_before = *pause;
  } else if (v2 && (response.status == 415 || (response.status == 400 && !says_written(response) &&
                                               !v2_taken_.load(std::memory_order_relaxed)))) {
    answer.verdict = Verdict::other_version;
  } else if (v2) {
    answer.written = written_of(response);
  }
  return answer;
}

BatchSender::Answer BatchSender::attempt(const std::string& message, MessageVersion version,
                                         const std::stop_token& stop) {
  Result<net::HttpRequest> made = options_.request();
  if (!made) return {Verdict::again, 0, {}, 0, made.error().message};
  net::HttpRequest& request = *made;
  request.method = "POST";
  const bool v2 = version == MessageVersion::v2;
  request.headers.emplace_back("Content-Encoding", "snappy");
  request.headers.emplace_back(
      "Content-Type", v2 ? "application/x-protobuf;proto=io.prometheus.write.v2.Request" : "application/x-protobuf");
  request.headers.emplace_back("X-Prometheus-Remote-Write-Version", v2 ? "2.0.0" : "0.1.0");
  request.body = message;
  request.timeout = options_.timeout;
  request.max_response_bytes = std::size_t{1} << 20U;
  request.stop = stop;
  const nanoseconds begin = options_.clock->monotonic();
  const net::HttpResult result = options_.transport->send(request);
  metrics_->send_duration.observe(options_.clock->monotonic() - begin);
  metrics_->bytes.inc(message.size());
  if (!result) return {Verdict::again, 0, {}, 0, result.error().message};
  return judge(*result, version);
}

nanoseconds BatchSender::pause_after(unsigned attempt) const {
  const double first = std::chrono::duration<double, std::nano>(options_.min_backoff).count();
  const double longest = std::chrono::duration<double, std::nano>(options_.max_backoff).count();
  const double grown = std::min(longest, first * std::exp2(std::min(attempt, 60U)));
  return nanoseconds{static_cast<std::int64_t>(grown * options_.random->uniform())};
}

std::vector<OutgoingSample> BatchSender::young_enough(std::span<const OutgoingSample> samples) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(options_.clock->wall());
  const std::int64_t oldest = (now - options_.sample_age_limit).count();
  std::vector<OutgoingSample> out(samples.begin(), samples.end());
  const std::size_t old = std::erase_if(out, [&](const OutgoingSample& each) { return each.time_ms < oldest; });
  metrics_->dropped_old.inc(old);
  return out;
}

void BatchSender::count_taken(std::span<const OutgoingSample> samples) {
  for (const OutgoingSample& each : samples) {
    (each.is_exemplar() ? metrics_->exemplars : each.is_histogram() ? metrics_->histograms : metrics_->samples).inc();
  }
}

void BatchSender::count_refused(std::span<const OutgoingSample> samples, const Answer& answer) {
  const std::uint64_t values = count_values(samples);
  const std::uint64_t lost = values - std::min(values, answer.written);
  metrics_->failed.inc(lost);
  metrics_->samples.inc(values - lost);
  if (lost > 0) {
    log("the receiver refuses " + std::to_string(lost) + " of " + std::to_string(values) + " samples (" +
        answer.message + "); they are not sent again");
  }
}

bool BatchSender::send(std::span<const OutgoingSample> samples, Sleeper& sleeper, const std::stop_token& stop) {
  std::vector<OutgoingSample> kept;
  for (unsigned attempts = 0;; ++attempts) {
    if (options_.sample_age_limit.count() > 0) {
      kept = young_enough(samples);
      samples = kept;
    }
    if (samples.empty()) return true;
    const MessageVersion version = this->version();
    const std::string message = snappy_compress(encode_write_message(version, samples, options_.metadata_of));
    const Answer answer = attempt(message, version, stop);
    switch (answer.verdict) {
      case Verdict::taken:
        if (failing_.exchange(false)) log("the receiver takes samples again");
        count_taken(samples);
        return true;
      case Verdict::refused: {
        const bool doubtful =
            std::any_of(samples.begin(), samples.end(), [](const auto& each) { return each.doubtful; });
        if (answer.status == 400 && version == MessageVersion::v1 && doubtful && samples.size() > 1) {
          const std::size_t half = samples.size() / 2;
          return send(samples.first(half), sleeper, stop) && send(samples.subspan(half), sleeper, stop);
        }
        if (answer.status == 400 && doubtful) return true;  // it has this one
        count_refused(samples, answer);
        return true;
      }
      case Verdict::other_version:
        if (version_.exchange(MessageVersion::v1) == MessageVersion::v2) {
          log("the receiver does not take Remote-Write 2.0 (" + answer.message + "): 1.0 from now on");
        }
        continue;
      case Verdict::again:
        break;
    }
    if (stop.stop_requested()) return false;
    if (!failing_.exchange(true)) log("cannot send (" + answer.message + "); trying again until it works");
    metrics_->retries.inc();
    if (!sleeper.sleep(std::max(pause_after(attempts), answer.not_before))) return false;
  }
}

bool BatchSender::send_metadata(std::span<const FamilyMetadata> families, std::size_t limit,
                                const std::stop_token& stop) {
  for (std::size_t begin = 0; begin < families.size(); begin += limit) {
    const auto part = families.subspan(begin, std::min(limit, families.size() - begin));
    const Answer answer = attempt(snappy_compress(encode_metadata(part)), MessageVersion::v1, stop);
    if (answer.verdict == Verdict::again) return false;
    if (answer.verdict == Verdict::taken) metrics_->metadata.inc(part.size());
  }
  return true;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
