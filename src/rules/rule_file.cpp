// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/rule_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "rules/rule_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

using config::SectionReader;
using config::YamlNode;

constexpr config::YamlLimits limits{.max_bytes = std::size_t{8} << 20U, .max_depth = 32, .max_nodes = 1'000'000};

GroupDefinition read_group(const YamlNode& node, const RuleFileContext& context, std::set<std::string>& names) {
  GroupDefinition group;
  group.file = context.file_name;
  group.position = node.position();
  SectionReader section(node, "a group", context.errors);
  section.text("name", group.name);
  if (group.name.empty()) {
    if (node.kind() == YamlNode::Kind::Mapping) {
      context.errors.wrong(node, "Groupname must not be empty: give the group a name");
    }
  } else if (!names.insert(group.name).second) {
    section.wrong("name", "groupname: \"" + group.name + "\" is repeated in the same file: rename one of them");
  }
  section.duration("interval", group.interval);
  std::chrono::milliseconds offset{0};
  if (section.duration("query_offset", offset)) group.query_offset = offset;
  section.count("limit", group.limit);
  read_labels(section, "labels", group.labels);
  section.each("rules", [&](const YamlNode& rule) { group.rules.push_back(read_rule(rule, context)); });
  section.finish();
  return group;
}

}  // namespace

RuleFileReport read_rule_file_text(std::string_view text, const std::string& name, const TemplateChecker& check) {
  RuleFileReport report;
  const Result<YamlNode> root = config::parse_yaml(text, name, limits);
  if (!root) {
    report.errors.push_back(root.error().message);
    return report;
  }
  config::ReadContext errors{std::filesystem::path{}};
  const RuleFileContext context{errors, text, name, check};
  std::vector<GroupDefinition> groups;
  std::set<std::string> names;
  SectionReader section(*root, "a rule file", errors);
  section.each("groups", [&](const YamlNode& node) { groups.push_back(read_group(node, context, names)); });
  section.finish();
  report.errors = errors.take_errors();
  if (report.errors.empty()) report.groups = std::move(groups);
  return report;
}

RuleFileReport read_rule_file(const std::string& path, const TemplateChecker& check) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) {
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (!file) {
    RuleFileReport report;
    report.errors.push_back(path + ": cannot be read: " + std::strerror(errno));
    return report;
  }
  return read_rule_file_text(text, path, check);
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
