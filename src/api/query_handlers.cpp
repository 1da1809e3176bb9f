// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "api/handlers.hpp"
#include "api/json_writer.hpp"
#include "api/result_body.hpp"
#include "api/tree_json.hpp"
#include "promql/parser.hpp"
#include "promql/printer.hpp"
#include "promql/store_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr std::int64_t most_points = 11'000;

std::int64_t now_ms(const ApiSources& sources) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(sources.clock->wall()).count();
}

net::Response bad_data(const Error& error) {
  return failure(ErrorType::bad_data, error.message);
}

/// What both kinds of queries are asked with.
struct Question {
  std::string text;
  promql::ExpressionPtr tree;
  promql::QueryLimits limits;
  std::size_t limit = 0;
  bool statistics = false;
};

Result<Question> read_question(const ApiSources& sources, const net::Request& request, const Parameters& parameters) {
  Question question;
  question.text = parameters.text("query").value_or("");
  auto tree = promql::parse(question.text);
  if (!tree) return Error{"invalid parameter \"query\": " + tree.error().message};
  question.tree = std::move(*tree);
  const auto timeout = parameters.duration("timeout");
  if (!timeout) return timeout.error();
  const auto lookback = parameters.duration("lookback_delta");
  if (!lookback) return lookback.error();
  const auto limit = parameters.limit();
  if (!limit) return limit.error();
  if (*timeout > 0) question.limits.timeout = std::min(std::chrono::milliseconds{*timeout}, sources.engine.timeout);
  question.limits.lookback_ms = std::max<std::int64_t>(*lookback, 0);
  question.limits.stop = request.stop;
  question.limit = *limit;
  question.statistics = parameters.text("stats").has_value();
  return question;
}

net::Response answer(const net::Request& request, const Question& question, promql::QueryResult result) {
  switch (result.failure) {
    case promql::FailureKind::none:
      break;
    case promql::FailureKind::bad_query:
      return failure(ErrorType::bad_data, result.error);
    case promql::FailureKind::execution:
      return failure(ErrorType::execution, result.error);
    case promql::FailureKind::timeout:
      return failure(ErrorType::timeout, result.error);
    case promql::FailureKind::canceled:
      return failure(ErrorType::canceled, result.error);
  }
  if (question.limit > 0 && result.series.size() > question.limit) {
    result.series.resize(question.limit);
    result.warnings.emplace_back("results truncated due to limit");
  }
  return stream(request, std::make_unique<ResultBody>(std::move(result), question.statistics));
}

/// Calls `visit` with each selector of the tree.
template <typename Visitor>
void visit_selectors(const promql::Expression& expression, const Visitor& visit) {
  const auto inner = [&](const promql::ExpressionPtr& part) {
    if (part != nullptr) visit_selectors(*part, visit);
  };
  const auto& node = expression.node;
  if (const auto* vector = std::get_if<promql::VectorSelector>(&node)) visit(*vector);
  if (const auto* matrix = std::get_if<promql::MatrixSelector>(&node)) visit(matrix->selector);
  if (const auto* subquery = std::get_if<promql::Subquery>(&node)) inner(subquery->operand);
  if (const auto* parentheses = std::get_if<promql::Parentheses>(&node)) inner(parentheses->inner);
  if (const auto* unary = std::get_if<promql::Unary>(&node)) inner(unary->operand);
  if (const auto* binary = std::get_if<promql::Binary>(&node)) {
    inner(binary->left);
    inner(binary->right);
  }
  if (const auto* aggregation = std::get_if<promql::Aggregation>(&node)) {
    inner(aggregation->parameter);
    inner(aggregation->operand);
  }
  if (const auto* call = std::get_if<promql::Call>(&node)) {
    for (const auto& argument : call->arguments) inner(argument);
  }
}

}  // namespace

net::Response query(const ApiSources& sources, const net::Request& request, const Parameters& parameters) {
  const auto time = parameters.time("time", now_ms(sources));
  if (!time) return bad_data(time.error());
  auto question = read_question(sources, request, parameters);
  if (!question) return bad_data(question.error());
  const promql::Engine engine(sources.engine);
  const promql::StoreSource source(sources.store->querier());
  return answer(request, *question,
                engine.evaluate_instant(source, *question->tree, question->text, *time, question->limits));
}

net::Response query_range(const ApiSources& sources, const net::Request& request, const Parameters& parameters) {
  const auto start = parameters.time("start");
  if (!start) return bad_data(start.error());
  const auto end = parameters.time("end");
  if (!end) return bad_data(end.error());
  if (*end < *start) {
    return failure(ErrorType::bad_data, "invalid parameter \"end\": end timestamp must not be before start time");
  }
  const auto step_text = parameters.text("step").value_or("");
  const auto step = parse_step(step_text);
  if (!step) {
    return failure(ErrorType::bad_data, "invalid parameter \"step\": cannot parse \"" + step_text +
                                            "\" to a valid duration (seconds, or as 1m30s)");
  }
  if (*step <= 0) {
    return failure(ErrorType::bad_data,
                   "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a "
                   "positive integer");
  }
  if ((*end - *start) / *step > most_points) {
    return failure(ErrorType::bad_data,
                   "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution "
                   "(?step=XX)");
  }
  auto question = read_question(sources, request, parameters);
  if (!question) return bad_data(question.error());
  const promql::ValueType type = question->tree->type();
  if (type != promql::ValueType::scalar && type != promql::ValueType::vector) {
    return failure(ErrorType::bad_data, "invalid parameter \"query\": invalid expression type \"" +
                                            std::string(promql::describe(type)) +
                                            "\" for range query, must be Scalar or instant Vector");
  }
  promql::EngineOptions options = sources.engine;
  options.max_steps = 0;  // checked above, with the API's message
  const promql::Engine engine(options);
  const promql::StoreSource source(sources.store->querier());
  return answer(request, *question,
                engine.evaluate_range(source, *question->tree, question->text, *start, *end, *step, question->limits));
}

net::Response format_query(const ApiSources&, const net::Request&, const Parameters& parameters) {
  const auto tree = promql::parse(parameters.text("query").value_or(""));
  if (!tree) return failure(ErrorType::bad_data, "invalid parameter \"query\": " + tree.error().message);
  std::string data;
  append_text(data, promql::print_pretty(**tree));
  return success(data);
}

net::Response parse_query(const ApiSources&, const net::Request&, const Parameters& parameters) {
  const auto tree = promql::parse(parameters.text("query").value_or(""));
  if (!tree) return failure(ErrorType::bad_data, "invalid parameter \"query\": " + tree.error().message);
  std::string data;
  append_tree(data, **tree);
  return success(data);
}

net::Response query_exemplars(const ApiSources& sources, const net::Request&, const Parameters& parameters) {
  const auto start = parameters.time("start", 0);
  if (!start) return bad_data(start.error());
  const auto end = parameters.time("end", now_ms(sources));
  if (!end) return bad_data(end.error());
  if (*end < *start) {
    return failure(ErrorType::bad_data, "invalid parameter \"end\": end timestamp must not be before start timestamp");
  }
  const auto tree = promql::parse(parameters.text("query").value_or(""));
  if (!tree) return failure(ErrorType::bad_data, tree.error().message);
  std::vector<std::vector<storage::Matcher>> selectors;
  visit_selectors(**tree, [&](const promql::VectorSelector& selector) { selectors.push_back(selector.matchers); });
  std::string data = "[";
  if (sources.exemplars != nullptr && !selectors.empty()) {
    for (const scrape::SeriesExemplars& of_series : sources.exemplars->select(selectors, *start, *end)) {
      if (data.size() > 1) data += ',';
      Object object(data);
      append_labels(object.key("seriesLabels"), of_series.series.pairs());
      object.key("exemplars") += '[';
      bool first = true;
      for (const scrape::Exemplar& exemplar : of_series.exemplars) {
        if (!std::exchange(first, false)) data += ',';
        Object one(data);
        append_labels(one.key("labels"), exemplar.labels);
        append_value(one.key("value"), exemplar.value);
        append_time(one.key("timestamp"), exemplar.time_ms);
        one.end();
      }
      data += ']';
      object.end();
    }
  }
  return success(data + ']');
}

}  // namespace api
BELLWETHER_NAMESPACE_END
