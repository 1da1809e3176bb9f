// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/marker_finder.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "automation/file_text.hpp"
#include "automation/path_filter.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace fs = std::filesystem;

namespace {

bool is_pattern(std::string_view place) {
  return place.find_first_of("*?[") != std::string_view::npos;
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view space = " \t\r\f\v";
  const auto begin = line.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(space) - begin + 1);
}

/// The files of one place, with the markers each has.
class Search {
 public:
  Search(const std::string& text, std::map<std::string, std::uint64_t>& markers, std::vector<std::string>& problems)
      : text_(text), markers_(markers), problems_(problems) {}

  void look_in(const std::string& place) {
    const std::string directory = MarkerFinder::directory_of(place);
    std::error_code error;
    if (!fs::is_directory(directory, error)) {
      problems_.push_back(directory + ": no such directory; completion markers are looked for in it");
      return;
    }
    const PathFilter filter{{}};
    fs::recursive_directory_iterator entry{directory, fs::directory_options::skip_permission_denied, error};
    for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
      std::error_code ignored;
      const fs::file_status status = entry->symlink_status(ignored);
      const std::string relative = entry->path().lexically_relative(directory).string();
      if (fs::is_directory(status)) {
        if (!filter.takes_directory(relative)) entry.disable_recursion_pending();
      } else if (fs::is_regular_file(status) && filter.takes_file(relative) && is_meant(place, entry->path())) {
        look_at(entry->path());
      }
    }
    if (error) problems_.push_back(directory + ": " + error.message());
  }

 private:
  static bool is_meant(const std::string& place, const fs::path& file) {
    if (is_pattern(place))
      return matches_glob(fs::path(place).lexically_normal().string(), file.lexically_normal().string());
    constexpr std::array<std::string_view, 4> endings = {".done", ".md", ".txt", ".log"};
    return std::find(endings.begin(), endings.end(), file.extension().string()) != endings.end();
  }

  void look_at(const fs::path& file) {
    constexpr std::size_t most_bytes = std::size_t{16} * 1024 * 1024;
    if (file.extension() == ".done") {
      markers_[file.string()] = 1;
      return;
    }
    const FileText content = read_file(file.string(), most_bytes);
    if (content.fault == FileFault::missing) return;  // gone since it was listed
    if (content.fault) problems_.push_back(content.why);
    const std::uint64_t count = count_marker_lines(content.text, text_);
    if (count > 0) markers_[file.string()] = count;
  }

  const std::string& text_;
  std::map<std::string, std::uint64_t>& markers_;
  std::vector<std::string>& problems_;
};

}  // namespace

std::uint64_t count_marker_lines(std::string_view content, std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return 0;
  std::uint64_t count = 0;
  while (!content.empty()) {
    const auto end = content.find('\n');
    if (trimmed(content.substr(0, end)) == text) ++count;
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return count;
}

std::string MarkerFinder::directory_of(const std::string& place) {
  if (!is_pattern(place)) return place.empty() ? "." : place;
  const std::string_view fixed = std::string_view{place}.substr(0, place.find_first_of("*?["));
  const auto slash = fixed.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : std::string{fixed.substr(0, slash)};
}

MarkerFinder::Found MarkerFinder::find() {
  Found found;
  std::map<std::string, std::uint64_t> markers;
  Search search{options_.text, markers, found.problems};
  for (const std::string& place : options_.places) search.look_in(place);
  for (const auto& [file, count] : markers) {
    const auto before = known_.find(file);
    const std::uint64_t had = before == known_.end() ? 0 : before->second;
    found.all += count;
    found.fresh += count > had ? count - had : 0;
  }
  known_ = std::move(markers);
  return found;
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
