// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/arrival_index.hpp"
#include "rules/arrival_queue.hpp"
#include "rules/rule_metrics.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// Evaluation on arrival: what the store commits goes to the rules that read it, at the samples' own times.
///
/// Of each series every value that differs from the one before is evaluated, in the order of their times: two changes between two looks
/// are two evaluations. Of samples that others of their series overtook, those with the value of a neighbour in time are left out:
/// a scrape that a push overtook has the value from before it or from after it, and changes nothing. One with a value of its own is
/// a pulse that was pushed, and that a scrape overtook: it is evaluated, and where it ends, at the next sample of another value, late
/// or not. A late staleness marker is no value: a scrape failed, and what was pushed since holds.
///
/// Threads: `run` one at a time, all others from any.
class Arrivals {
 public:
  Arrivals(storage::SeriesStore& store, const RuleMetrics& metrics);
  ~Arrivals();
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  /// The groups of a new configuration. What waits is judged by their rules. Not while `run` holds rules that end: see `hold`.
  void set_groups(std::vector<std::shared_ptr<RuleGroup>> groups);
  /// No evaluation is under way while it is held.
  std::unique_lock<std::mutex> hold() { return std::unique_lock(run_mutex_); }

  /// Learns which metrics are pushed from lines of the text format. The rules of new ones are evaluated at these lines' times.
  void on_pushed(std::string_view text);

  /// How many evaluations that were.
  std::size_t run();
  void wait() { queue_.wait(); }
  void wake() { queue_.wake(); }

 private:
  struct Seen {
    std::int64_t time_ms;
    std::uint64_t value_bits;
    bool is_pulse;  ///< late, and of a pulse that was overtaken: what differs from it ends it
  };
  struct KnownSeries {
    AlertLabels labels;
    std::vector<std::size_t> rules;
    std::vector<Seen> seen;  ///< the newest, by time
  };
  /// Which series changed; none: that is not known.
  struct Job {
    std::map<std::uint32_t, bool> series;  ///< whether alerts may begin with it, see ArrivedSeries
    std::vector<AlertLabels> learnt;       ///< of series that were not followed yet
  };
  using Jobs = std::map<std::pair<std::int64_t, std::size_t>, Job>;  // by time and rule

  void rebuild();
  void learn_series(std::span<const ArrivalQueue::Sample> samples);
  void add_jobs(std::span<const ArrivalQueue::Sample> samples, Jobs& jobs);
  void add_learnt(Jobs& jobs);
  std::vector<AlertLabels> find_learnt(const std::string& name, std::int64_t time_ms);
  std::vector<ArrivedSeries> arrived(const Job& job) const;
  std::size_t evaluate(const Jobs& jobs);

  storage::SeriesStore& store_;
  const RuleMetrics& metrics_;
  ArrivalQueue queue_;

  std::mutex names_mutex_;
  ArrivalIndex::Names pushed_;
  std::vector<std::pair<std::string, std::int64_t>> learnt_;  // metrics and times of their first push
  bool changed_ = false;

  std::mutex run_mutex_;  // of what follows
  std::vector<std::shared_ptr<RuleGroup>> groups_;
  ArrivalIndex index_;
  std::unordered_map<std::uint32_t, KnownSeries> series_;
};

/// The metric that a line of Prometheus's text format begins with, empty for comments; and the time that it ends in, or `otherwise`.
std::string metric_of_line(std::string_view line);
std::int64_t time_of_line(std::string_view line, std::int64_t otherwise);

}  // namespace rules
BELLWETHER_NAMESPACE_END
