// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/printer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/duration.hpp"
#include "promql/characters.hpp"
#include "promql/number_text.hpp"
#include "promql/operator_names.hpp"
#include "promql/printer_parts.hpp"
#include "promql/string_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr std::string_view metric_name = "__name__";

std::string label_text(const std::string& name) {
  return is_plain_label_name(name) ? name : quote(name);
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

std::string label_list(const std::vector<std::string>& labels) {
  std::vector<std::string> names;
  names.reserve(labels.size());
  for (const std::string& label : labels) names.push_back(label_text(label));
  return '(' + joined(names, ", ") + ')';
}

/// Seconds with three decimals, from milliseconds.
std::string seconds_text(std::int64_t milliseconds) {
  const bool negative = milliseconds < 0;
  const auto size = negative ? 0 - static_cast<std::uint64_t>(milliseconds) : static_cast<std::uint64_t>(milliseconds);
  const std::string fraction = std::to_string(size % 1000);
  return (negative ? "-" : "") + std::to_string(size / 1000) + '.' + std::string(3 - fraction.size(), '0') + fraction;
}

std::string duration_text(std::int64_t milliseconds) {
  return format_duration(std::chrono::milliseconds{milliseconds});
}

std::string shift_text(const TimeShift& shift) {
  std::string out;
  if (shift.at == AtAnchor::time) out += " @ " + seconds_text(shift.at_ms);
  if (shift.at == AtAnchor::start) out += " @ start()";
  if (shift.at == AtAnchor::end) out += " @ end()";
  if (shift.offset_ms != 0) out += " offset " + duration_text(shift.offset_ms);
  return out;
}

/// Name and matchers.
std::string selector_text(const VectorSelector& node) {
  constexpr std::array<std::string_view, 4> signs{"=", "!=", "=~", "!~"};
  const bool plain = is_plain_metric_name(node.name);
  std::vector<std::string> parts;
  for (const storage::Matcher& matcher : node.matchers) {
    if (!node.name.empty() && matcher.name() == metric_name) continue;
    parts.push_back(label_text(matcher.name()).append(signs[static_cast<std::size_t>(matcher.type())]) +
                    quote(matcher.value()));
  }
  std::sort(parts.begin(), parts.end());
  if (!plain && !node.name.empty()) parts.insert(parts.begin(), quote(node.name));
  std::string out = plain ? node.name : std::string();
  if (!parts.empty()) out += '{' + joined(parts, ",") + '}';
  return out;
}

void append(const Expression& expression, std::string& out);

/// Appends, so that a deep tree is not copied at each of its levels.
struct Printer {
  std::string& out;

  void operator()(const NumberLiteral& node) const {
    if (!node.is_duration || !std::isfinite(node.value)) {
      out += format_number(node.value);
    } else if (node.value == 0 && std::signbit(node.value)) {
      out += "-0s";
    } else {
      out += duration_text(std::llround(node.value * 1e3));
    }
  }
  void operator()(const StringLiteral& node) const { out += quote(node.value); }
  void operator()(const VectorSelector& node) const { out += print(node); }
  void operator()(const MatrixSelector& node) const {
    (out += selector_text(node.selector)) += '[' + duration_text(node.range_ms) + ']' + shift_text(node.selector.shift);
  }
  void operator()(const Subquery& node) const {
    append(*node.operand, out);
    out += subquery_suffix(node);
  }
  void operator()(const Parentheses& node) const {
    out += '(';
    append(*node.inner, out);
    out += ')';
  }
  void operator()(const Unary& node) const {
    out += node.negative ? '-' : '+';
    append(*node.operand, out);
  }
  void operator()(const Binary& node) const {
    const std::size_t begin = out.size();
    append(*node.left, out);
    // `+Inf ^ 2` would be +(Inf ^ 2).
    if (node.op == BinaryOperator::power && out[begin] == '+') out.erase(begin, 1);
    out += ' ' + operator_with_matching(node) + ' ';
    append(*node.right, out);
  }
  void operator()(const Aggregation& node) const {
    (out += aggregation_head(node)) += '(';
    if (node.parameter != nullptr) {
      append(*node.parameter, out);
      out += ", ";
    }
    append(*node.operand, out);
    out += ')';
  }
  void operator()(const Call& node) const {
    (out += node.function->name) += '(';
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      if (i > 0) out += ", ";
      append(*node.arguments[i], out);
    }
    out += ')';
  }
};

void append(const Expression& expression, std::string& out) {
  std::visit(Printer{out}, expression.node);
}

}  // namespace

std::string subquery_suffix(const Subquery& node) {
  return '[' + duration_text(node.range_ms) + ':' + (node.step_ms == 0 ? "" : duration_text(node.step_ms)) + ']' +
         shift_text(node.shift);
}

std::string operator_with_matching(const Binary& node) {
  const VectorMatching& matching = node.matching;
  std::string out(operator_name(node.op));
  if (node.returns_bool) out += " bool";
  const bool grouped = matching.card == Matching::many_to_one || matching.card == Matching::one_to_many;
  if (matching.on || grouped || !matching.labels.empty()) {
    out += (matching.on ? " on " : " ignoring ") + label_list(matching.labels);
  }
  if (grouped) {
    out += (matching.card == Matching::many_to_one ? " group_left " : " group_right ") + label_list(matching.include);
  }
  return out;
}

std::string aggregation_head(const Aggregation& node) {
  std::string out(operator_name(node.op));
  if (node.without) return out + " without " + label_list(node.grouping) + ' ';
  return node.grouping.empty() ? out : out + " by " + label_list(node.grouping) + ' ';
}

std::string print(const VectorSelector& selector) {
  return selector_text(selector) + shift_text(selector.shift);
}

std::string print(const Expression& expression) {
  std::string out;
  append(expression, out);
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
