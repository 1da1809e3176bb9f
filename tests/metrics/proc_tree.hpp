// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <bellwether/exposition.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "exposition/parsed_metrics.hpp"

namespace bellwether::test {

/// A folder that stands in for /proc, and goes with its owner.
class ProcTree {
 public:
  ProcTree() {
    std::string name = (std::filesystem::temp_directory_path() / "bellwether_proc_XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~ProcTree() { std::filesystem::remove_all(folder_); }
  ProcTree(const ProcTree&) = delete;
  ProcTree& operator=(const ProcTree&) = delete;

  std::string path() const { return folder_.string(); }

  void write(const std::string& name, std::string_view text) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

 private:
  std::filesystem::path folder_;
};

/// What a scraper makes of the registry.
inline exposition::ParsedMetrics scraped(const Registry& registry) {
  const ScrapeFormat format;
  return exposition::parse_exposition(format.content_type(), render(registry, format)).value();
}

}  // namespace bellwether::test
