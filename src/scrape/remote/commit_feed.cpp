// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/commit_feed.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

template <typename Rows>
std::int64_t oldest(const Rows& rows) {
  std::int64_t time = INT64_MAX;
  for (const auto& row : rows) time = std::min(time, row.time);
  return time;
}

std::int64_t oldest_of(const FeedCommit& commit) {
  return commit.oldest_ms;
}

template <typename Rows, typename Kept>
void keep_up_to(const Rows& rows, std::int64_t to, Kept& kept) {
  for (const auto& row : rows) {
    if (row.time <= to) kept.push_back(row);
  }
}

}  // namespace

void CommitFeed::committed(const storage::ObservedCommit& commit) noexcept try {
  const std::lock_guard lock(mutex_);
  if (overrun_) {
    overrun_->from_ms = std::min({overrun_->from_ms, oldest(commit.floats), oldest(commit.histograms)});
    overrun_->late = overrun_->late || commit.late;
    return update_floor();
  }
  if (follow_to_ == no_time) return;
  FeedCommit kept{commit.number, {}, {}, INT64_MAX};
  if (follow_to_ == end_of_time) {
    kept.floats.assign(commit.floats.begin(), commit.floats.end());
    kept.histograms.assign(commit.histograms.begin(), commit.histograms.end());
  } else {
    keep_up_to(commit.floats, follow_to_, kept.floats);
    keep_up_to(commit.histograms, follow_to_, kept.histograms);
  }
  if (kept.size() == 0) return;
  kept.oldest_ms = std::min(oldest(kept.floats), oldest(kept.histograms));
  samples_ += kept.size();
  late_kept_ = late_kept_ || commit.late;
  commits_.push_back(std::move(kept));
  position_->set_floor(std::min(position_->floor(), oldest_of(commits_.back())));
  if (samples_ > limit_) let_go(false);
} catch (...) {  // no memory: what this commit holds is read from the store
  const std::lock_guard lock(mutex_);
  overrun_ = Overrun{std::min(oldest(commit.floats), oldest(commit.histograms)), true};
  let_go(true);
}

void CommitFeed::let_go(bool late) noexcept {
  if (!overrun_) overrun_ = Overrun{};
  for (const FeedCommit& commit : commits_) overrun_->from_ms = std::min(overrun_->from_ms, oldest_of(commit));
  overrun_->late = overrun_->late || late || late_kept_;
  commits_.clear();
  samples_ = 0;
  late_kept_ = false;
  follow_to_ = no_time;
  update_floor();
}

void CommitFeed::update_floor() noexcept {
  std::int64_t floor = std::min(taken_from_, overrun_ ? overrun_->from_ms : INT64_MAX);
  for (const FeedCommit& commit : commits_) floor = std::min(floor, oldest_of(commit));
  position_->set_floor(floor);
}

void CommitFeed::follow(std::int64_t to_ms) {
  const std::lock_guard lock(mutex_);
  if (!overrun_) follow_to_ = to_ms;
}

void CommitFeed::forget(std::uint64_t commit, std::int64_t after_ms) {
  const std::lock_guard lock(mutex_);
  const auto is_newer = [&](const auto& row) { return row.time > after_ms; };
  for (FeedCommit& kept : commits_) {
    if (kept.number > commit) break;
    std::erase_if(kept.floats, is_newer);
    std::erase_if(kept.histograms, is_newer);
  }
  std::erase_if(commits_, [](const FeedCommit& kept) { return kept.size() == 0; });
  samples_ = 0;
  for (const FeedCommit& kept : commits_) samples_ += kept.size();
  update_floor();
}

std::deque<FeedCommit> CommitFeed::take(std::size_t samples) {
  std::deque<FeedCommit> out;
  const std::lock_guard lock(mutex_);
  for (std::size_t sum = 0; !commits_.empty() && sum < samples;) {
    sum += commits_.front().size();
    samples_ -= commits_.front().size();
    taken_from_ = std::min(taken_from_, oldest_of(commits_.front()));
    out.push_back(std::move(commits_.front()));
    commits_.pop_front();
  }
  if (commits_.empty()) late_kept_ = false;
  return out;
}

void CommitFeed::taken() {
  const std::lock_guard lock(mutex_);
  taken_from_ = INT64_MAX;
  update_floor();
}

std::optional<CommitFeed::Overrun> CommitFeed::take_overrun() {
  const std::lock_guard lock(mutex_);
  std::optional<Overrun> out = overrun_;
  if (out) {
    taken_from_ = std::min(taken_from_, out->from_ms);  // until the reader calls `taken`
    follow_to_ = out->from_ms - 1;                      // the reader begins behind it
  }
  overrun_.reset();
  return out;
}

void CommitFeed::miss(std::int64_t from_ms) {
  const std::lock_guard lock(mutex_);
  if (!overrun_) overrun_ = Overrun{};
  overrun_->from_ms = std::min(overrun_->from_ms, from_ms);
  let_go(true);
}

std::size_t CommitFeed::size() const {
  const std::lock_guard lock(mutex_);
  return samples_;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
