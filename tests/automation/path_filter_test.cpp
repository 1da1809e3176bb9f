// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/path_filter.hpp"

#include <gtest/gtest.h>

namespace bellwether::automation {
namespace {

TEST(Glob, without_a_slash_looks_at_the_name_alone) {
  EXPECT_TRUE(matches_glob("*.cpp", "a.cpp"));
  EXPECT_TRUE(matches_glob("*.cpp", "src/net/a.cpp"));
  EXPECT_FALSE(matches_glob("*.cpp", "src/a.cpp/b.hpp"));
  EXPECT_TRUE(matches_glob("[ab]?.txt", "x/b1.txt"));
}

TEST(Glob, with_a_slash_looks_at_every_segment) {
  EXPECT_TRUE(matches_glob("src/*.cpp", "src/a.cpp"));
  EXPECT_FALSE(matches_glob("src/*.cpp", "src/net/a.cpp"));
  EXPECT_TRUE(matches_glob("src/**/*.cpp", "src/net/deep/a.cpp"));
  EXPECT_TRUE(matches_glob("src/**/*.cpp", "src/a.cpp"));
  EXPECT_TRUE(matches_glob("**/test/**", "a/b/test/c"));
  EXPECT_FALSE(matches_glob("**/test/*", "a/b/test/c/d"));
  EXPECT_TRUE(matches_glob("./src/*", "src/a"));
  EXPECT_TRUE(matches_glob("**", "anything/at/all"));
  EXPECT_FALSE(matches_glob("a/b", ""));
}

TEST(Glob, many_stars_take_no_exponential_time) {
  std::string path;
  std::string pattern;
  for (int i = 0; i < 400; ++i) path += "a/";
  for (int i = 0; i < 100; ++i) pattern += "**/a/";
  EXPECT_FALSE(matches_glob(pattern + "b", path + "c"));
}

TEST(PathFilter, takes_all_but_builds_and_version_control) {
  const PathFilter filter{{}};
  EXPECT_TRUE(filter.takes_file("src/a.cpp"));
  EXPECT_FALSE(filter.takes_file("src/.a.cpp.swp"));
  EXPECT_FALSE(filter.takes_file("src/a.cpp~"));
  for (const char* directory : {".git", "build", "build-asan", "x/cmake-build-debug", "node_modules", "__pycache__"}) {
    EXPECT_FALSE(filter.takes_directory(directory)) << directory;
  }
  EXPECT_TRUE(filter.takes_directory("src/builder"));
}

TEST(PathFilter, includes_and_excludes) {
  const PathFilter filter{{.include = {"*.cpp", "docs/**"}, .exclude = {"generated"}, .default_excludes = false}};
  EXPECT_TRUE(filter.takes_file("a/b.cpp"));
  EXPECT_TRUE(filter.takes_file("docs/x/y.md"));
  EXPECT_FALSE(filter.takes_file("README.md"));
  EXPECT_FALSE(filter.takes_directory("src/generated"));
  EXPECT_TRUE(filter.takes_directory("build"));
}

}  // namespace
}  // namespace bellwether::automation
