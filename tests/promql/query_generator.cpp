// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/query_generator.hpp"

#include <cctype>

namespace bellwether::promql_test {

std::string QueryGenerator::blank() {
  if (!settings_.odd_spelling || chance(80)) return " ";
  return std::string(one_of({"  ", "\t", "\n", " # a note\n", "\r\n "}));
}

std::string QueryGenerator::text(std::string_view value) {
  if (!settings_.odd_spelling || chance(70)) return '"' + std::string(value) + '"';
  if (chance(50)) return '\'' + std::string(value) + '\'';
  return '`' + std::string(value) + '`';
}

std::string QueryGenerator::keyword(std::string_view word) {
  std::string out(word);
  if (settings_.odd_spelling && chance(15)) {
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string QueryGenerator::number() {
  if (!settings_.odd_spelling) return std::string(one_of({"0", "1", "2", "0.5", "10", "100"}));
  return std::string(one_of({"0", "1", "2.5", ".5", "3.", "1e3", "1E-2", "0x1f", "010", "1_000", "Inf", "NaN", "inf",
                             "1e300", "0.1", "123456789", "5m", "1h30m"}));
}

std::string QueryGenerator::braces(std::string_view extra) {
  std::string out = "{" + std::string(extra);
  const std::size_t count = below(3) + (extra.empty() ? 1 : 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (out.size() > 1) out += ',' + blank();
    const std::string_view sign = one_of({"=", "!=", "=~", "!~"});
    const bool pattern = sign.back() == '~';
    const std::string label = one_of(settings_.labels);
    out += settings_.odd_spelling && chance(10) ? '"' + label + '"' : label;
    const std::string value = chance(10) ? "" : one_of(settings_.values);
    (out += sign) += text(pattern && chance(50) ? value + "|" + one_of(settings_.values)
                          : pattern             ? value + ".*"
                                                : value);
  }
  if (settings_.odd_spelling && out.size() > 1 && chance(10)) out += ',';
  return out + '}';
}

std::string QueryGenerator::selector(bool of_counters) {
  const std::string& name = one_of(of_counters || chance(40) ? settings_.counters : settings_.gauges);
  if (settings_.odd_spelling && chance(5)) return braces('"' + name + '"');
  if (chance(10)) return braces("__name__=" + text(name));
  return chance(50) ? name : name + braces();
}

std::string QueryGenerator::shift() {
  if (!settings_.times || chance(80)) return {};
  const std::string offset = ' ' + keyword("offset") + ' ' + std::string(one_of({"1m", "-30s", "90", "2m30s"}));
  const std::string at = " @ " + std::string(one_of({"start()", "end()", "300", "120.5", "5m"}));
  switch (below(4)) {
    case 0:
      return at;
    case 1:
      return offset + at;
    case 2:
      return at + offset;
    default:
      return offset;
  }
}

std::string QueryGenerator::label_list() {
  std::string out = "(";
  const std::size_t count = below(3);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ", ";
    out += settings_.labels[i % settings_.labels.size()];
  }
  return out + ')';
}

std::string QueryGenerator::matrix(int depth, bool of_counters) {
  if (settings_.times && depth > 1 && chance(25)) {
    const std::string inner = chance(50) ? selector(of_counters) : '(' + vector(depth - 1) + ')';
    return inner + '[' + one_of(settings_.ranges) + ':' + std::string(one_of({"", "30s", "1m"})) + ']' + shift();
  }
  return selector(of_counters) + '[' + one_of(settings_.ranges) + ']' + shift();
}

std::string QueryGenerator::scalar(int depth) {
  switch (depth > 1 ? below(7) : 0) {
    case 1:
      return "scalar(" + vector(depth - 1) + ')';
    case 2:
      return '(' + scalar(depth - 1) + blank() + std::string(one_of({"+", "-", "*", "/", "%", "^"})) + blank() +
             scalar(depth - 1) + ')';
    case 3:
      return '-' + scalar(depth - 1);
    case 4:
      return scalar(depth - 1) + ' ' + std::string(one_of({"==", "!=", "<", ">="})) + " bool " + number();
    case 5:
      return std::string(one_of({"time()", "pi()"}));
    default:
      return number();
  }
}

std::string QueryGenerator::aggregation(int depth) {
  const std::string op(one_of({"sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "topk", "bottomk",
                               "quantile", "count_values"}));
  std::string arguments = "(";
  if (op == "topk" || op == "bottomk") arguments += std::string(one_of({"1", "2", "5"})) + ", ";
  if (op == "quantile") arguments += std::string(one_of({"0", "0.5", "0.9"})) + ", ";
  if (op == "count_values") arguments += text("value") + ", ";
  arguments += vector(depth - 1) + ')';
  if (chance(30)) return keyword(op) + arguments;
  const std::string grouping = keyword(one_of({"by", "without"})) + ' ' + label_list();
  return chance(50) ? keyword(op) + ' ' + grouping + ' ' + arguments : keyword(op) + arguments + ' ' + grouping;
}

std::string QueryGenerator::binary(int depth) {
  std::string op(
      one_of({"+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "<", "<=", ">", ">=", "and", "or", "unless"}));
  const bool set = op == "and" || op == "or" || op == "unless";
  const bool comparison = op.find_first_of("=<>") == 0 || op == "!=";
  if (comparison && chance(40)) op += " bool";
  const std::size_t sides = set ? 0 : below(4);
  std::string left = sides == 1 ? scalar(depth - 1) : vector(depth - 1);
  std::string right = sides == 2 ? scalar(depth - 1) : vector(depth - 1);
  std::string matching;
  if (sides != 1 && sides != 2 && chance(50)) {
    const bool on = chance(50);
    matching = ' ' + keyword(on ? "on" : "ignoring") + ' ' + label_list();
    if (!set && chance(50)) {
      matching += ' ' + std::string(one_of({"group_left", "group_right"})) + " ()";
    }
  }
  // Else a scalar at an operand's edge could bind to this operator: `1 == 2 < x` compares two scalars.
  const auto enclose = [](std::string& side) { side = '(' + side + ')'; };
  if (sides == 1 || !matching.empty()) enclose(right);
  if (sides == 2 || !matching.empty()) enclose(left);
  const std::string whole = left + blank() + op + matching + blank() + right;
  return chance(40) ? '(' + whole + ')' : whole;
}

std::string QueryGenerator::function(int depth) {
  const auto inner = [&] { return vector(depth - 1); };
  switch (below(12)) {
    case 0:
    case 1:
      return std::string(one_of({"rate", "increase", "irate", "resets"})) + '(' + matrix(depth, true) + ')';
    case 2:
    case 3:
      return std::string(one_of({"avg_over_time", "sum_over_time", "min_over_time", "max_over_time", "count_over_time",
                                 "last_over_time", "stddev_over_time", "stdvar_over_time", "present_over_time",
                                 "changes", "delta", "idelta", "deriv", "absent_over_time"})) +
             '(' + matrix(depth) + ')';
    case 4:
      return "quantile_over_time(" + std::string(one_of({"0.5", "0.99"})) + ',' + matrix(depth) + ')';
    case 5:
      return "predict_linear(" + matrix(depth) + ", 60)";
    case 6:
      return "histogram_quantile(0.9, rate(" + one_of(settings_.classic_histograms) + "_bucket[" +
             one_of(settings_.ranges) + "]))";
    case 7:
      return std::string(one_of({"clamp_min", "clamp_max", "round"})) + '(' + inner() + ", " + scalar(depth - 1) + ')';
    case 8:
      return "label_replace(" + inner() + ", " + text("copy") + ", " + text("$1") + ", " +
             text(one_of(settings_.labels)) + ", " + text("(.*)") + ')';
    case 9:
      return "label_join(" + inner() + ", " + text("joined") + ", " + text("-") + ", " +
             text(one_of(settings_.labels)) + ')';
    case 10:
      return std::string(one_of({"timestamp", "absent", "hour", "minute", "day_of_week", "month"})) + '(' + inner() +
             ')';
    default:
      return std::string(one_of({"abs", "ceil", "floor", "sqrt", "exp", "ln", "sgn", "sin", "atan", "deg", "sort"})) +
             '(' + inner() + ')';
  }
}

std::string QueryGenerator::vector(int depth) {
  if (depth <= 1) return selector(false) + shift();
  switch (below(10)) {
    case 0:
    case 1:
    case 2:
      return binary(depth);
    case 3:
    case 4:
      return aggregation(depth);
    case 5:
    case 6:
    case 7:
      return function(depth);
    case 8:
      return chance(30) ? "vector(" + scalar(depth - 1) + ')' : '-' + vector(depth - 1);
    default:
      return chance(50) ? '(' + vector(depth - 1) + ')' : selector(false) + shift();
  }
}

std::string QueryGenerator::next() {
  const int depth = 1 + static_cast<int>(below(static_cast<std::size_t>(settings_.depth)));
  return chance(5) ? scalar(depth) : vector(depth);
}

}  // namespace bellwether::promql_test
