// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/sleeper.hpp>
#include <chrono>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "net/http_transport.hpp"
#include "scrape/remote/queue_metrics.hpp"
#include "scrape/remote/write_encoder.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct SenderOptions {
  /// URL, headers, authentication, TLS: made anew for each request, for passwords in files may change.
  std::function<Result<net::HttpRequest>()> request;
  MessageVersion version = MessageVersion::v1;
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds min_backoff{30};
  std::chrono::milliseconds max_backoff{5'000};
  std::chrono::milliseconds sample_age_limit{0};  ///< 0: none
  net::HttpTransport* transport = nullptr;
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
  MetadataOf metadata_of = {};
  std::function<void(std::string_view)> log = {};
};

/// Brings one batch at a time to the receiver, and does not let go before that knows it or refuses it for good.
///
/// - 2xx: taken. Of v2, a success without any X-Prometheus-Remote-Write-*-Written is that of a receiver which knows v1 alone.
/// - 415, and 400 to the first v2 message: v1 from now on.
/// - 429, 5xx, no answer: again, after a pause with full jitter between 0 and min_backoff·2^n up to max_backoff, not before
///   Retry-After is over.
/// - other answers: dropped and counted. But a v1 receiver such as Prometheus refuses a whole batch for one sample that it has
///   already: so when a batch with doubtful samples gets 400, its halves are sent, down to the samples that are refused.
///
/// Threads: any number, each with its batch.
class BatchSender {
 public:
  BatchSender(SenderOptions options, QueueMetrics& metrics);

  /// False: the sleeper was woken, or `stop` asked, before there was an answer.
  bool send(std::span<const OutgoingSample> samples, Sleeper& sleeper, const std::stop_token& stop);

  /// v1 metadata, one attempt for each message of at most `limit`. False: not all were taken.
  bool send_metadata(std::span<const FamilyMetadata> families, std::size_t limit, const std::stop_token& stop);

  MessageVersion version() const noexcept { return version_.load(std::memory_order_relaxed); }

 private:
  enum class Verdict { taken, refused, again, other_version };
  struct Answer {
    Verdict verdict = Verdict::again;
    int status = 0;
    std::chrono::nanoseconds not_before{0};
    std::uint64_t written = 0;  ///< samples and histograms, of v2
    std::string message;
  };

  Answer attempt(const std::string& message, MessageVersion version, const std::stop_token& stop);
  Answer judge(const net::HttpResponse& response, MessageVersion version);
  std::chrono::nanoseconds pause_after(unsigned attempt) const;
  std::vector<OutgoingSample> young_enough(std::span<const OutgoingSample> samples);
  void count_taken(std::span<const OutgoingSample> samples);
  void count_refused(std::span<const OutgoingSample> samples, const Answer& answer);
  void log(const std::string& message) const;

  SenderOptions options_;
  QueueMetrics* metrics_;
  std::atomic<MessageVersion> version_;
  std::atomic<bool> v2_taken_{false};
  std::atomic<bool> failing_{false};
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
