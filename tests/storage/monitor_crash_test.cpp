// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// The monitor as a whole, killed with SIGKILL at random moments while it scrapes: the exporter lives on here and counts how
// often each of its values was asked for, which is the value. So what the store holds must be these numbers: none twice, none
// altered, and none missing that was given more than a second before a kill. What a DiskProbe waited for the disk is added to the
// second.
//
// BELLWETHER_CRASH_SEED, BELLWETHER_CRASH_ROUNDS and BELLWETHER_CRASH_SECONDS as in crash_test.cpp; BELLWETHER_PROGRAM names
// another program than the one of this build.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bellwether/exporter.hpp>
#include <bellwether/metrics.hpp>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "exporter/child_process.hpp"
#include "storage/disk_probe.hpp"
#include "storage/series_store.hpp"

namespace bellwether::storage {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr int series_count = 20;

std::int64_t number_of(const char* variable, std::int64_t otherwise) {
  const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? otherwise : std::atoll(value);
}

/// Values that count their own scrapes.
struct CountedValues {
  Registry registry;
  std::vector<Collector> collectors;
  std::mutex mutex;
  std::array<std::vector<Steady::time_point>, series_count> given;  ///< when value n was, at n - 1

  CountedValues() {
    for (int i = 0; i < series_count; ++i) {
      collectors.push_back(registry
                               .gauge_callback("counted_" + std::to_string(i), "How often it was asked for.",
                                               [this, i] {
                                                 const std::lock_guard lock(mutex);
                                                 auto& times = given[static_cast<std::size_t>(i)];
                                                 times.push_back(Steady::now());
                                                 return static_cast<double>(times.size());
                                               })
                               .value());
    }
  }
};

bool answers_ready(std::uint16_t port) {
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{2, 0};
  ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  std::string answer;
  if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = "GET /-/ready HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
    (void)::send(client, request.data(), request.size(), MSG_NOSIGNAL);
    char buffer[512];
    const ssize_t size = ::recv(client, buffer, sizeof(buffer), 0);
    if (size > 0) answer.assign(buffer, static_cast<std::size_t>(size));
  }
  ::close(client);
  return answer.find(" 200 ") != std::string::npos;
}

TEST(MonitorCrash, NoKillLosesDoublesOrAltersASample) {
  const auto seed = static_cast<std::uint64_t>(number_of("BELLWETHER_CRASH_SEED", std::random_device{}()));
  const std::int64_t rounds = number_of("BELLWETHER_CRASH_ROUNDS", 12);
  const auto end = Steady::now() + std::chrono::seconds{number_of("BELLWETHER_CRASH_SECONDS", 40)};
  const char* const named = std::getenv("BELLWETHER_PROGRAM");  // NOLINT(concurrency-mt-unsafe)
  const std::string program = named == nullptr ? BELLWETHER_PROGRAM_FILE : named;
  std::printf("BELLWETHER_CRASH_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  CountedValues values;
  auto exporter = Exporter::start(values.registry, {.port = 0});
  ASSERT_TRUE(exporter) << exporter.error().message;
  const test::TemporaryFolder folder;
  const std::string config =
      folder.write("prometheus.yml",
                   "scrape_configs:\n  - job_name: counted\n    scrape_interval: 50ms\n    scrape_timeout: 50ms\n"
                   "    static_configs:\n      - targets: ['127.0.0.1:" +
                       std::to_string(exporter->port()) + "']\n");
  const std::string data = folder.path("data");
  const test::DiskProbe probe(folder.path("probe"));
  Milliseconds slowest{0};
  const Milliseconds second{1000 * number_of("BELLWETHER_CRASH_PATIENCE", 1)};
  std::size_t stored = 0;
  std::size_t proved = 0;  // values that had to be there for their age alone, and are
  int lives_to_prove = 0;  // monitors that lived long enough for such a value
  Steady::duration longest_stall{0};
  /// From a second before a kill to the start of the next monitor: what was asked for then may have gone with it, or was given
  /// to nobody.
  struct Doubtful {
    Steady::time_point from;
    Steady::time_point to;
  };
  std::vector<Doubtful> doubtful;
  std::int64_t round = 0;
  // However slow the machine is, some rounds are needed to say anything.
  for (; round < rounds && (round < 4 || Steady::now() < end); ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
    Steady::time_point killed;
    Steady::time_point ready;
    {
      const std::uint16_t port = test::free_port();
      const auto start = Steady::now();
      if (!doubtful.empty()) doubtful.back().to = start;
      test::ChildProcess monitor({program, "monitor", "--config", config, "--directory", data, "--listen",
                                  "127.0.0.1:" + std::to_string(port)},
                                 folder.path("output"));
      while (!answers_ready(port)) {
        ASSERT_TRUE(monitor.is_running()) << test::file_text(folder.path("output"));
        ASSERT_LT(Steady::now() - start, std::chrono::seconds{60}) << test::file_text(folder.path("output"));
        std::this_thread::sleep_for(Milliseconds{2});
      }
      ready = Steady::now();
      const auto took = std::chrono::duration_cast<Milliseconds>(ready - start);
      slowest = std::max(slowest, took);
      EXPECT_LE(took.count(), std::chrono::duration_cast<Milliseconds>(second + 4 * probe.longest_since(start)).count())
          << "ready within a second";
      // By turns long enough for samples older than a second, where the disk is slow so much longer, and short: most of what can
      // go wrong is near a start.
      if (round % 2 == 0) {
        std::this_thread::sleep_for(Milliseconds{1600 + random() % 900});
        std::this_thread::sleep_for(
            std::min<Steady::duration>(4 * probe.longest_since(start), std::chrono::seconds{10}));
      } else {
        std::this_thread::sleep_for(Milliseconds{random() % 600});
      }
      killed = Steady::now();
      const auto stall = probe.longest_since(start);
      longest_stall = std::max(longest_stall, stall);
      doubtful.push_back({killed - Milliseconds{1100} - 4 * stall, killed});
      if (ready + Milliseconds{300} < doubtful.back().from) ++lives_to_prove;  // some scrapes of every 50 ms
    }
    const std::string copy = folder.path("copy");
    fs::copy(data, copy, fs::copy_options::recursive);
    StoreOptions options;
    options.directory = copy;
    options.background = false;
    options.log = [](std::string_view message) { ADD_FAILURE() << message; };
    auto store = SeriesStore::open(options);
    ASSERT_TRUE(store) << store.error().message;
    stored = 0;
    FloatColumns up;
    {
      Selection ups = (*store)->querier().select(
          std::vector<Matcher>{Matcher::make(MatchType::equal, "__name__", "up").value()}, 0, INT64_MAX / 2);
      if (ups.size() > 0) ups.read(0, up);
    }
    const auto failed_scrapes = static_cast<std::size_t>(std::count(up.values.begin(), up.values.end(), 0.0));
    for (int i = 0; i < series_count; ++i) {
      const std::string name = "counted_" + std::to_string(i);
      const std::vector<Matcher> matchers{Matcher::make(MatchType::equal, "__name__", name).value()};
      Selection selection = (*store)->querier().select(matchers, 0, INT64_MAX / 2);
      const std::lock_guard lock(values.mutex);
      const auto& given = values.given[static_cast<std::size_t>(i)];
      std::vector<bool> present(given.size() + 1);
      FloatColumns rows;
      if (selection.size() > 0) selection.read(0, rows);
      double before = 0;
      for (const double value : rows.values) {
        if (is_stale(value)) continue;  // a scrape that took too long
        ASSERT_GT(value, before) << name << ": none twice, all in their order";
        before = value;
        const auto number = static_cast<std::size_t>(value);
        ASSERT_LE(number, given.size());
        ASSERT_EQ(static_cast<double>(number), value) << name;
        present[number] = true;
        ++stored;
      }
      // What came too late for the scrape's timeout on a busy machine was never acknowledged, and its scrape is a failed one.
      std::size_t missing = 0;
      for (std::size_t n = 1; n <= given.size(); ++n) {
        const bool young = std::any_of(doubtful.begin(), doubtful.end(), [&](const Doubtful& span) {
          return given[n - 1] > span.from && given[n - 1] < span.to;
        });
        missing += !present[n] && !young && given[n - 1] < killed ? 1 : 0;
        proved += present[n] && given[n - 1] > ready && given[n - 1] < doubtful.back().from ? 1 : 0;
      }
      ASSERT_LE(missing, failed_scrapes) << name << ": of " << given.size();
    }
    store->reset();
    fs::remove_all(copy);
    if (HasFailure()) return;
  }
  EXPECT_GT(stored, static_cast<std::size_t>(series_count) * 10);
  std::printf(
      "%lld kills, %zu samples, of which %zu had to be there for their age, slowest start %lld ms, longest stall of "
      "the disk "
      "%lld ms\n",
      static_cast<long long>(round), stored, proved, static_cast<long long>(slowest.count()),
      static_cast<long long>(std::chrono::duration_cast<Milliseconds>(longest_stall).count()));
  if (lives_to_prove == 0) {
    GTEST_SKIP() << "NOT TESTED: the second after which a sample is safe. The disk stalled for "
                 << std::chrono::duration_cast<Milliseconds>(longest_stall).count()
                 << " ms, too long to tell the store's second from it";
  }
  EXPECT_GT(proved, 0U) << "no sample was ever old enough to be safe";
}

}  // namespace
}  // namespace bellwether::storage
