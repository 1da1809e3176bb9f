// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <memory>

#include "exposition/utf8.hpp"
#include "promql/evaluator.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Puts groups of a match into `text`: $1, ${1}, $name, ${name}, $$; what is no group is empty.
std::string expand(std::string_view text, const re2::RE2& pattern, const std::vector<re2::StringPiece>& groups) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '$' || i + 1 == text.size()) {
      out += text[i++];
      continue;
    }
    if (text[i + 1] == '$') {
      out += '$';
      i += 2;
      continue;
    }
    const bool in_braces = text[i + 1] == '{';
    const std::size_t begin = i + (in_braces ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == begin || (in_braces && (end == text.size() || text[end] != '}'))) {
      out += text[i++];  // no reference: as it stands
      continue;
    }
    const std::string name(text.substr(begin, end - begin));
    std::size_t group = groups.size();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
      if (name.size() < 6 && (name.size() == 1 || name[0] != '0')) group = static_cast<std::size_t>(std::stoul(name));
    } else {
      const auto& names = pattern.NamedCapturingGroups();
      const auto found = names.find(name);
      if (found != names.end()) group = static_cast<std::size_t>(found->second);
    }
    if (group < groups.size()) out.append(groups[group].data(), groups[group].size());
    i = end + (in_braces ? 1 : 0);
  }
  return out;
}

bool check_name(QueryState& query, std::string_view function, std::string_view role, std::string_view name) {
  if (!name.empty() && exposition::is_utf8(name)) return true;
  query.fail("invalid " + std::string(role) + " label name in " + std::string(function) + "(): " + std::string(name));
  return false;
}

void set_target(QueryState& query, SeriesHead& head, std::string_view target, std::string_view value) {
  std::vector<LabelView> labels(head.labels.begin(), head.labels.end());
  set_label(labels, target, query.arena->text(value));
  head.labels = query.arena->keep(labels);
  if (target == metric_name_label) head.drop_name = false;
}

void replace(QueryState& query, const Call& node, std::vector<SeriesHead>& heads) {
  const std::string_view target = string_of(*node.arguments.at(1));
  const std::string_view replacement = string_of(*node.arguments.at(2));
  const std::string_view source = string_of(*node.arguments.at(3));
  const std::string expression(string_of(*node.arguments.at(4)));
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  const re2::RE2 pattern("^(?s:" + expression + ")$", options);
  if (!pattern.ok()) return query.fail("invalid regular expression in label_replace(): " + expression);
  if (!check_name(query, "label_replace", "destination", target)) return;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  const std::string_view target_text = query.arena->text(target);
  for (SeriesHead& head : heads) {
    const std::string_view value = label_value(head.labels, source);
    if (!pattern.Match(re2::StringPiece(value.data(), value.size()), 0, value.size(), re2::RE2::ANCHOR_BOTH,
                       groups.data(), static_cast<int>(groups.size()))) {
      continue;
    }
    set_target(query, head, target_text, expand(replacement, pattern, groups));
  }
}

void join(QueryState& query, const Call& node, std::vector<SeriesHead>& heads) {
  const std::string_view target = string_of(*node.arguments.at(1));
  const std::string_view separator = string_of(*node.arguments.at(2));
  for (std::size_t i = 3; i < node.arguments.size(); ++i) {
    if (!check_name(query, "label_join", "source", string_of(*node.arguments[i]))) return;
  }
  if (!check_name(query, "label_join", "destination", target)) return;
  const std::string_view target_text = query.arena->text(target);
  for (SeriesHead& head : heads) {
    std::string value;
    for (std::size_t i = 3; i < node.arguments.size(); ++i) {
      if (i > 3) value += separator;
      value += label_value(head.labels, string_of(*node.arguments[i]));
    }
    set_target(query, head, target_text, value);
  }
}

}  // namespace

VectorStream evaluate_label_function(Evaluator& evaluator, const Call& node) {
  QueryState& query = evaluator.query();
  VectorStream stream = evaluator.vector(*node.arguments.at(0));
  if (node.function->id == FunctionId::label_replace) {
    replace(query, node, stream.heads);
  } else {
    join(query, node, stream.heads);
  }
  if (query.failed()) return {};
  return merge_equal(query, std::move(stream), evaluator.steps().count);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
