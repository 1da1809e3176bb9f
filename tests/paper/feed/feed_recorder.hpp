// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "paper/feed/feed_monitor.hpp"

namespace bellwether::paper {

/// Writes down what a feed's monitor says.
class FeedRecorder final : public FeedObserver {
 public:
  using Key = std::pair<SymbolIndex, StreamKind>;

  void on_gap(SymbolIndex symbol, StreamKind stream, std::uint64_t) override { ++gaps[{symbol, stream}]; }
  void on_missing(SymbolIndex symbol, StreamKind stream, std::uint64_t more) override {
    missing[{symbol, stream}] += more;
  }
  void on_stale(SymbolIndex symbol, StreamKind stream, std::chrono::nanoseconds) override {
    stale.push_back({symbol, stream});
    stale_at.push_back(monitor != nullptr ? monitor->now() : 0);
    stale_now[{symbol, stream}] = true;
  }
  void on_fresh(SymbolIndex symbol, StreamKind stream) override { stale_now[{symbol, stream}] = false; }
  void on_quality_error(SymbolIndex symbol, InputFault type) override { ++errors[type], ++errors_of[{symbol, type}]; }
  void on_session(std::string_view venue, bool open) override { sessions.emplace_back(venue, open); }
  void on_lag(SymbolIndex, std::chrono::nanoseconds lag) override {
    ++lags;
    smallest_lag = std::min(smallest_lag, lag);
  }
  void on_negative_lag(SymbolIndex, std::chrono::nanoseconds ahead) override {
    ++negative_lags;
    most_ahead = std::max(most_ahead, ahead);
  }
  void on_split(SymbolIndex symbol, double ratio) override { splits.emplace_back(symbol, ratio); }
  void on_day_change(SimTime now) override { days.push_back(now); }

  bool is_stale(SymbolIndex symbol, StreamKind stream) const {
    const auto found = stale_now.find({symbol, stream});
    return found != stale_now.end() && found->second;
  }
  std::uint64_t count(InputFault type) const {
    const auto found = errors.find(type);
    return found == errors.end() ? 0 : found->second;
  }

  const FeedMonitor* monitor = nullptr;
  std::map<Key, int> gaps;
  std::map<Key, std::uint64_t> missing;
  std::vector<Key> stale;
  std::vector<SimTime> stale_at;
  std::map<Key, bool> stale_now;
  std::map<InputFault, std::uint64_t> errors;
  std::map<std::pair<SymbolIndex, InputFault>, std::uint64_t> errors_of;
  std::vector<std::pair<std::string, bool>> sessions;
  std::vector<std::pair<SymbolIndex, double>> splits;
  std::vector<SimTime> days;
  int lags = 0;
  int negative_lags = 0;
  std::chrono::nanoseconds smallest_lag{std::chrono::hours{1}};
  std::chrono::nanoseconds most_ahead{0};
};

}  // namespace bellwether::paper
