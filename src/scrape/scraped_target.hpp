// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bellwether/result.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "scrape/fetcher.hpp"
#include "scrape/ingestion.hpp"
#include "scrape/schedule.hpp"
#include "scrape/scrape_manager.hpp"
#include "scrape/work_queue.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What the scraping of all targets shares. What is not owned must outlive the targets.
struct ScrapeFloor {
  const ScrapeOptions* options;
  IngestionContext ingestion;
  Fetcher* fetcher;
  std::shared_ptr<WorkQueue> queue;  ///< answers may come after the manager's end
  /// Small answers of steady targets are taken in where they arrive, instead of on the queue.
  bool takes_in_at_once = false;
};

/// One target while it is scraped: asks it when told to, takes the answer in on the queue's threads, knows how it stands.
///
/// Threads: all functions from any. `begin` waits for nobody, so that the schedule does not.
class ScrapedTarget : public std::enable_shared_from_this<ScrapedTarget> {
 public:
  /// `refusal` is not empty where the target is not to be asked at all: its error.
  ScrapedTarget(const ScrapeFloor& floor, TargetId id, Target target, std::shared_ptr<const IngestionSettings> settings,
                std::string refusal);

  TargetId id() const noexcept { return id_; }

  /// A scrape is due. Skipped where the one before is still under way.
  void begin(const Schedule::Due& due);
  Result<void> push(std::string_view content_type, std::string_view body);
  /// The same target, asked otherwise.
  void change(Target target, std::shared_ptr<const IngestionSettings> settings, std::string refusal);
  /// Writes staleness markers, calls on_removed; from then on nothing is done any more.
  void end();

  TargetState state() const;
  std::chrono::milliseconds interval() const;
  std::uint64_t hash() const;

 private:
  void open_line();  // with state_mutex_
  void start(const Schedule::Due& due);
  bool is_quick(const net::HttpResult& result) const noexcept;
  void finish(const Schedule::Due& due, std::chrono::nanoseconds started, net::HttpResult result);
  void take_in(ScrapeReply& reply, net::HttpResult& result, IngestionReport& report);

  const ScrapeFloor floor_;
  const TargetId id_;
  std::atomic<bool> busy_{false};
  std::atomic<bool> is_steady_{false};  // the last answer was good and showed no new series

  std::mutex finish_mutex_;  // on_scrape and on_removed: one at a time. Taken before the others
  std::mutex mutex_;         // of what follows; held while an answer is taken in
  Ingestion ingestion_;
  bool ended_ = false;

  mutable std::mutex state_mutex_;  // of what follows; held for moments
  std::shared_ptr<const Target> target_;
  std::shared_ptr<const net::HttpRequest> request_;
  std::shared_ptr<FetchLine> line_;
  std::string refusal_;
  std::string line_error_;
  bool reads_files_ = false;  // passwords and the like, which may change
  TargetState status_;        // without its target
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
