// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <zip.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "paper/feed/market_event.hpp"  // bellwether is an inline namespace: it must be seen before ours is opened

namespace bellwether::paper {

/// A zip with these members (name, text).
inline void write_zip(const std::string& path, const std::vector<std::pair<std::string, std::string>>& members) {
  int code = 0;
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  ASSERT_NE(archive, nullptr) << code;
  for (const auto& [name, text] : members) {
    zip_source_t* const source = zip_source_buffer(archive, text.data(), text.size(), 0);
    ASSERT_NE(source, nullptr);
    ASSERT_GE(zip_file_add(archive, name.c_str(), source, ZIP_FL_OVERWRITE), 0);
  }
  ASSERT_EQ(zip_close(archive), 0) << zip_strerror(archive);
}

/// A folder of ../shared/data, where this machine has it. BELLWETHER_DATA may name its folder of ticks, as for the
/// demo.
inline std::optional<std::string> shared_data(const std::string& folder) {
  std::filesystem::path root = std::filesystem::path{BELLWETHER_SOURCE_DIR} / ".." / "shared" / "data";
  const char* const named = std::getenv("BELLWETHER_DATA");
  if (named != nullptr && *named != '\0') root = std::filesystem::path{named}.parent_path();
  const std::string path = (root / folder).string();
  if (!std::filesystem::is_directory(path)) return std::nullopt;
  return path;
}

#define NEEDS_SHARED_DATA(folder)                                                    \
  if (!shared_data(folder)) {                                                        \
    std::cerr << "SKIPPED: no recorded data in ../shared/data/" << (folder) << '\n'; \
    GTEST_SKIP() << "no recorded data on this machine";                              \
  }

}  // namespace bellwether::paper
