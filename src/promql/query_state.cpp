// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/query_state.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

bool same_matchers(const std::vector<storage::Matcher>& a, const std::vector<storage::Matcher>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const storage::Matcher& x, const storage::Matcher& y) {
    return x.type() == y.type() && x.name() == y.name() && x.value() == y.value();
  });
}

/// Functions of the time of evaluation, also where all their arguments are pinned by @.
bool depends_on_time(FunctionId id) {
  switch (id) {
    case FunctionId::days_in_month:
    case FunctionId::day_of_month:
    case FunctionId::day_of_week:
    case FunctionId::day_of_year:
    case FunctionId::hour:
    case FunctionId::minute:
    case FunctionId::month:
    case FunctionId::year:
    case FunctionId::predict_linear:
    case FunctionId::time:
    case FunctionId::timestamp:
      return true;
    default:
      return false;
  }
}

}  // namespace

QueryState::QueryState(const EngineOptions& engine, const QueryLimits& query_limits, const SeriesSource& from,
                       std::string_view text)
    : options(engine),
      limits(query_limits),
      source(from),
      lookback(query_limits.lookback_ms > 0 ? query_limits.lookback_ms : engine.lookback_ms),
      annotations(text) {
  const auto timeout = limits.timeout.count() > 0 ? std::min(limits.timeout, options.timeout) : options.timeout;
  deadline = options.clock->monotonic() + timeout;
}

void QueryState::fail(std::string message, FailureKind kind) {
  if (failed()) return;
  failure = kind;
  error = std::move(message);
}

bool QueryState::stopped() {
  if (failed()) return true;
  if ((until_check_++ & 15U) != 0) return false;
  if (limits.stop.stop_requested()) {
    fail("query was canceled in query execution", FailureKind::canceled);
  } else if (options.clock->monotonic() > deadline) {
    fail("query timed out in query execution", FailureKind::timeout);
  }
  return failed();
}

void QueryState::hold(std::size_t samples) {
  held += samples;
  statistics.peak_samples = std::max<std::uint64_t>(statistics.peak_samples, held);
  if (held > options.max_samples) {
    fail("query processing would load too many samples into memory in query execution: more than " +
         std::to_string(options.max_samples));
  }
}

bool QueryState::is_step_invariant(const Expression& expression) {
  const auto known = invariant_.find(&expression);
  if (known != invariant_.end()) return known->second;
  struct Visitor {
    QueryState& state;
    bool operator()(const NumberLiteral&) const { return true; }
    bool operator()(const StringLiteral&) const { return true; }
    bool operator()(const VectorSelector& node) const { return node.shift.at != AtAnchor::none; }
    bool operator()(const MatrixSelector& node) const { return node.selector.shift.at != AtAnchor::none; }
    bool operator()(const Subquery& node) const { return node.shift.at != AtAnchor::none; }
    bool operator()(const Parentheses& node) const { return state.is_step_invariant(*node.inner); }
    bool operator()(const Unary& node) const { return state.is_step_invariant(*node.operand); }
    bool operator()(const Binary& node) const {
      return state.is_step_invariant(*node.left) && state.is_step_invariant(*node.right);
    }
    bool operator()(const Aggregation& node) const {
      return state.is_step_invariant(*node.operand) &&
             (node.parameter == nullptr || state.is_step_invariant(*node.parameter));
    }
    bool operator()(const Call& node) const {
      return !depends_on_time(node.function->id) &&
             std::all_of(node.arguments.begin(), node.arguments.end(),
                         [this](const ExpressionPtr& argument) { return state.is_step_invariant(*argument); });
    }
  };
  const bool invariant = std::visit(Visitor{*this}, expression.node);
  invariant_.emplace(&expression, invariant);
  return invariant;
}

std::int64_t QueryState::shifted(const TimeShift& shift, std::int64_t time) const noexcept {
  switch (shift.at) {
    case AtAnchor::none:
      break;
    case AtAnchor::time:
      time = shift.at_ms;
      break;
    case AtAnchor::start:
      time = start;
      break;
    case AtAnchor::end:
      time = end;
      break;
  }
  return time - shift.offset_ms;
}

Steps QueryState::inner_steps(const Subquery& subquery, const Steps& outer) const noexcept {
  Steps inner;
  inner.step = subquery.step_ms > 0 ? subquery.step_ms : options.default_step_ms;
  const std::int64_t after = shifted(subquery.shift, outer.start) - subquery.range_ms;
  const std::int64_t last = shifted(subquery.shift, outer.last());
  std::int64_t first = after / inner.step * inner.step;
  while (first <= after) first += inner.step;
  inner.start = first;
  inner.count = last < first ? 0 : static_cast<std::size_t>((last - first) / inner.step) + 1;
  return inner;
}

void QueryState::add_selector(const VectorSelector& selector, TimeRange range) {
  for (auto& [known, times] : wanted_) {
    if (known != &selector) continue;
    times = {std::min(times.from, range.from), std::max(times.to, range.to)};
    return;
  }
  wanted_.emplace_back(&selector, range);
}

void QueryState::collect(const Expression& expression, const Steps& at) {
  struct Visitor {
    QueryState& state;
    const Steps& at;
    void range_of(const VectorSelector& node, std::int64_t length) const {
      const std::int64_t a = state.shifted(node.shift, at.start);
      const std::int64_t b = state.shifted(node.shift, at.last());
      state.add_selector(node, {std::min(a, b) - length + 1, std::max(a, b)});
    }
    void operator()(const NumberLiteral&) const {}
    void operator()(const StringLiteral&) const {}
    void operator()(const VectorSelector& node) const { range_of(node, state.lookback); }
    void operator()(const MatrixSelector& node) const { range_of(node.selector, node.range_ms); }
    void operator()(const Subquery& node) const { state.collect(*node.operand, state.inner_steps(node, at)); }
    void operator()(const Parentheses& node) const { state.collect(*node.inner, at); }
    void operator()(const Unary& node) const { state.collect(*node.operand, at); }
    void operator()(const Binary& node) const {
      state.collect(*node.left, at);
      state.collect(*node.right, at);
    }
    void operator()(const Aggregation& node) const {
      if (node.parameter) state.collect(*node.parameter, at);
      state.collect(*node.operand, at);
    }
    void operator()(const Call& node) const {
      for (const ExpressionPtr& argument : node.arguments) state.collect(*argument, at);
    }
  };
  if (at.count == 0) return;
  // Where all is pinned by @, only one step is evaluated.
  const Steps narrowed = is_step_invariant(expression) ? Steps{at.start, at.step, 1} : at;
  std::visit(Visitor{*this, narrowed}, expression.node);
}

void QueryState::plan(const Expression& tree, const Steps& of_query, std::int64_t query_end) {
  start = of_query.start;
  end = query_end;
  collect(tree, of_query);
  for (const auto& [selector, range] : wanted_) {
    SharedSelection* shared = nullptr;
    for (const auto& other : selections_) {
      if (range.from <= other->range.to && other->range.from <= range.to &&
          same_matchers(*other->matchers, selector->matchers)) {
        shared = other.get();
      }
    }
    if (shared == nullptr) {
      selections_.push_back(std::make_unique<SharedSelection>());
      shared = selections_.back().get();
      shared->matchers = &selector->matchers;
      shared->range = range;
    }
    shared->range = {std::min(shared->range.from, range.from), std::max(shared->range.to, range.to)};
    ++shared->users;
    by_selector_[selector] = shared;
  }
}

SharedSelection* QueryState::open(const VectorSelector& selector) {
  const auto found = by_selector_.find(&selector);
  if (failed() || found == by_selector_.end()) return nullptr;
  SharedSelection& shared = *found->second;
  if (shared.selection != nullptr) return &shared;
  shared.selection = source.select(*shared.matchers, shared.range.from, shared.range.to);
  for (std::string& warning : shared.selection->warnings()) annotations.warn_plainly(std::move(warning));
  const std::size_t count = shared.selection->size();
  statistics.series_selected += count;
  if (statistics.series_selected > options.max_series) {
    fail("the query selects more than " + std::to_string(options.max_series) + " series: narrow its matchers");
    return nullptr;
  }
  shared.labels.reserve(count);
  for (std::size_t i = 0; i < count; ++i) shared.labels.push_back(shared.selection->labels(i));
  if (shared.users > 1) shared.kept = std::make_unique<KeptSamples>(count);
  return &shared;
}

void QueryState::count_read(SharedSelection& shared, std::size_t series, const ReadSize& read,
                            std::size_t& held_by_reader) {
  auto noted = KeptSamples::Noted::now;
  if (shared.kept == nullptr) {
    release(held_by_reader);
    held_by_reader = read.samples;
  } else {
    noted = shared.kept->note(series, read.weight);
    if (noted == KeptSamples::Noted::before) return;
  }
  statistics.samples_read += read.samples;
  hold(read.samples);
  if (noted == KeptSamples::Noted::no_room) release(read.samples);
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
