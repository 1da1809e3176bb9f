// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/relabel_template.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr int no_group = -1;
constexpr int greatest_number = 100'000'000;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The group's number, or no_group where the name stands for nothing.
int group_of(std::string_view name, const re2::RE2& regex) {
  int number = 0;
  for (const char c : name) {
    if (c < '0' || c > '9' || number >= greatest_number) {
      number = no_group;
      break;
    }
    number = number * 10 + (c - '0');
  }
  if (name.size() > 1 && name[0] == '0') number = no_group;
  if (number == no_group) {
    const auto found = regex.NamedCapturingGroups().find(std::string(name));
    return found == regex.NamedCapturingGroups().end() ? no_group : found->second;
  }
  return number <= regex.NumberOfCapturingGroups() ? number : no_group;
}

}  // namespace

RelabelTemplate::RelabelTemplate(std::string_view text, const re2::RE2& regex) {
  while (!text.empty()) {
    const std::size_t dollar = text.find('$');
    tail_ += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar + 1);
    if (!text.empty() && text[0] == '$') {
      tail_ += '$';
      text.remove_prefix(1);
      continue;
    }
    const bool braces = !text.empty() && text[0] == '{';
    const std::size_t begin = braces ? 1 : 0;
    std::size_t end = begin;
    while (end < text.size() && is_word(text[end])) ++end;
    const bool closed = !braces || (end < text.size() && text[end] == '}');
    if (end == begin || !closed) {
      tail_ += '$';
      continue;
    }
    if (const int group = group_of(text.substr(begin, end - begin), regex); group != no_group) {
      pieces_.push_back({std::move(tail_), group});
      tail_.clear();
      highest_ = std::max(highest_, group);
    }
    text.remove_prefix(braces ? end + 1 : end);
  }
}

void RelabelTemplate::expand(std::span<const re2::StringPiece> groups, std::string& out) const {
  for (const Piece& piece : pieces_) {
    out += piece.text;
    const auto group = static_cast<std::size_t>(piece.group);
    if (group < groups.size() && groups[group].data() != nullptr)
      out.append(groups[group].data(), groups[group].size());
  }
  out += tail_;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
