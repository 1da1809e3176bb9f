// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/path_filter.hpp"

#include <fnmatch.h>

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (!segment.empty() && segment != ".") segments.emplace_back(segment);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return segments;
}

bool matches_segment(const std::string& pattern, const std::string& segment) {
  return fnmatch(pattern.c_str(), segment.c_str(), 0) == 0;
}

/// As with `*` in a text: on a mismatch the last `**` takes one segment more. No recursion, at most n times m steps.
bool matches_segments(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t p = 0;
  std::size_t s = 0;
  std::size_t star = none;
  std::size_t star_takes_to = 0;
  while (s < path.size()) {
    if (p < pattern.size() && pattern[p] == "**") {
      star = p++;
      star_takes_to = s;
    } else if (p < pattern.size() && matches_segment(pattern[p], path[s])) {
      ++p;
      ++s;
    } else if (star != none) {
      p = star + 1;
      s = ++star_takes_to;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == "**") ++p;
  return p == pattern.size();
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view path) {
  const std::vector<std::string> segments = segments_of(path);
  if (segments.empty()) return false;
  if (pattern.find('/') == std::string_view::npos && pattern != "**") {
    return matches_segment(std::string{pattern}, segments.back());
  }
  return matches_segments(segments_of(pattern), segments);
}

PathFilter::PathFilter(Options options)
    : include_(std::move(options.include)), exclude_(std::move(options.exclude)), directories_(options.directories) {
  if (options.default_excludes) exclude_.insert(exclude_.end(), default_excludes().begin(), default_excludes().end());
}

const std::vector<std::string>& PathFilter::default_excludes() {
  static const std::vector<std::string> defaults = {".git",          ".hg",          ".svn",        "build",  "build-*",
                                                    "cmake-build-*", "node_modules", "__pycache__", ".cache", "*.swp",
                                                    "*.swx",         "*~",           ".#*",         "#*#",    "4913"};
  return defaults;
}

bool PathFilter::excluded(std::string_view path) const {
  return std::any_of(exclude_.begin(), exclude_.end(),
                     [&](const std::string& pattern) { return matches_glob(pattern, path); });
}

bool PathFilter::takes_directory(std::string_view path) const {
  return directories_ && !excluded(path);
}

bool PathFilter::takes_file(std::string_view path) const {
  if (excluded(path)) return false;
  return include_.empty() || std::any_of(include_.begin(), include_.end(),
                                         [&](const std::string& pattern) { return matches_glob(pattern, path); });
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
