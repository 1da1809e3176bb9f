// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// A process that stores under load is killed with SIGKILL at random moments, on the real disk, again and again on the same
// files, over midnights. After each kill every sample that was acknowledged more than a second before is there, none twice,
// none altered, commits are whole, and the store is ready within a second. Once in a while the end of the last write is missing
// as well, as after a power failure: then the start has to succeed, and what is there is right.
//
// The store's wall clock is that of the samples, so days end, are merged and closed while it is killed, whatever the machine's
// date. The second is that of the store on a disk that answers: what a DiskProbe waited for this one is added. A run in which
// nothing was old enough for the promise has tested nothing of it, and says so.
//
// The seed is printed; BELLWETHER_CRASH_SEED repeats a run, BELLWETHER_CRASH_ROUNDS and BELLWETHER_CRASH_SECONDS bound it.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <thread>

#include "storage/disk_probe.hpp"
#include "storage/series_store.hpp"

namespace bellwether::storage {
namespace {

namespace fs = std::filesystem;
using Milliseconds = std::chrono::milliseconds;

constexpr int series_count = 50;
constexpr std::int64_t step_ms = 20'000;                       // so that a run crosses midnights
constexpr std::int64_t start = 1'795'219'200'000 - 1'800'000;  // half an hour before one

/// What the child tells. Of each commit the steady clock's time is kept, so that the parent knows what is a second old.
struct Shared {
  static constexpr std::size_t length = 1U << 16U;
  std::atomic<std::int64_t> step{0};                    ///< that of the wall clock
  std::atomic<std::int64_t> acknowledged{0};            ///< commits up to this one returned
  std::array<std::atomic<std::int64_t>, length> times;  ///< when, in nanoseconds, by step modulo length
  std::atomic<bool> writing{false};
};

std::int64_t steady_now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

/// The wall clock goes with the samples, in the child and in what checks; time that passes is real.
class StepClock final : public Clock {
 public:
  explicit StepClock(const Shared& shared) : shared_(&shared) {}
  std::chrono::nanoseconds wall() const noexcept override { return Milliseconds{start + shared_->step * step_ms}; }
  std::chrono::nanoseconds monotonic() const noexcept override { return std::chrono::nanoseconds{steady_now()}; }

 private:
  const Shared* shared_;
};

/// How long the calling thread has been ready to run while others had the processors; zero where the kernel does not count it.
std::chrono::nanoseconds wait_for_processor() {
  std::int64_t running = 0;
  std::int64_t waiting = 0;
  std::ifstream file("/proc/thread-self/schedstat");
  return file >> running >> waiting ? std::chrono::nanoseconds{waiting} : std::chrono::nanoseconds{0};
}

/// How long the part of a SQLite log is that a power failure could still cut: none where it was copied into its database, for
/// that comes after its fsync. From the log's index (sqlite.org/walformat.html), which a kill leaves as it was.
std::optional<std::uintmax_t> length_to_cut(const fs::path& log) {
  std::string index = log.string();
  index.replace(index.size() - 3, 3, "shm");
  std::array<char, 136> head{};
  if (!std::ifstream(index, std::ios::binary).read(head.data(), head.size())) return std::nullopt;
  std::uint16_t page = 0;
  std::uint32_t frames = 0;
  std::uint32_t copied = 0;
  std::memcpy(&page, &head[14], sizeof(page));
  std::memcpy(&frames, &head[16], sizeof(frames));
  std::memcpy(&copied, &head[128], sizeof(copied));
  const std::uintmax_t length = 32 + std::uintmax_t{frames} * (24 + page);
  if (frames == 0 || copied >= frames || length > fs::file_size(log)) return std::nullopt;
  return length;
}

double sample_value(std::int64_t step, int series) {
  return static_cast<double>((step * 31 + series * 17) % 100'000) / 100;
}

StoreOptions options_of(const std::string& directory, const Clock& clock) {
  StoreOptions out;
  out.directory = directory;
  out.clock = &clock;
  out.flush_interval = Milliseconds{100};
  out.seal_samples = 60;
  out.retention = {};
  return out;
}

[[noreturn]] void write_for_ever(const std::string& directory, Shared& shared) {
  const StepClock clock(shared);
  auto store = SeriesStore::open(options_of(directory, clock));
  if (!store) ::_exit(3);
  std::vector<SeriesRef> refs;
  for (int i = 0; i < series_count; ++i) {
    const std::string label = std::to_string(i);
    refs.push_back((*store)->find_or_add(LabelSet::make({{"__name__", "x"}, {"i", label}}).value()).value());
  }
  Appender appender = (*store)->appender();
  for (std::int64_t step = shared.acknowledged + 1;; ++step) {
    shared.step = step;
    for (int i = 0; i < series_count; ++i) {
      appender.append(refs[static_cast<std::size_t>(i)], start + step * step_ms, sample_value(step, i));
    }
    if (appender.commit().of(Outcome::appended) != series_count) ::_exit(4);
    shared.times[static_cast<std::size_t>(step) % Shared::length] = steady_now();
    shared.acknowledged = step;
    shared.writing = true;
    std::this_thread::sleep_for(Milliseconds{1});  // the load, not a wait for something
  }
}

class StorageCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string path = fs::temp_directory_path() / "bellwether_crash_XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    directory = path;
    void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    shared = new (memory) Shared;
    clock.emplace(*shared);
    probe.emplace(directory + "_probe");
  }
  void TearDown() override {
    probe.reset();
    fs::remove_all(directory);
    ::munmap(shared, sizeof(Shared));
  }

  static std::int64_t number_of(const char* variable, std::int64_t otherwise) {
    const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? otherwise : std::atoll(value);
  }

  enum class Life : std::uint8_t { in_the_start, brief, lengthy };

  /// The child writes until a random moment, which may be one of its start.
  void write_and_kill(Life kind, Milliseconds life) {
    shared->writing = false;
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_for_ever(directory, *shared);
    int status = 0;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (kind != Life::in_the_start && !shared->writing && std::chrono::steady_clock::now() < deadline &&
           ::waitpid(child, &status, WNOHANG) == 0) {
      std::this_thread::sleep_for(Milliseconds{1});
    }
    const bool hangs = kind != Life::in_the_start && !shared->writing;
    const std::int64_t writes_since = steady_now();
    std::this_thread::sleep_for(life);  // the random moment
    if (kind == Life::lengthy) {        // where the disk is slow, so much later, else nothing would be old enough
      std::this_thread::sleep_for(
          std::min<std::chrono::nanoseconds>(4 * probe->longest_since(begin), std::chrono::seconds{10}));
    }
    const std::int64_t killed = steady_now();
    const std::int64_t stall = std::chrono::nanoseconds{probe->longest_since(begin)}.count();
    ::kill(child, SIGKILL);  // it ends when the write that it is in ends
    ASSERT_EQ(::waitpid(child, &status, 0), child) << "the child ended by itself";
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
    ASSERT_FALSE(hangs) << "no commit within a minute";
    const std::int64_t a_second_ago = killed - 1'000'000'000 - 4 * stall;
    longest_stall = std::max(longest_stall, stall);
    if (kind != Life::in_the_start && writes_since < a_second_ago) ++lives_to_prove;
    while (safe < shared->acknowledged &&
           shared->times[static_cast<std::size_t>(safe + 1) % Shared::length] < a_second_ago) {
      ++safe;
      ++proved;
    }
  }

  /// All of the store are the steps 1 to the last, whole and unaltered; `last` gives how many.
  void check(SeriesStore& store, std::int64_t from, std::int64_t& last) {
    const std::vector<Matcher> all{Matcher::make(MatchType::equal, "__name__", "x").value()};
    Selection selection = store.querier().select(all, start + from * step_ms, INT64_MAX / 2);
    if (from == 1 && safe == 0 && selection.size() == 0)
      return;  // the first write was under way for all of the child's life
    ASSERT_EQ(selection.size(), static_cast<std::size_t>(series_count));
    for (std::size_t s = 0; s < selection.size(); ++s) {
      FloatColumns rows;
      selection.read(s, rows);
      const int number = std::stoi(std::string(storage::value_of(selection.labels(s), "i")));
      const std::int64_t end = from + static_cast<std::int64_t>(rows.times.size()) - 1;
      if (s == 0) last = end;
      ASSERT_EQ(end, last) << "commits are whole";
      for (std::size_t i = 0; i < rows.times.size(); ++i) {
        const std::int64_t step = from + static_cast<std::int64_t>(i);
        ASSERT_EQ(rows.times[i], start + step * step_ms);
        ASSERT_EQ(rows.values[i], sample_value(step, number));
      }
    }
    ASSERT_TRUE(selection.warnings().empty()) << selection.warnings().front();
  }

  void open_and_check(std::int64_t from, std::int64_t& last) {
    StoreOptions with = options_of(directory, *clock);
    with.background = false;
    with.log = [](std::string_view message) {
      // A day whose first write was under way for all of its life: nothing of it was acknowledged for long.
      if (message.find("(it is empty)") == std::string_view::npos) ADD_FAILURE() << message;
    };
    const auto before = std::chrono::steady_clock::now();
    const auto waited_before = wait_for_processor();
    auto store = SeriesStore::open(with);
    const auto waited = wait_for_processor() - waited_before;
    const auto took = std::chrono::steady_clock::now() - before;
    ASSERT_TRUE(store) << store.error().message;
    // What the issue asks; in practice some ten milliseconds. A disk that stalls is not the store's doing, nor is a machine
    // whose processors are busy with others: for so long as the kernel kept this thread waiting for one, nothing is held
    // against the store. A sleep or a wait for a lock is.
    EXPECT_LE(took - waited, std::chrono::seconds{1} + 4 * probe->longest_since(before)) << "ready within a second";
    slowest = std::max(slowest, std::chrono::duration_cast<Milliseconds>(took));
    check(**store, from, last);
    leave_like_a_kill(std::move(*store));
  }

  /// The end of a store seals; here the files are to stay as the kill left them.
  void leave_like_a_kill(std::unique_ptr<SeriesStore> store) {
    const std::string copy = directory + "_copy";
    fs::copy(directory, copy, fs::copy_options::recursive);
    store.reset();
    fs::remove_all(directory);
    fs::rename(copy, directory);
  }

  /// On a copy, the end of the last write is missing; false if there was nothing to cut.
  void cut_and_check(std::mt19937_64& random, bool& cut) {
    const std::string copy = directory + "_cut";
    fs::copy(directory, copy, fs::copy_options::recursive);
    fs::path newest;  // the day before has its fsyncs behind it
    for (const auto& each : fs::directory_iterator(copy)) {
      if (each.path().string().ends_with(".sqlite-wal")) newest = std::max(newest, each.path());
    }
    if (const auto length = newest.empty() ? std::nullopt : length_to_cut(newest)) {
      fs::resize_file(newest, *length - 1 - random() % 2000);
      ++cuts;
      cut = true;
    }
    StoreOptions with = options_of(copy, *clock);
    with.background = false;
    auto opened = SeriesStore::open(with);
    ASSERT_TRUE(opened) << opened.error().message;
    std::int64_t last = 0;
    check(**opened, 1, last);
    opened->reset();
    fs::remove_all(copy);
  }

  std::string directory;
  Shared* shared = nullptr;
  std::optional<StepClock> clock;
  std::optional<test::DiskProbe> probe;
  std::int64_t longest_stall = 0;
  int cuts = 0;
  std::int64_t safe = 0;
  std::int64_t proved = 0;  ///< commits that had to be there for their age alone
  int lives_to_prove = 0;   ///< lives that were long enough for such a commit
  Milliseconds slowest{0};
};

TEST_F(StorageCrash, NoKillLosesDoublesOrAltersASample) {
  const auto seed = static_cast<std::uint64_t>(number_of("BELLWETHER_CRASH_SEED", std::random_device{}()));
  const std::int64_t rounds = number_of("BELLWETHER_CRASH_ROUNDS", 100);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{number_of("BELLWETHER_CRASH_SECONDS", 60)};
  std::printf("BELLWETHER_CRASH_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  std::int64_t last = 0;
  std::int64_t round = 0;
  int long_lives = 0;
  std::int64_t lost = 0;
  bool to_cut = false;
  // However slow the machine is, some rounds are needed to say anything.
  for (; round < rounds && (round < 20 || std::chrono::steady_clock::now() < end); ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
    // Mostly short lives, down to a kill within the start; the first, each tenth and some others are long enough for samples of
    // more than a second's age.
    if (round % 10 == 0 || random() % 20 == 0) {
      ++long_lives;
      write_and_kill(Life::lengthy, Milliseconds{1100 + random() % 900});
    } else if (random() % 6 == 0) {
      write_and_kill(Life::in_the_start, Milliseconds{random() % 30});
    } else {
      write_and_kill(Life::brief, Milliseconds{random() % 450});
    }
    if (HasFatalFailure()) return;
    const std::int64_t acknowledged = shared->acknowledged;
    if (round % 10 == 9) to_cut = true;
    if (to_cut) {  // until there is something to cut
      bool cut = false;
      cut_and_check(random, cut);
      to_cut = !cut;
    }
    if (HasFatalFailure()) return;
    const bool whole = round % 10 == 0 || round + 1 == rounds;  // else only what is new
    open_and_check(whole ? 1 : std::max<std::int64_t>(1, last - 200), last);
    if (HasFailure()) return;
    ASSERT_GE(last, safe) << "acknowledged " << acknowledged;
    ASSERT_LE(last, acknowledged + 1) << "the commit that the kill interrupted may be there";
    lost += std::max<std::int64_t>(0, acknowledged - last);
    shared->acknowledged = last;  // the next child goes on from here
    shared->step = last;
    safe = last;
  }
  open_and_check(1, last);
  std::printf(
      "%lld kills (%d long lives), %d cuts, %lld commits of %d samples over %lld days, of which %lld had to be there "
      "for "
      "their age, slowest start %lld ms, %lld commits younger than a second went with the kills, longest stall of the "
      "disk %lld ms\n",
      static_cast<long long>(round), long_lives, cuts, static_cast<long long>(last), series_count,
      static_cast<long long>(last) * step_ms / day_ms + 1, static_cast<long long>(proved),
      static_cast<long long>(slowest.count()), static_cast<long long>(lost),
      static_cast<long long>(longest_stall / 1'000'000));
  EXPECT_GT(last, 0) << "nothing was stored";
  if (round >= 50) {
    EXPECT_GT(cuts, 0) << "no power failure was tried";
  }
  if (lives_to_prove == 0) {
    GTEST_SKIP() << "NOT TESTED: the second after which a commit is safe. The disk stalled for "
                 << longest_stall / 1'000'000 << " ms, too long to tell the store's second from it";
  }
  EXPECT_GT(proved, 0) << "no commit was ever old enough to be safe";
}

}  // namespace
}  // namespace bellwether::storage
