// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// A process that stores under load is killed with SIGKILL at random moments, on the real disk, again and again on the same
// files; once in a while the last write is cut short as well. Every sample that was acknowledged more than a second before
// must be there, none twice, none altered.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include "storage/series_store.hpp"

namespace bellwether::storage {
namespace {

namespace fs = std::filesystem;

constexpr int series_count = 50;

/// What the child tells: times are its own steps, so that clocks do not matter.
struct Shared {
  std::atomic<std::int64_t> acknowledged{0};  ///< commits up to this one returned
  std::atomic<std::int64_t> safe{0};          ///< ... more than a second ago
};

double sample_value(std::int64_t step, int series) {
  return static_cast<double>((step * 31 + series * 17) % 100'000) / 100;
}

StoreOptions options_of(const std::string& directory) {
  StoreOptions out;
  out.directory = directory;
  out.flush_interval = std::chrono::milliseconds{100};
  out.seal_samples = 100;
  out.retention = {};
  out.ahead_limit = std::chrono::hours{24 * 365};
  return out;
}

[[noreturn]] void write_for_ever(const std::string& directory, Shared& shared, std::int64_t start) {
  auto store = SeriesStore::open(options_of(directory));
  if (!store) ::_exit(3);
  std::vector<SeriesRef> refs;
  for (int i = 0; i < series_count; ++i) {
    const std::string label = std::to_string(i);
    refs.push_back((*store)->find_or_add(LabelSet::make({{"__name__", "x"}, {"i", label}}).value()).value());
  }
  Appender appender = (*store)->appender();
  std::vector<std::pair<std::chrono::steady_clock::time_point, std::int64_t>> history;
  std::size_t oldest = 0;
  for (std::int64_t step = shared.acknowledged + 1;; ++step) {
    for (int i = 0; i < series_count; ++i) {
      appender.append(refs[static_cast<std::size_t>(i)], start + step * 100, sample_value(step, i));
    }
    appender.commit();
    shared.acknowledged = step;
    const auto now = std::chrono::steady_clock::now();
    history.emplace_back(now, step);
    while (history[oldest].first + std::chrono::milliseconds{1000} < now) shared.safe = history[oldest++].second;
    std::this_thread::sleep_for(std::chrono::microseconds{500});  // the load, not a wait for something
  }
}

TEST(StorageCrash, NoKillLosesDoublesOrAltersASample) {
  std::string directory = fs::temp_directory_path() / "bellwether_crash_XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  auto* const shared =
      new (::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Shared;
  const char* const wanted = std::getenv("BELLWETHER_CRASH_ROUNDS");  // NOLINT(concurrency-mt-unsafe)
  const int rounds = wanted == nullptr ? 12 : std::atoi(wanted);      // NOLINT(cert-err34-c)
  std::mt19937 random(std::random_device{}());
  const std::int64_t start = 1'795'219'200'000 - 300'000;  // five minutes before a midnight
  std::chrono::milliseconds slowest{0};
  for (int round = 0; round < rounds; ++round) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_for_ever(directory, *shared, start);
    std::this_thread::sleep_for(std::chrono::milliseconds{1100 + random() % 1500});  // the random moment
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
    const std::int64_t safe = shared->safe;
    const std::int64_t acknowledged = shared->acknowledged;
    if (round % 4 == 3) {  // on a copy the end of the last write is missing, as after a power failure
      const std::string copy = directory + "_cut";
      fs::copy(directory, copy, fs::copy_options::recursive);
      for (const auto& each : fs::directory_iterator(copy)) {
        if (each.path().string().ends_with("-wal") && fs::file_size(each.path()) > 2000) {
          fs::resize_file(each.path(), fs::file_size(each.path()) - 1 - random() % 2000);
        }
      }
      StoreOptions with = options_of(copy);
      with.background = false;
      const auto opened = SeriesStore::open(with);
      ASSERT_TRUE(opened) << opened.error().message;
      fs::remove_all(copy);
    }
    StoreOptions with = options_of(directory);
    with.background = false;
    with.log = [](std::string_view message) { ADD_FAILURE() << message; };
    const auto before = std::chrono::steady_clock::now();
    auto store = SeriesStore::open(with);
    ASSERT_TRUE(store) << store.error().message;
    slowest = std::max(
        slowest, std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - before));
    const std::vector<Matcher> all{Matcher::make(MatchType::equal, "__name__", "x").value()};
    Selection selection = (*store)->querier().select(all, 0, INT64_MAX / 2);
    ASSERT_EQ(selection.size(), static_cast<std::size_t>(series_count));
    std::int64_t last = 0;
    for (std::size_t s = 0; s < selection.size(); ++s) {
      FloatColumns rows;
      selection.read(s, rows);
      const int number = std::stoi(std::string(storage::value_of(selection.labels(s), "i")));
      if (s == 0) last = static_cast<std::int64_t>(rows.times.size());
      ASSERT_EQ(rows.times.size(), static_cast<std::size_t>(last)) << "commits are whole";
      for (std::size_t i = 0; i < rows.times.size(); ++i) {
        ASSERT_EQ(rows.times[i], start + static_cast<std::int64_t>(i + 1) * 100) << "round " << round;
        ASSERT_EQ(rows.values[i], sample_value(static_cast<std::int64_t>(i) + 1, number));
      }
    }
    ASSERT_GE(last, safe) << "round " << round << ", acknowledged " << acknowledged;
    shared->acknowledged = last;  // the next child goes on from here
    shared->safe = last;
  }
  std::printf("%d kills, %lld commits, slowest start %lld ms\n", rounds, static_cast<long long>(shared->acknowledged),
              static_cast<long long>(slowest.count()));
  fs::remove_all(directory);
}

}  // namespace
}  // namespace bellwether::storage
