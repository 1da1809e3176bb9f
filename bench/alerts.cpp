// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// What a trading thread pays for an alert. Goal: at most 1 µs, whatever stands behind. The ring is emptied between the batches and not
// measured, so that no call gets away with a full one.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "notify/in_process/alert_pipe.hpp"
#include "pinned_threads.hpp"

namespace bellwether::bench {
namespace {

constexpr std::size_t batch = 512;

notify::AlertPipeOptions options() {
  notify::AlertPipeOptions made;
  made.alerts.capacity = 4096;
  made.alerts.urgent_capacity = 4096;
  made.own_thread = false;
  made.sink = [](const std::vector<rules::Alert>&) {};
  return made;
}

template <typename Send>
void measure(benchmark::State& state, unsigned threads, Send send) {
  notify::AlertPipe alerts(options());
  for ([[maybe_unused]] auto _ : state) {
    std::vector<double> seconds(threads);
    std::vector<std::thread> running;
    for (unsigned thread = 0; thread < threads; ++thread) {
      running.emplace_back([&, thread] {
        pin_to(thread);
        const double begin = thread_seconds();
        for (std::size_t i = 0; i < batch; ++i) send(alerts);
        seconds[thread] = thread_seconds() - begin;
      });
    }
    for (std::thread& thread : running) thread.join();
    state.SetIterationTime(*std::max_element(seconds.begin(), seconds.end()) / static_cast<double>(batch));
    state.PauseTiming();
    alerts.pump();
    state.ResumeTiming();
  }
  if (alerts.lost() != 0) state.SkipWithError("an alert found no place");
}

template <typename Send>
void add(const std::string& name, Send send) {
  for (const unsigned threads : {1U, 2U}) {
    benchmark::RegisterBenchmark((name + "/" + std::to_string(threads)).c_str(),
                                 [send, threads](benchmark::State& state) { measure(state, threads, send); })
        ->UseManualTime()
        ->Iterations(200);
  }
}

const bool registered = [] {
  add("alert_critical", [](notify::AlertPipe& alerts) {
    benchmark::DoNotOptimize(alerts.critical("Kill switch tripped", "daily PnL -7.1 % is below -5 %", "risk"));
  });
  add("alert_template", [](notify::AlertPipe& alerts) {
    benchmark::DoNotOptimize(
        static_cast<Alerts&>(alerts).send_alert(AlertTemplate::kill_switch_activated("pnl", -0.071, -0.05)));
  });
  add("alert_longest", [](notify::AlertPipe& alerts) {
    static const std::string text(AlertMessage::max_message, 'x');
    benchmark::DoNotOptimize(alerts.critical(text, text, text));
  });
  return true;
}();

}  // namespace
}  // namespace bellwether::bench
