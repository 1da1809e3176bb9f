// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// A block of lines at the end of a terminal that is redrawn in place; what is said meanwhile scrolls by above it.
///
/// Threads: any. Blocking: writes to the file.
class Screen {
 public:
  explicit Screen(std::FILE* out) : out_(out) {}

  void draw(std::vector<std::string> lines);
  void say(std::string_view text);  ///< one line above the block

 private:
  void erase(std::string& text) const;
  void append_block(std::string& text) const;
  void write(const std::string& text);

  std::FILE* out_;
  std::mutex mutex_;
  std::vector<std::string> block_;
};

}  // namespace cli
BELLWETHER_NAMESPACE_END
