// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/data_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "paper/feed/bar_fixtures.hpp"
#include "paper/feed/gzip_lines.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

class DataFile : public testing::Test {
 protected:
  std::string bytes_of(const std::string& path) const {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream{directory.file(name), std::ios::binary} << bytes;
    return directory.file(name);
  }
  /// The error of reading it, which must name the file.
  std::string refused(const std::string& path, std::size_t limit = default_data_limit) const {
    const auto text = read_zip_csv(path, limit);
    EXPECT_FALSE(text) << path;
    if (text) return "";
    EXPECT_EQ(text.error().message.rfind(path, 0), 0U) << text.error().message;
    return text.error().message;
  }

  TemporaryDirectory directory;
};

TEST_F(DataFile, ReadsTheOneMemberOfAZip) {
  write_zip(directory.file("a.zip"), {{"a.csv", "1,2\n3,4"}});
  EXPECT_EQ(read_zip_csv(directory.file("a.zip")).value(), "1,2\n3,4");
  EXPECT_EQ(read_text_file(write("a.csv", "1,2\n")).value(), "1,2\n");
}

TEST_F(DataFile, EveryTruncationOfAZipIsAnErrorAndNoCrash) {
  std::string text;
  for (int i = 0; i < 2'000; ++i) text += std::to_string(i * 7919 % 1000) + ",";
  write_zip(directory.file("a.zip"), {{"a.csv", text}});
  const std::string whole = bytes_of(directory.file("a.zip"));
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 50) {
    refused(write("cut.zip", whole.substr(0, size)));
  }
}

TEST_F(DataFile, DamagedBytesAreAnErrorOrTheSameText) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += std::to_string(i * 7919 % 1000) + ",";
  write_zip(directory.file("a.zip"), {{"a.csv", text}});
  const std::string whole = bytes_of(directory.file("a.zip"));
  std::mt19937 random{1};
  for (int round = 0; round < 1'000; ++round) {
    std::string damaged = whole;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto read = read_zip_csv(write("damaged.zip", damaged));
    if (read) {
      ASSERT_EQ(*read, text) << "the sum must notice";
    }
  }
}

TEST_F(DataFile, AZipBombIsRefusedBeforeAndWhileItIsUnpacked) {
  write_zip(directory.file("bomb.zip"), {{"a.csv", std::string(std::size_t{8} << 20, '0')}});
  EXPECT_LT(std::filesystem::file_size(directory.file("bomb.zip")), 100'000U);
  EXPECT_NE(refused(directory.file("bomb.zip"), 1 << 20).find("more than 1048576 bytes"), std::string::npos);

  // The same bomb, lying about its size: in the central directory and in the local header.
  std::string lying = bytes_of(directory.file("bomb.zip"));
  const std::string size{"\x00\x00\x80\x00", 4};
  for (std::size_t at = lying.find(size); at != std::string::npos; at = lying.find(size, at + 1)) {
    lying.replace(at, 4, std::string{"\x10\x00\x00\x00", 4});
  }
  const auto read = read_zip_csv(write("lying.zip", lying), 1 << 20);
  EXPECT_TRUE(!read || read->size() <= (1 << 20));
}

TEST_F(DataFile, WhatIsNoRegularFileIsRefusedAndNothingBlocks) {
  std::filesystem::create_directory(directory.file("dir.zip"));
  EXPECT_NE(refused(directory.file("dir.zip")).find("not a regular file"), std::string::npos);
  ASSERT_EQ(mkfifo(directory.file("pipe.zip").c_str(), 0600), 0);
  EXPECT_NE(refused(directory.file("pipe.zip")).find("not a regular file"), std::string::npos);
  std::filesystem::create_symlink(directory.file("loop.zip"), directory.file("loop.zip"));
  refused(directory.file("loop.zip"));
  std::filesystem::create_symlink(directory.file("nothing"), directory.file("dangling.zip"));
  EXPECT_NE(refused(directory.file("dangling.zip")).find("no such file"), std::string::npos);
  refused(directory.file("missing.zip"));
  EXPECT_FALSE(read_text_file(directory.path()));
  EXPECT_FALSE(read_text_file(directory.file("pipe.zip")));

  write_zip(directory.file("real.zip"), {{"a.csv", "1"}});
  std::filesystem::create_symlink(directory.file("real.zip"), directory.file("link.zip"));
  EXPECT_EQ(read_zip_csv(directory.file("link.zip")).value(), "1") << "a link to a file is a file";
}

TEST_F(DataFile, GzipRecordingsMustBeRegularFilesToo) {
  ASSERT_EQ(mkfifo(directory.file("pipe.gz").c_str(), 0600), 0);
  EXPECT_FALSE(GzipLines::open(directory.file("pipe.gz")));
  std::filesystem::create_directory(directory.file("dir.gz"));
  EXPECT_FALSE(GzipLines::open(directory.file("dir.gz")));
}

TEST_F(DataFile, AZipOfSeveralMembersOrNoneIsRefused) {
  write_zip(directory.file("two.zip"), {{"a.csv", "1"}, {"b.csv", "2"}});
  EXPECT_NE(refused(directory.file("two.zip")).find("2 members"), std::string::npos);
  refused(write("empty.zip", ""));
  refused(write("text.zip", "this is no zip\n"));
}

TEST_F(DataFile, ATextFileBeyondTheLimitIsRefused) {
  const auto text = read_text_file(write("long.csv", std::string(100'000, 'x')), 99'999);
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().message.find("long.csv"), std::string::npos);
  EXPECT_TRUE(read_text_file(directory.file("long.csv"), 100'000));
}

TEST(Lines, AreNumberedFromOneAndEmptyOnesPassedOver) {
  std::vector<std::pair<std::string, std::size_t>> lines;
  for_each_line("a\n\n\r\nb\nc", [&](std::string_view line, std::size_t number) { lines.emplace_back(line, number); });
  EXPECT_EQ(lines, (std::vector<std::pair<std::string, std::size_t>>{{"a", 1}, {"b", 4}, {"c", 5}}));
  for_each_line("", [&](std::string_view, std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace bellwether::paper
