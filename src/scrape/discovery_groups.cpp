// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/discovery_groups.hpp"

#include <boost/json.hpp>

#include "config/prometheus/discovery_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

namespace json = boost::json;

constexpr config::YamlLimits yaml_limits{.max_bytes = std::size_t{16} << 20, .max_depth = 8, .max_nodes = 2'000'000};
constexpr std::string_view form = R"(; what is read is [{"targets": ["host:port"], "labels": {"name": "value"}}])";

Error refuse(const std::string& name, const std::string& what) {
  return {name + ": " + what + std::string(form)};
}

std::string text_of(const json::string& text) {
  return {text.data(), text.size()};
}

// Empty where all is good.
std::string read_targets(const json::value& value, config::TargetGroup& group) {
  if (value.is_null()) return {};
  if (!value.is_array()) return "targets is no list";
  for (const json::value& target : value.get_array()) {
    if (!target.is_string()) return "a target is no text";
    group.targets.push_back(text_of(target.get_string()));
  }
  return {};
}

std::string read_labels(const json::value& value, config::TargetGroup& group) {
  if (value.is_null()) return {};
  if (!value.is_object()) return "labels is no object";
  for (const auto& label : value.get_object()) {
    const std::string name(label.key().data(), label.key().size());
    if (!label.value().is_string()) return "the value of label \"" + name + "\" is no text";
    if (!config::is_label_name(name, config::NameValidation::utf8)) return "a label has no name";
    group.labels[name] = text_of(label.value().get_string());
  }
  return {};
}

std::string read_group(const json::value& value, config::TargetGroup& group) {
  if (!value.is_object()) return "it is no object";
  for (const auto& member : value.get_object()) {
    std::string fault;
    if (member.key() == "targets") {
      fault = read_targets(member.value(), group);
    } else if (member.key() == "labels") {
      fault = read_labels(member.value(), group);
    } else {
      fault = "unknown key \"" + std::string(member.key().data(), member.key().size()) + "\"";
    }
    if (!fault.empty()) return fault;
  }
  return {};
}

}  // namespace

Result<std::vector<config::TargetGroup>> parse_groups_json(std::string_view text, const std::string& name) {
  json::error_code fault;
  json::parse_options options;
  options.max_depth = 8;
  const json::value root = json::parse(json::string_view(text.data(), text.size()), fault, {}, options);
  if (fault) return refuse(name, "not valid JSON: " + fault.message());
  if (!root.is_array()) return refuse(name, "it is no list");
  std::vector<config::TargetGroup> groups;
  for (const json::value& value : root.get_array()) {
    const std::string wrong = read_group(value, groups.emplace_back());
    if (!wrong.empty()) return refuse(name, "group " + std::to_string(groups.size()) + ": " + wrong);
  }
  return groups;
}

Result<std::vector<config::TargetGroup>> parse_groups_yaml(std::string_view text, const std::string& name) {
  const Result<config::YamlNode> root = config::parse_yaml(text, name, yaml_limits);
  if (!root) return root.error();
  std::vector<config::TargetGroup> groups;
  if (root->is_null()) return groups;
  config::ReadContext context{{}};
  if (root->kind() != config::YamlNode::Kind::Sequence) {
    return root->error("a discovery file is a list of groups, as in `- targets: [\"host:port\"]`");
  }
  for (const config::YamlNode& node : root->items()) {
    config::read_target_group(node, context, groups.emplace_back(), false);
  }
  if (context.error_count() > 0) return Error{context.take_errors().front()};
  return groups;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
