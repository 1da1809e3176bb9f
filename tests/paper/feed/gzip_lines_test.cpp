// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/gzip_lines.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using Next = GzipLines::Next;

std::vector<std::string> lines_of(const std::string& path, Next& last) {
  GzipLines lines = GzipLines::open(path).value();
  std::vector<std::string> all;
  std::string_view line;
  while ((last = lines.next(line)) == Next::line) all.emplace_back(line);
  return all;
}

TEST(GzipLines, GivesEveryLineOfSeveralMembers) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("a.gz");
  write_gzip(path, "one\n\nthree\nfo");
  write_gzip(path, "ur\nfive without newline", "ab");
  Next last{};
  EXPECT_EQ(lines_of(path, last), (std::vector<std::string>{"one", "", "three", "four", "five without newline"}));
  EXPECT_EQ(last, Next::end);
}

TEST(GzipLines, KeepsLinesThatSpanManyBuffers) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("a.gz");
  std::string text;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 40; ++i) {
    expected.emplace_back(i * 5'000, static_cast<char>('a' + i % 26));
    text += expected.back() + "\n";
  }
  write_gzip(path, text);
  Next last{};
  EXPECT_EQ(lines_of(path, last), expected);
}

TEST(GzipLines, PassesOverALineAboveTheLimitOnce) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("a.gz");
  write_gzip(path, "short\n" + std::string(500'000, 'x') + "\nafter\n" + std::string(120, 'y') + "\nlast");
  GzipLines lines = GzipLines::open(path, 100).value();
  std::string_view line;
  EXPECT_EQ(lines.next(line), Next::line);
  EXPECT_EQ(line, "short");
  EXPECT_EQ(lines.next(line), Next::too_long);
  EXPECT_EQ(lines.next(line), Next::line);
  EXPECT_EQ(line, "after");
  EXPECT_EQ(lines.next(line), Next::too_long);
  EXPECT_EQ(lines.next(line), Next::line);
  EXPECT_EQ(line, "last");
  EXPECT_EQ(lines.next(line), Next::end);
}

TEST(GzipLines, TellsADamagedFile) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("a.gz");
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + "\n";
  write_gzip(path, text);
  std::ifstream in{path, std::ios::binary};
  const std::string whole{std::istreambuf_iterator<char>{in}, {}};

  std::ofstream{path, std::ios::binary} << whole.substr(0, whole.size() / 2);
  Next last{};
  EXPECT_GT(lines_of(path, last).size(), 1'000U);
  EXPECT_EQ(last, Next::broken);

  std::string flipped = whole;
  for (std::size_t i = flipped.size() / 2; i < flipped.size() / 2 + 50; ++i) flipped[i] = '\xff';
  std::ofstream{path, std::ios::binary} << flipped;
  lines_of(path, last);
  EXPECT_EQ(last, Next::broken);
}

TEST(GzipLines, TellsAFileThatIsNotGzip) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("a.gz");
  Next last{};
  std::ofstream{path} << "plain text\n";
  EXPECT_TRUE(lines_of(path, last).empty());
  EXPECT_EQ(last, Next::broken);
  std::ofstream{path, std::ios::trunc} << "";
  EXPECT_TRUE(lines_of(path, last).empty());
  EXPECT_EQ(last, Next::broken);
}

TEST(GzipLines, NamesAFileThatIsMissing) {
  const auto opened = GzipLines::open("/nowhere/at/all.gz");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("/nowhere/at/all.gz"), std::string::npos);
}

}  // namespace
}  // namespace bellwether::paper
