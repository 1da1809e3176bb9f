// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// From post() of an urgent alert to Integration::deliver(): one transaction with synchronous=FULL stands between.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "notify/notifier.hpp"
#include "storage/sqlite_file.hpp"

namespace {

using namespace bellwether;
using Clock = std::chrono::steady_clock;

class Stopwatch final : public notify::Integration {
 public:
  const std::string& name() const noexcept override { return name_; }
  bool send_resolved() const noexcept override { return true; }
  Result<std::string> render(const notify::Notification& notification) const override {
    return std::string(200, 'x') + notification.group_key;
  }
  void deliver(const notify::OutgoingMessage&, Done done) override {
    delivered = Clock::now();
    done({});
  }
  Clock::time_point delivered;

 private:
  const std::string name_ = "webhook[0]";
};

void post_to_deliver(benchmark::State& state) {
  // Beside the program, not in /tmp, which may be memory: the disk is what is measured.
  const std::string directory = "notifier-bench-" + std::to_string(::getpid());
  const auto report = config::read_notifier_config_text(
      "route: {receiver: desk, group_by: ['...']}\nreceivers: [{name: desk}]\n", "alertmanager.yml", {}, "");
  if (!report.config) return state.SkipWithError("configuration");
  const auto integration = std::make_shared<Stopwatch>();
  notify::NotifierSetup setup{*report.config, {}};
  setup.receivers["desk"] = {integration};
  notify::NotifierOptions options;
  options.directory = directory;
  auto notifier = notify::Notifier::start(std::move(options), std::move(setup));
  if (!notifier) return state.SkipWithError(notifier.error().message.c_str());
  std::int64_t number = 0;
  for (auto _ : state) {
    rules::Alert alert;
    alert.labels = {{"alertname", "KillSwitch"}, {"severity", "P0"}, {"n", std::to_string(++number)}};
    alert.starts_ms = 1;
    const auto begin = Clock::now();
    if (auto posted = (*notifier)->post({&alert, 1}); !posted) return state.SkipWithError("the disk");
    state.SetIterationTime(std::chrono::duration<double>(integration->delivered - begin).count());
    // Alerts that matter come one by one: what is left of this one is written before the next.
    while ((*notifier)->status().pending > 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  notifier->reset();
  std::filesystem::remove_all(directory);
}
/// The floor: a transaction of one row, as SQLite does it on this disk at this moment.
void one_transaction(benchmark::State& state) {
  const std::string path = "notifier-bench-" + std::to_string(::getpid()) + ".sqlite";
  {
    storage::FileFault fault{};
    auto file = storage::SqliteFile::open({.path = path, .writable = true, .full_sync = true, .vfs = {}}, fault);
    if (!file || !(*file)->run("CREATE TABLE t(a)")) return state.SkipWithError("the disk");
    for (auto _ : state) {
      if (!(*file)->run("BEGIN IMMEDIATE; INSERT INTO t VALUES(1); COMMIT")) return state.SkipWithError("the disk");
    }
  }
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
}
BENCHMARK(one_transaction)->UseRealTime()->Iterations(500)->Unit(benchmark::kMicrosecond)->Repetitions(3);
BENCHMARK(post_to_deliver)->UseManualTime()->Iterations(200)->Unit(benchmark::kMicrosecond)->Repetitions(3);

}  // namespace
