// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "goal_table.hpp"

#include <cstdio>

namespace bellwether::bench {
namespace {

/// One line of the table: `value` against `against`, at most `limit` times its time (or at least `limit` of its speed).
struct Goal {
  const char* what;
  const char* value;
  const char* against;
  double limit;
};

constexpr Goal time_goals[] = {
    {"counter through a handle, 1 thread", "bellwether_counter/1", "floor_fetch_add/1", 0.15},
    {"counter, 2 threads on one metric, to its own 1 thread", "bellwether_counter/2", "bellwether_counter/1", 1.15},
    {"double add", "bellwether_counter_double/1", "floor_fetch_add/1", 0.5},
    {"gauge set", "bellwether_gauge_set/1", "floor_fetch_add/1", 0.16},
    {"histogram of 12 bounds, 1 thread", "bellwether_histogram_12/1", "floor_fetch_add/1", 0.7},
    {"histogram of 12 bounds, 2 threads", "bellwether_histogram_12/2", "floor_fetch_add/1", 0.7},
    {"durations, 12 bounds, 1 thread", "bellwether_duration_12/1", "floor_fetch_add/1", 0.7},
    {"durations, native, 1 thread", "bellwether_duration_native/1", "floor_fetch_add/1", 0.7},
    {"durations, native, 2 threads", "bellwether_duration_native/2", "floor_fetch_add/1", 0.7},
    {"label look-up and inc, dense id", "bellwether_lookup_dense/1", "floor_fetch_add/1", 0.25},
    {"label look-up and inc, two strings", "bellwether_lookup_2_strings/1", "floor_fetch_add/1", 2.3},
};

constexpr Goal speed_goals[] = {
    {"text of 100k counters, to the pre-rendered floor", "bellwether_text_counters", "floor_text_counters", 0.5},
    {"text of 100k doubles, to the pre-rendered floor", "bellwether_text_doubles", "floor_text_doubles", 0.5},
};

constexpr struct {
  const char* what;
  const char* value;
  double millions;
} rate_goals[] = {
    {"text of 100k counters, M series/s", "bellwether_text_counters", 60},
    {"text of 100k doubles, M series/s", "bellwether_text_doubles", 18},
    {"protobuf of 100k counters, M series/s", "bellwether_protobuf_counters", 100},
};

constexpr struct {
  const char* what;
  const char* ours;
  const char* theirs;
} rivals[] = {
    {"counter, 1 thread", "bellwether_counter/1", "prometheus_cpp_counter/1"},
    {"counter, 2 threads", "bellwether_counter/2", "prometheus_cpp_counter/2"},
    {"gauge set", "bellwether_gauge_set/1", "prometheus_cpp_gauge_set/1"},
    {"histogram of 12 bounds, 1 thread", "bellwether_histogram_12/1", "prometheus_cpp_histogram_12/1"},
    {"histogram of 12 bounds, 2 threads", "bellwether_histogram_12/2", "prometheus_cpp_histogram_12/2"},
    {"label look-up and inc, two strings", "bellwether_lookup_2_strings/1", "prometheus_cpp_lookup_2_strings/1"},
    {"text of 100k counters", "bellwether_text_counters", "prometheus_cpp_text_counters"},
};

const char* verdict(bool reached) {
  return reached ? "reached" : "NOT reached";
}

}  // namespace

void GoalTable::ReportRuns(const std::vector<Run>& runs) {
  ConsoleReporter::ReportRuns(runs);
  for (const Run& run : runs) {
    // With repetitions the median counts, without them the run itself.
    if (run.run_type == Run::RT_Aggregate ? run.aggregate_name != "median"
                                          : figures_.contains(run.run_name.function_name)) {
      continue;
    }
    Figure figure;
    // One thread: the processor's time, which other programs cannot lengthen. Several: what they measured themselves.
    const bool manual = run.run_name.time_type == "manual_time";
    figure.nanoseconds = (manual ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime()) * 1e9 /
                         benchmark::GetTimeUnitMultiplier(run.time_unit);
    if (const auto items = run.counters.find("items_per_second"); items != run.counters.end()) {
      figure.items_per_second = items->second;
    }
    figures_[run.run_name.function_name] = figure;
  }
}

const GoalTable::Figure* GoalTable::find(const std::string& name) const {
  const auto found = figures_.find(name);
  return found == figures_.end() ? nullptr : &found->second;
}

void GoalTable::print() const {
  std::printf("\n%-56s %9s %9s %8s %8s\n", "goal", "ns", "floor ns", "ratio", "at most");
  for (const Goal& goal : time_goals) {
    const Figure* value = find(goal.value);
    const Figure* against = find(goal.against);
    if (value == nullptr || against == nullptr) continue;
    const double ratio = value->nanoseconds / against->nanoseconds;
    std::printf("%-56s %9.2f %9.2f %8.3f %8.2f  %s\n", goal.what, value->nanoseconds, against->nanoseconds, ratio,
                goal.limit, verdict(ratio <= goal.limit));
  }
  std::printf("\n%-56s %9s %9s %8s %8s\n", "goal", "M/s", "floor M/s", "ratio", "at least");
  for (const Goal& goal : speed_goals) {
    const Figure* value = find(goal.value);
    const Figure* against = find(goal.against);
    if (value == nullptr || against == nullptr) continue;
    const double ratio = value->items_per_second / against->items_per_second;
    std::printf("%-56s %9.1f %9.1f %8.3f %8.2f  %s\n", goal.what, value->items_per_second / 1e6,
                against->items_per_second / 1e6, ratio, goal.limit, verdict(ratio >= goal.limit));
  }
  for (const auto& goal : rate_goals) {
    const Figure* value = find(goal.value);
    if (value == nullptr) continue;
    const double millions = value->items_per_second / 1e6;
    std::printf("%-56s %9.1f %9s %8s %8.0f  %s\n", goal.what, millions, "", "", goal.millions,
                verdict(millions >= goal.millions));
  }
  std::printf("\n%-56s %9s %14s %8s\n", "against prometheus-cpp", "ns", "prometheus-cpp", "times");
  for (const auto& rival : rivals) {
    const Figure* ours = find(rival.ours);
    const Figure* theirs = find(rival.theirs);
    if (ours == nullptr || theirs == nullptr) continue;
    std::printf("%-56s %9.2f %14.2f %8.1f\n", rival.what, ours->nanoseconds, theirs->nanoseconds,
                theirs->nanoseconds / ours->nanoseconds);
  }
}

}  // namespace bellwether::bench
