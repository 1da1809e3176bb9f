// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/queue_reader.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

constexpr std::int64_t first_window_ms = 10'000;
constexpr std::int64_t longest_window_ms = 86'400'000;
constexpr std::int64_t shortest_window_ms = 500;
constexpr std::size_t few_samples = 20'000;
constexpr std::size_t many_samples = 100'000;
constexpr std::size_t commits_at_once = 20'000;
constexpr std::size_t exemplars_at_once = 1'000;

}  // namespace

QueueReader::QueueReader(storage::SeriesStore& store, SeriesCache& series, PositionFile& position, CommitFeed& feed,
                         LaneQueue& lanes, QueueMetrics& metrics, ReaderOptions options)
    : store_(&store),
      series_(&series),
      feed_(&feed),
      lanes_(&lanes),
      metrics_(&metrics),
      options_(options),
      window_ms_(first_window_ms) {
  std::int64_t from = INT64_MAX;
  for (unsigned lane = 0; lane < lane_count; ++lane) {
    resume_[lane] = position.resume_from(lane);
    sent_[lane] = position.sent(lane);
    position.set_acknowledged(lane, resume_[lane]);
    from = std::min(from, resume_[lane]);
  }
  begin_catching_up(from);
}

std::int64_t QueueReader::now_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(options_.clock->wall()).count();
}

void QueueReader::begin_catching_up(std::int64_t after_ms) {
  catching_up_ = true;
  cursor_ = after_ms;
  window_ms_ = first_window_ms;
  metrics_->catching_up.set(1);
}

bool QueueReader::wanted(const OutgoingSeries& series, std::int64_t time_ms) const {
  return time_ms > resume_[series.lane] && (!in_order_ || time_ms > series.last_time_ms);
}

bool QueueReader::is_doubtful(const OutgoingSeries& series, std::int64_t time_ms) const {
  return time_ms <= sent_[series.lane] || time_ms <= series.last_time_ms;
}

void QueueReader::add(const SeriesCache::Entry& series, std::int64_t time_ms, double value) {
  ++count_;
  newest_ms_ = std::max(newest_ms_, time_ms);
  if (series == nullptr) return metrics_->dropped_relabel.inc();
  pending_.push_back({series, time_ms, value, nullptr, catching_up_ && is_doubtful(*series, time_ms)});
}

void QueueReader::add(const SeriesCache::Entry& series, std::int64_t time_ms, HistogramValue value) {
  ++count_;
  newest_ms_ = std::max(newest_ms_, time_ms);
  if (series == nullptr) return metrics_->dropped_relabel.inc();
  if (!options_.histograms) return metrics_->dropped_histogram.inc();
  auto extra = std::make_shared<OutgoingExtra>();
  extra->histogram = std::move(value);
  pending_.push_back({series, time_ms, 0, std::move(extra), catching_up_ && is_doubtful(*series, time_ms)});
}

bool QueueReader::read_commits() {
  std::deque<FeedCommit> commits = feed_->take(commits_at_once);
  if (commits.empty()) return false;
  for (FeedCommit& commit : commits) {
    for (const storage::LoggedFloat& row : commit.floats) add(series_->find(row.series), row.time, row.value);
    for (storage::LoggedHistogram& row : commit.histograms) {
      add(series_->find(row.series), row.time, std::move(row.value));
    }
  }
  for (const OutgoingSample& each : pending_) {
    each.series->last_time_ms = std::max(each.series->last_time_ms, each.time_ms);
  }
  lanes_->push(std::exchange(pending_, {}));
  feed_->taken();
  return true;
}

bool QueueReader::read_window() {
  const bool last = cursor_ >= now_ms() - window_ms_;
  const std::int64_t to = last ? CommitFeed::end_of_time : cursor_ + window_ms_;
  feed_->follow(to);
  storage::Selection selection = store_->querier().select({}, cursor_ + 1, to);
  feed_->forget(selection.commit(), cursor_);
  storage::FloatColumns floats;
  std::vector<storage::HistogramSample> histograms;
  for (std::size_t i = 0; i < selection.size(); ++i) {
    floats.clear();
    histograms.clear();
    selection.read(i, floats);
    selection.read(i, histograms);
    if (floats.times.empty() && histograms.empty()) continue;
    const SeriesCache::Entry series = series_->find(selection.labels(i));
    for (std::size_t row = 0; row < floats.times.size(); ++row) {
      if (series == nullptr || wanted(*series, floats.times[row])) add(series, floats.times[row], floats.values[row]);
    }
    for (storage::HistogramSample& row : histograms) {
      if (series == nullptr || wanted(*series, row.time)) add(series, row.time, std::move(row.value));
    }
  }
  // By time, so that lanes move on together; of a series in order anyway.
  std::stable_sort(pending_.begin(), pending_.end(),
                   [](const OutgoingSample& a, const OutgoingSample& b) { return a.time_ms < b.time_ms; });
  for (const OutgoingSample& each : pending_) {
    each.series->last_time_ms = std::max(each.series->last_time_ms, each.time_ms);
  }
  const std::size_t samples = pending_.size();
  lanes_->push(std::exchange(pending_, {}));
  feed_->taken();
  if (samples < few_samples) window_ms_ = std::min(window_ms_ * 2, longest_window_ms);
  if (samples > many_samples) window_ms_ = std::max(window_ms_ / 2, shortest_window_ms);
  if (!last) {
    cursor_ = to;
    lanes_->advance_empty(cursor_);
    return true;
  }
  catching_up_ = false;
  in_order_ = true;
  metrics_->catching_up.set(0);
  return true;
}

bool QueueReader::read_exemplars() {
  if (options_.exemplars == nullptr) return false;
  const auto found = options_.exemplars->read_from(exemplar_position_, exemplars_at_once);
  for (const auto& [labels, exemplar] : found) {
    std::vector<LabelView> views;
    for (const auto& [name, value] : labels.pairs()) views.push_back({name, value});
    const SeriesCache::Entry series = series_->find(views);
    if (series == nullptr) continue;
    auto extra = std::make_shared<OutgoingExtra>();
    extra->is_exemplar = true;
    extra->exemplar_labels = exemplar.labels;
    pending_.push_back({series, exemplar.time_ms, exemplar.value, std::move(extra), false});
  }
  lanes_->push(std::exchange(pending_, {}));
  return !found.empty();
}

bool QueueReader::step() {
  if (lanes_->waiting() >= options_.capacity) return false;
  if (const auto overrun = feed_->take_overrun()) {
    metrics_->overruns.inc();
    in_order_ = in_order_ && !overrun->late;
    for (std::int64_t& lane : resume_) lane = std::min(lane, overrun->from_ms - 1);
    begin_catching_up(catching_up_ ? std::min(cursor_, overrun->from_ms - 1) : overrun->from_ms - 1);
  }
  if (catching_up_) return read_window();
  if (read_commits()) return true;
  const bool exemplars = read_exemplars();
  // Nothing waits outside the lanes: empty ones are as far as what was read last. A commit that comes now lowers the floor.
  if (newest_ms_ != INT64_MIN) lanes_->advance_empty(newest_ms_);
  return exemplars;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
