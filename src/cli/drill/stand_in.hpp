// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

/// A system that shows what it is told to show: the series of a drill's scenarios, each at its good value until its scenario begins.
///
///     StandIn stand_in{Clock::system()};
///     stand_in.add("EngineCrashed", "levi_engine_status{symbol=\"BTCUSDT\"} = 1 2");   // the format: scenario.hpp
///     stand_in.begin("EngineCrashed");
///     stand_in.metrics();   // levi_engine_status{symbol="BTCUSDT"} 2
///
/// Several scenarios may hold the same series; the one that began last decides. Threads: any, by a mutex.
class StandIn {
 public:
  explicit StandIn(const Clock& clock) : clock_(clock) {}

  /// Errors: a line that cannot be read, a series with another kind or good value than in an earlier scenario.
  Result<void> add(const std::string& scenario, std::string_view series);
  void begin(const std::string& scenario);
  void end(const std::string& scenario);
  /// What a scrape gets: the text format, untyped.
  std::string metrics();
  /// How often somebody asked.
  std::uint64_t scrapes() const;
  /// The metrics that a scenario's lines name: those of two scenarios that have one in common cannot run together.
  std::set<std::string> metrics_of(const std::string& scenario) const;

 private:
  enum class Kind : std::uint8_t { gauge, counter, moving, age, hidden };
  struct Series {
    Kind kind = Kind::gauge;
    std::string good;
    double value = 0;  // of counters and moving gauges
    std::chrono::nanoseconds since{};
  };
  struct Change {
    std::string series;
    std::string bad;
  };
  struct Line {
    std::string series;
    char kind = 0;
    std::string good;
    std::string bad;
  };

  static Result<Line> read_line(std::string_view text);
  Result<void> add_series(const std::string& scenario, Kind kind, std::string series, std::string good,
                          std::string bad);
  Result<void> add_histogram(const std::string& scenario, const Line& line);
  /// Brings counters to now, before their pace changes.
  void advance();
  std::string shown(const std::string& name) const;
  void write(const std::string& name, const Series& series, std::string& text) const;

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Series> series_;
  std::map<std::string, std::vector<Change>> scenarios_;
  std::vector<std::string> begun_;  // the last one decides
  std::uint64_t scrapes_ = 0;
};

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
