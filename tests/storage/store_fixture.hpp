// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <bellwether/clock.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/series_store.hpp"

namespace bellwether::storage {

/// A store in a directory of its own, without a thread, at 2026-11-20 12:00 UTC.
class StoreTest : public ::testing::Test {
 protected:
  static constexpr std::int64_t noon = 1'795'176'000'000;

  void SetUp() override {
    std::string path = std::filesystem::temp_directory_path() / "bellwether_store_XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    directory = path;
  }
  void TearDown() override {
    store.reset();
    std::filesystem::remove_all(directory);
  }

  StoreOptions options() {
    StoreOptions out;
    out.directory = directory;
    out.background = false;
    out.full_sync = false;
    out.merge_blocks = 6;
    out.clock = &clock;
    out.log = [this](std::string_view message) { messages.emplace_back(message); };
    return out;
  }
  void open(const StoreOptions& with) {
    store.reset();
    auto opened = SeriesStore::open(with);
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(*opened);
  }
  void open() { open(options()); }

  /// What a kill leaves: the files as they are, without the sealing of a clean end. The store's end then works on others.
  void crash() {
    const std::string copy = directory + ".crash";
    std::filesystem::copy(directory, copy, std::filesystem::copy_options::recursive);
    store.reset();
    std::filesystem::remove_all(directory);
    std::filesystem::rename(copy, directory);
  }

  SeriesRef series(std::initializer_list<LabelView> labels) {
    return store->find_or_add(LabelSet::make(labels).value()).value();
  }
  Outcome append(SeriesRef ref, std::int64_t time, double value) {
    Appender appender = store->appender();
    appender.append(ref, time, value);
    const CommitReport report = appender.commit();
    for (std::size_t i = 0; i < outcome_count; ++i) {
      if (report.counts[i] == 1) return static_cast<Outcome>(i);
    }
    ADD_FAILURE() << "no outcome";
    return Outcome::malformed;
  }

  static std::vector<Matcher> named(const std::string& name) {
    return {Matcher::make(MatchType::equal, "__name__", name).value()};
  }
  using Samples = std::vector<std::pair<std::int64_t, std::uint64_t>>;  // values by their bits
  Samples read(const std::string& name, std::int64_t from = INT64_MIN / 2, std::int64_t to = INT64_MAX / 2) {
    Selection selection = store->querier().select(named(name), from, to);
    Samples out;
    for (const std::string& warning : selection.warnings()) ADD_FAILURE() << warning;
    EXPECT_LE(selection.size(), 1U);
    if (selection.size() == 0) return out;
    FloatColumns rows;
    selection.read(0, rows);
    for (std::size_t i = 0; i < rows.times.size(); ++i) out.emplace_back(rows.times[i], bits_of(rows.values[i]));
    return out;
  }

  ManualClock clock{std::chrono::milliseconds{noon}};
  std::string directory;
  std::vector<std::string> messages;
  std::unique_ptr<SeriesStore> store;
};

}  // namespace bellwether::storage
