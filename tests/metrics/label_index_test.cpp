// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/label_index.hpp"
#include "metrics/label_key.hpp"

namespace bellwether {
namespace {

using detail::LabelHash;
using detail::LabelIndex;
using detail::LabelKey;

void insert(LabelIndex& index, std::uint32_t hash, std::uint32_t row) {
  index.make_room();
  index.insert(hash, row);
}

/// Against a std::map of row to hash; few different hashes, so that runs are long and wrap around the table's end.
void run_against_a_model(std::uint32_t hashes, std::uint32_t hash_step, std::size_t most, int rounds) {
  LabelIndex index;
  std::map<std::uint32_t, std::uint32_t> model;
  std::mt19937 random(17);
  const auto any_hash = [&] { return 0xfffffff0U + static_cast<std::uint32_t>(random() % hashes) * hash_step; };
  const auto find = [&](std::uint32_t row, std::uint32_t hash) {
    return index.find(hash, [&](std::uint32_t candidate) { return candidate == row; });
  };
  std::uint32_t next_row = 0;
  for (int round = 0; round < rounds; ++round) {
    if (model.size() < most && (model.empty() || random() % 2 == 0)) {
      const std::uint32_t hash = any_hash();
      insert(index, hash, next_row);
      model[next_row++] = hash;
    } else {
      auto victim = model.lower_bound(static_cast<std::uint32_t>(random() % next_row));
      if (victim == model.end()) victim = model.begin();
      index.erase(victim->second, victim->first);
      ASSERT_EQ(find(victim->first, victim->second), LabelIndex::none);
      model.erase(victim);
    }
    ASSERT_EQ(index.size(), model.size());
    if (round % 16 == 0) {
      for (const auto& [row, hash] : model) ASSERT_EQ(find(row, hash), row) << "round " << round;
    }
    ASSERT_EQ(find(next_row + 1, any_hash()), LabelIndex::none);
  }
}

TEST(LabelIndex, BehavesAsAMapWithAllHashesAlike) {
  run_against_a_model(1, 1, 60, 6'000);
}
TEST(LabelIndex, BehavesAsAMapWithFewHashes) {
  run_against_a_model(20, 1, 200, 6'000);
}
TEST(LabelIndex, BehavesAsAMapWithHashesThatShareTheirLowBits) {
  run_against_a_model(100, 0x10000, 200, 6'000);
}
TEST(LabelIndex, BehavesAsAMapWithManyHashes) {
  run_against_a_model(1U << 30U, 2654435761U, 3'000, 12'000);
}

TEST(LabelIndex, GivesTheRowThatMatchesAmongEqualHashes) {
  LabelIndex index;
  for (std::uint32_t row = 0; row < 10; ++row) insert(index, 7, row);
  EXPECT_EQ(index.find(7, [](std::uint32_t row) { return row == 6; }), 6U);
  EXPECT_EQ(index.find(7, [](std::uint32_t) { return false; }), LabelIndex::none);
  EXPECT_EQ(index.find(8, [](std::uint32_t) { return true; }), LabelIndex::none);
}

TEST(LabelIndex, RowZeroAndHashZeroAreOrdinary) {
  LabelIndex index;
  insert(index, 0, 0);
  EXPECT_EQ(index.find(0, [](std::uint32_t row) { return row == 0; }), 0U);
  index.erase(0, 0);
  EXPECT_EQ(index.find(0, [](std::uint32_t) { return true; }), LabelIndex::none);
}

std::uint32_t hash_of(const std::vector<std::string>& values) {
  LabelHash hash;
  for (const std::string& value : values) hash.add(LabelKey::of(value), value);
  return hash.value();
}

/// How many keys share their hash with another, and the mean length of a probe for a table half full.
struct Spread {
  std::size_t collisions;
  double probes;
};

Spread spread(const std::vector<std::vector<std::string>>& keys) {
  std::set<std::uint32_t> hashes;
  std::size_t size = 16;
  while (size < keys.size() * 2) size *= 2;
  std::vector<bool> table(size);
  double probes = 0;
  for (const auto& key : keys) {
    const std::uint32_t hash = hash_of(key);
    hashes.insert(hash);
    std::size_t at = hash & (size - 1);
    for (; table[at]; at = (at + 1) & (size - 1)) probes += 1;
    table[at] = true;
    probes += 1;
  }
  return {keys.size() - hashes.size(), probes / static_cast<double>(keys.size())};
}

std::vector<std::vector<std::string>> numbered(const std::string& before, const std::string& after, int count) {
  std::vector<std::vector<std::string>> keys;
  for (int i = 0; i < count; ++i) keys.push_back({before + std::to_string(i) + after});
  return keys;
}

TEST(LabelHash, SpreadsTheSimilarValuesThatLabelsHave) {
  std::map<std::string, std::vector<std::vector<std::string>>> sets;
  sets["a1 to a999"] = numbered("a", "", 1'000);
  sets["digits"] = numbered("", "", 20'000);
  sets["SYM0 to SYM9999"] = numbered("SYM", "", 10'000);
  sets["0USDT"] = numbered("", "USDT", 10'000);
  sets["long before"] = numbered("a-rather-long-strategy-name-", "", 10'000);
  sets["long after"] = numbered("", "-a-rather-long-strategy-name", 10'000);
  sets["in the middle"] = numbered("a-rather-long-", "-strategy-name", 10'000);
  sets["ports"] = numbered("10.0.0.1:", "", 10'000);
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      sets["two letters"].push_back({std::string{a, b}});
      sets["two labels of a letter"].push_back({std::string{a}, std::string{b}});
      sets["the same pair turned"].push_back({std::string{a, b, 'U', 'S', 'D', 'T'}, "x"});
      for (char c = 'A'; c <= 'Z'; ++c) sets["three letters"].push_back({std::string{a, b, c}});
      for (char c = 'A'; c <= 'Z'; ++c)
        sets["coins"].push_back({std::string{a, b, c} + "USDT", a % 2 != 0 ? "buy" : "sell"});
    }
  }
  for (int i = 0; i < 100; ++i) {
    for (int j = 0; j < 100; ++j) {
      sets["pairs of numbers"].push_back({std::to_string(i), std::to_string(j)});
      sets["equal pairs"].push_back({"v" + std::to_string(i * 100 + j), "v" + std::to_string(i * 100 + j)});
      sets["with an empty one"].push_back(j % 2 == 0 ? std::vector<std::string>{std::to_string(i * 100 + j), ""}
                                                     : std::vector<std::string>{"", std::to_string(i * 100 + j)});
    }
  }
  for (std::size_t size = 0; size < 2'000; ++size) {
    sets["runs of one character"].push_back({std::string(size, 'x')});
    sets["runs of NUL"].push_back({std::string(size, '\0')});
  }
  for (int i = 0; i < 256; ++i) {
    for (int j = 0; j < 64; ++j) {
      sets["all bytes"].push_back({std::string{static_cast<char>(i), static_cast<char>(j)}});
      sets["high bytes of words"].push_back(
          {std::string("aaaaaaa") + static_cast<char>(i) + "bbbbbbb" + static_cast<char>(j)});
    }
  }
  for (const auto& [name, keys] : sets) {
    const auto [collisions, probes] = spread(keys);
    const auto n = static_cast<double>(keys.size());
    // A random function: n^2 / 2^33 collisions expected; 1.5 probes for a table that fills up to one half.
    EXPECT_LE(static_cast<double>(collisions), 5 + 4 * n * n / 8.6e9) << name;
    EXPECT_LE(probes, 1.75) << name << ", " << keys.size() << " keys";
  }
}

/// Two characters that vary, each the last of its eight bytes: a product alone maps these onto a lattice.
TEST(LabelHash, SpreadsWordsThatDifferInTheirLastCharacterWhateverStandsBefore) {
  std::mt19937 random(5);
  const auto letters = [&] {
    std::string text(7, ' ');
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    return text;
  };
  for (int round = 0; round < 400; ++round) {
    const std::string first = letters();
    const std::string second = letters();
    std::vector<std::vector<std::string>> keys;
    for (char i = '0'; i < '0' + 32; ++i) {
      for (char j = '0'; j < '0' + 32; ++j) keys.push_back({first + i + second + j});
    }
    ASSERT_LE(spread(keys).probes, 2) << first << " and " << second;
  }
}

TEST(LabelHash, TellsApartWhereOneValueEndsAndTheNextBegins) {
  std::set<std::uint32_t> hashes;
  const std::vector<std::vector<std::string>> keys = {{"ab", ""}, {"a", "b"}, {"", "ab"}, {"ab"},
                                                      {"", ""},   {""},       {"b", "a"}, {"", "", ""}};
  for (const auto& key : keys) hashes.insert(hash_of(key));
  EXPECT_EQ(hashes.size(), keys.size());
}

TEST(LabelKey, TellsApartAllValuesOfUpToSixteenBytes) {
  for (std::size_t size = 0; size <= 16; ++size) {
    const std::string value(size, 'x');
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = value;
      other[at] = 'y';
      EXPECT_FALSE(LabelKey::of(value).same_words(LabelKey::of(other))) << size << ", " << at;
    }
    EXPECT_TRUE(LabelKey::of(value).same_words(LabelKey::of(std::string(size, 'x'))));
    EXPECT_TRUE(LabelKey::of(value).whole());
    EXPECT_FALSE(LabelKey::of(value).same_words(LabelKey::of(value + 'x')));
  }
  EXPECT_FALSE(LabelKey::of(std::string(17, 'x')).whole());
}

}  // namespace
}  // namespace bellwether
