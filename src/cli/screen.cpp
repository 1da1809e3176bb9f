// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/screen.hpp"

#include <fmt/format.h>

#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// To the block's first line and clear from there on.
void Screen::erase(std::string& text) const {
  if (!block_.empty()) text += fmt::format("\x1b[{}F\x1b[J", block_.size());
}

void Screen::append_block(std::string& text) const {
  // No wrapping while the block is drawn: a wrapped line would count as two when the cursor goes back.
  text += "\x1b[?7l";
  for (const std::string& line : block_) text += line + "\n";
  text += "\x1b[?7h";
}

void Screen::write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void Screen::draw(std::vector<std::string> lines) {
  const std::lock_guard lock{mutex_};
  std::string text;
  erase(text);
  block_ = std::move(lines);
  append_block(text);
  write(text);
}

void Screen::say(std::string_view line) {
  const std::lock_guard lock{mutex_};
  std::string text;
  erase(text);
  text += line;
  text += '\n';
  append_block(text);
  write(text);
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
