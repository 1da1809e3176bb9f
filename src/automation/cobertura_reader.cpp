// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "automation/coverage_report.hpp"
#include "automation/line_hits.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

class CoberturaHandler final : public XmlHandler {
 public:
  Result<void> begin(std::string_view element, const XmlAttributes& attributes, unsigned depth) override {
    path_.emplace_back(element);
    if (depth == 1) return root(element, attributes);
    if (element == "class") return begin_class(attributes);
    if (element == "line" && is_line_of_class()) return line(attributes);
    return {};
  }

  void end(std::string_view element) override {
    if (element == "class") source_ = nullptr;
    if (!path_.empty()) path_.pop_back();
  }

  Coverage total() const {
    Coverage total;
    for (const auto& [name, lines] : sources_) {
      total.covered += lines.coverage().covered;
      total.lines += lines.coverage().lines;
    }
    return total.lines > 0 ? total : stated_;
  }

 private:
  Result<void> root(std::string_view element, const XmlAttributes& attributes) {
    if (element != "coverage") {
      return Error{fmt::format("the root element is <{}>; Cobertura has <coverage>", element)};
    }
    const auto covered = attributes.find("lines-covered");
    const auto valid = attributes.find("lines-valid");
    if (!covered || !valid) return {};  // old writers give the rates alone; their lines count
    const auto covered_count = count_in(*covered);
    const auto valid_count = count_in(*valid);
    if (!covered_count || !valid_count || *covered_count > *valid_count) {
      return Error{fmt::format("lines-covered=\"{}\" of lines-valid=\"{}\" is no share of lines", *covered, *valid)};
    }
    stated_ = {.covered = *covered_count, .lines = *valid_count};
    return {};
  }

  Result<void> begin_class(const XmlAttributes& attributes) {
    const auto file = attributes.find("filename");
    if (!file) return Error{"<class> without filename"};
    source_ = &sources_[std::string{*file}];
    return {};
  }

  bool is_line_of_class() const {
    const std::size_t depth = path_.size();
    return source_ != nullptr && depth >= 3 && path_[depth - 2] == "lines" && path_[depth - 3] == "class";
  }

  Result<void> line(const XmlAttributes& attributes) {
    const auto number = count_in(attributes.find("number").value_or(""));
    const auto hits = count_in(attributes.find("hits").value_or(""));
    if (!number || *number == 0 || !hits) return Error{"<line> needs number=\"1...\" and hits=\"0...\""};
    source_->add(*number, *hits > 0);
    return {};
  }

  std::vector<std::string> path_;
  std::map<std::string, LineHits, std::less<>> sources_;
  LineHits* source_ = nullptr;
  Coverage stated_;
};

}  // namespace

Result<Coverage> read_cobertura(std::string_view text, const std::string& file, const XmlLimits& limits) {
  CoberturaHandler handler;
  if (auto read = read_xml(text, file, handler, limits); !read) return read.error();
  return handler.total();
}

Result<Coverage> read_coverage(std::string_view text, const std::string& file, const XmlLimits& limits) {
  constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
  std::string_view begin = text.starts_with(utf8_mark) ? text.substr(utf8_mark.size()) : text;
  begin.remove_prefix(std::min(begin.find_first_not_of(" \t\r\n"), begin.size()));
  if (begin.empty()) return Error{fmt::format("{}:1: empty; LCOV or Cobertura was expected", file)};
  return begin.front() == '<' ? read_cobertura(text, file, limits) : read_lcov(text, file);
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
