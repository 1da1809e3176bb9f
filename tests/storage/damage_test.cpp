// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// A day's file is damaged in every way: the store opens, the other days serve, and of the damaged one nothing comes back that
// was not stored. Either the file is set aside and named, or what is missing is told.
#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <random>

#include "storage/store_fixture.hpp"

namespace bellwether::storage {
namespace {

namespace fs = std::filesystem;

class StoreDamage : public StoreTest {
 protected:
  static constexpr int rows = 400;
  static constexpr std::int64_t other_day = noon - 2 * day_ms;

  /// Two days of one series: the other day in blocks, the newest half in blocks and half in the log.
  void SetUp() override {
    StoreTest::SetUp();
    open();
    const SeriesRef ref = series({{"__name__", "x"}, {"größe", "日本"}});
    for (int i = 0; i < rows; ++i) put(ref, other_day + i * 1000, i * 0.25);
    for (int i = 0; i < rows / 2; ++i) put(ref, noon + i * 1000, i * 1.5);
    ASSERT_TRUE(store->seal());
    for (int i = rows / 2; i < rows; ++i) put(ref, noon + i * 1000, i * 1.5);
    ASSERT_TRUE(store->flush());
    crash();
    pristine = directory + ".pristine";
    fs::copy(directory, pristine);
    today = directory + "/" + day_file_name(day_of(noon));
    before = directory + "/" + day_file_name(day_of(other_day));
  }
  void TearDown() override {
    StoreTest::TearDown();
    fs::remove_all(pristine);
  }

  void put(SeriesRef ref, std::int64_t time, double value) {
    ASSERT_EQ(append(ref, time, value), Outcome::appended);
    (time > noon - day_ms ? of_today : of_before).emplace_back(time, bits_of(value));
  }

  /// What one damage leaves. `told`: set aside, or a warning, or a line in the log.
  void check(const std::string& path, const std::function<void()>& damage, const std::string& what) {
    SCOPED_TRACE(what);
    store.reset();
    fs::remove_all(directory);
    fs::copy(pristine, directory);
    messages.clear();
    damage();
    auto opened = SeriesStore::open(options());
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(*opened);
    Selection selection = store->querier().select(named("x"), 0, INT64_MAX / 2);
    Samples found;
    FloatColumns columns;
    for (std::size_t s = 0; s < selection.size(); ++s) selection.read(s, columns);
    for (std::size_t i = 0; i < columns.times.size(); ++i)
      found.emplace_back(columns.times[i], bits_of(columns.values[i]));
    Samples all = of_before;
    all.insert(all.end(), of_today.begin(), of_today.end());
    for (const auto& sample : found) {
      ASSERT_TRUE(std::binary_search(all.begin(), all.end(), sample)) << "altered: " << sample.first;
    }
    const Samples& sound = path == today ? of_before : of_today;
    ASSERT_TRUE(std::includes(found.begin(), found.end(), sound.begin(), sound.end())) << "the other day serves";
    if (found.size() < all.size() && messages.empty() && selection.warnings().empty()) {
      ++silent;
      silent_ones += "\n  " + what + " of " + path;
    }
    if (fs::exists(path + ".corrupt")) {
      ++set_aside;
      ASSERT_FALSE(messages.empty());
      EXPECT_NE(messages[0].find(path), std::string::npos) << messages[0];
    }
    // The day goes on.
    const std::int64_t next = noon + rows * 1000;
    ASSERT_EQ(append(series({{"__name__", "next"}}), next, 7), Outcome::appended);
    store->maintain();
    (void)store->flush();  // finds the damage, maybe
    store->maintain();
    ASSERT_TRUE(store->flush()) << store->disk_message();
    EXPECT_EQ(read("next"), (Samples{{next, bits_of(7)}}));
  }

  static std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  }
  static void run(const std::string& path, const char* statement) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, statement, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  std::string pristine;
  std::string today;
  std::string before;
  Samples of_today;
  Samples of_before;
  int silent = 0;
  std::string silent_ones;
  int set_aside = 0;
};

TEST_F(StoreDamage, ATornHeaderATruncatedAnEmptyAndAForeignFile) {
  for (const std::string& path : {before, today}) {
    const auto altered = [&](const std::function<void(std::string&)>& change) {
      return [&, change] {
        run(path, "PRAGMA wal_checkpoint(TRUNCATE)");
        std::string content = content_of(path);
        change(content);
        write(path, content);
      };
    };
    check(path, altered([](std::string& c) { c.replace(0, 512, std::string(512, '\0')); }), "torn header");
    check(path, altered([](std::string& c) { c.replace(20, 80, std::string(80, '\x5a')); }), "half a header");
    check(path, altered([](std::string& c) { c.assign(8192, 'x'); }), "no database");
    for (const std::size_t kept : {2, 99, 100, 511, 4096, 5000, 8192, 12'288}) {
      check(path, altered([&](std::string& c) { c.resize(std::min(kept, c.size() - 1)); }),
            "truncated to " + std::to_string(kept));
    }
    EXPECT_EQ(silent, 0) << silent_ones;
    const int so_far = set_aside;
    check(
        path, [&] { run(path, "PRAGMA user_version=2"); }, "a later version");
    check(
        path, [&] { run(path, "PRAGMA application_id=1"); }, "another program's");
    EXPECT_EQ(set_aside, so_far + 2);
    check(path, altered([](std::string& c) { c.clear(); }), "zero length");
  }
  // Of today's file, nobody can tell "emptied" from "about to be written"; of an ended day there can be none.
  EXPECT_EQ(silent, 1);
}

TEST_F(StoreDamage, FlippedBitsAnywhere) {
  std::mt19937 random(17);
  int flips = 0;
  for (const std::string& path : {before, today}) {
    run(pristine + path.substr(directory.size()), "PRAGMA wal_checkpoint(TRUNCATE)");
    const std::string sound = content_of(pristine + path.substr(directory.size()));
    for (std::size_t at = 0; at < sound.size(); at += 1 + random() % (at < 128 ? 12 : sound.size() / 25)) {
      const int bit = static_cast<int>(random() % 8);
      check(
          path,
          [&] {
            std::string content = sound;
            content[at] = static_cast<char>(content[at] ^ (1 << bit));
            write(path, content);
          },
          "bit " + std::to_string(bit) + " of byte " + std::to_string(at));
      ++flips;
      if (HasFatalFailure()) return;
    }
  }
  std::printf("%d flips: %d files set aside, %d losses that only `storage check` tells%s\n", flips, set_aside, silent,
              silent_ones.c_str());
  EXPECT_LE(silent, flips / 10);
}

TEST_F(StoreDamage, ABlockThatIsDamagedIsLeftOutAndCounted) {
  check(
      today, [&] { run(today, "UPDATE block SET content=zeroblob(length(content))"); }, "zeroed block");
  EXPECT_FALSE(fs::exists(today + ".corrupt")) << "the file is sound, its log serves";
  EXPECT_EQ(silent, 0);
  check(
      today,
      [&] { run(today, "UPDATE batch SET content=zeroblob(length(content)) WHERE id=(SELECT max(id) FROM batch)"); },
      "zeroed row of the log");
  EXPECT_EQ(silent, 0);
}

}  // namespace
}  // namespace bellwether::storage
