// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>

#include "promql/arithmetic.hpp"
#include "promql/match_groups.hpp"
#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

/// What is done with a point of the left and one of the right side.
struct PairOperation {
  BinaryOperator op = BinaryOperator::add;
  bool returns_bool = false;
  Annotations* annotations = nullptr;
  Place place;

  void inform_of_types(const char* left, const char* right) const {
    annotations->inform("incompatible sample types encountered for binary operator " + quoted(symbol(op)) + ": " +
                            left + " " + symbol(op) + " " + right,
                        place);
  }

  void put_comparison(bool holds, const Row& left, std::size_t step, Row& out) const {
    if (returns_bool) {
      out.set(step, holds ? 1 : 0);
    } else if (holds) {
      out.take(step, left);
    }
  }

  void of_histograms(const Row& left, const Row& right, std::size_t step, Row& out) const {
    const Histogram& a = *left.histograms[step];
    const Histogram& b = *right.histograms[step];
    switch (op) {
      case BinaryOperator::add:
      case BinaryOperator::subtract: {
        const bool is_sum = op == BinaryOperator::add;
        Histogram value = a;
        const MergeReport report = is_sum ? add(value, b) : subtract(value, b);
        if (!report.is_compatible) {
          annotations->warn(std::string("incompatible bucket layout encountered for binary operator ") + symbol(op),
                            place);
          return;
        }
        const std::string action = is_sum ? "addition" : "subtraction";
        if (report.reset_conflict) annotations->warn(std::string(reset_conflict_text) + action, place);
        if (report.bounds_reconciled) annotations->inform(std::string(bounds_reconciled_text) + action, place);
        if (!is_sum) value.hint = ResetHint::gauge;
        drop_empty_buckets(value);
        out.set(step, std::make_shared<const Histogram>(std::move(value)));
        return;
      }
      case BinaryOperator::equal:
        return put_comparison(same_value(a, b), left, step, out);
      case BinaryOperator::not_equal:
        return put_comparison(!same_value(a, b), left, step, out);
      default:
        inform_of_types("histogram", "histogram");
    }
  }

  void apply(const Row& left, const Row& right, std::size_t step, Row& out) const {
    if (left.is_number(step) && right.is_number(step)) {
      const double result = compute(op, left.values[step], right.values[step]);
      if (is_comparison(op)) {
        put_comparison(result != 0, left, step, out);
      } else {
        out.set(step, result);
      }
    } else if (left.is_histogram(step) && right.is_histogram(step)) {
      of_histograms(left, right, step, out);
    } else if (left.is_histogram(step)) {
      if (op != BinaryOperator::multiply && op != BinaryOperator::divide) return inform_of_types("histogram", "float");
      Histogram value = *left.histograms[step];
      if (op == BinaryOperator::multiply) {
        scale(value, right.values[step]);
      } else {
        divide(value, right.values[step]);
      }
      out.set(step, std::make_shared<const Histogram>(std::move(value)));
    } else {
      if (op != BinaryOperator::multiply) return inform_of_types("float", "histogram");
      Histogram value = *right.histograms[step];
      scale(value, left.values[step]);
      out.set(step, std::make_shared<const Histogram>(std::move(value)));
    }
  }
};

/// Both sides' rows, each computed once; one that is used for the last time is handed out, not copied.
class RowCache {
 public:
  explicit RowCache(VectorStream stream)
      : stream_(std::move(stream)), rows_(stream_.size()), users_(stream_.size(), 0) {}

  void announce(std::size_t series) { ++users_[series]; }
  const Row& get(std::size_t series, QueryState& query) {
    std::unique_ptr<Row>& row = rows_[series];
    if (row == nullptr) {
      row = std::make_unique<Row>();
      if (!spare_.empty()) {
        row.swap(spare_.back());
        spare_.pop_back();
      }
      stream_.fill(series, *row);
      query.hold(row->size());
    }
    return *row;
  }
  void done(std::size_t series, QueryState& query) {
    if (--users_[series] > 0 || rows_[series] == nullptr) return;
    query.release(rows_[series]->size());
    spare_.push_back(std::move(rows_[series]));
  }
  const std::vector<SeriesHead>& heads() const noexcept { return stream_.heads; }

 private:
  VectorStream stream_;
  std::vector<std::unique_ptr<Row>> rows_;
  std::vector<std::size_t> users_;
  std::vector<std::unique_ptr<Row>> spare_;
};

struct Pair {
  std::size_t left = 0;
  std::size_t right = 0;
};

class PairMatching {
 public:
  PairMatching(Evaluator& evaluator, const Expression& expression, const Binary& node, VectorStream left,
               VectorStream right)
      : query_(evaluator.query()),
        node_(node),
        steps_(evaluator.steps().count),
        groups_(match(node.matching, left, right)) {
    operation_ = {node.op, node.returns_bool, &query_.annotations, expression.place};
    left_ = std::make_shared<RowCache>(std::move(left));
    right_ = std::make_shared<RowCache>(std::move(right));
  }

  VectorStream run() {
    for (const MatchGroup& group : groups_) {
      const std::vector<std::size_t>& ones = is_one_to_many() ? group.left : group.right;
      if (ones.size() > 1) check_ones(group);
      if (group.left.empty() || group.right.empty()) continue;
      check_many(group);
      if (query_.failed()) return {};
      for (const std::size_t left : group.left) {
        for (const std::size_t right : group.right) add_pair(left, right);
      }
    }
    VectorStream out;
    out.heads = std::move(heads_);
    out.fill = [&query = query_, left = left_, right = right_, pairs = std::move(pairs_), operation = operation_,
                steps = steps_](std::size_t series, Row& row) {
      const Pair pair = pairs[series];
      const Row& a = left->get(pair.left, query);
      const Row& b = right->get(pair.right, query);
      row.reset(steps);
      for (std::size_t i = 0; i < steps && i < a.size() && i < b.size(); ++i) {
        if (!a.is_absent(i) && !b.is_absent(i)) operation.apply(a, b, i, row);
      }
      left->done(pair.left, query);
      right->done(pair.right, query);
    };
    return merge_equal(query_, std::move(out), steps_);
  }

 private:
  bool is_one_to_many() const noexcept { return node_.matching.card == Matching::one_to_many; }
  bool is_one_to_one() const noexcept { return node_.matching.card == Matching::one_to_one; }

  void add_pair(std::size_t left, std::size_t right) {
    heads_.push_back(result_of(left, right));
    pairs_.push_back({left, right});
    left_->announce(left);
    right_->announce(right);
  }

  /// Labels of the many side (or of the left), with those that group_left and group_right name of the other.
  SeriesHead result_of(std::size_t left, std::size_t right) const {
    const SeriesHead& many = is_one_to_many() ? right_->heads()[right] : left_->heads()[left];
    const SeriesHead& one = is_one_to_many() ? left_->heads()[left] : right_->heads()[right];
    std::vector<LabelView> labels(many.labels.begin(), many.labels.end());
    const VectorMatching& matching = node_.matching;
    if (!is_comparison(node_.op)) set_label(labels, metric_name_label, {});
    if (is_one_to_one()) {
      std::vector<std::string> names = matching.labels;
      std::sort(names.begin(), names.end());
      labels = matching.on ? labels_among(labels, names) : labels_without(labels, names);
    }
    for (const std::string& name : matching.include) {
      const std::string_view value = label_value(one.labels, name);
      set_label(labels, query_.arena->text(name), value);
    }
    const bool drops = node_.returns_bool || many.drop_name;
    return {query_.arena->keep(labels), drops};
  }

  /// At no step may two of the side that is one be there, as long as the other side has anything at all.
  void check_ones(const MatchGroup& group) {
    const bool ones_are_left = is_one_to_many();
    RowCache& ones = ones_are_left ? *left_ : *right_;
    RowCache& others = ones_are_left ? *right_ : *left_;
    const std::vector<std::size_t>& members = ones_are_left ? group.left : group.right;
    if (any_other_.empty()) {
      any_other_.assign(steps_, 0);
      for (std::size_t i = 0; i < others.heads().size() && !query_.stopped(); ++i) {
        const Row& row = others.get(i, query_);
        for (std::size_t step = 0; step < row.size(); ++step) any_other_[step] |= row.is_absent(step) ? 0U : 1U;
      }
    }
    std::vector<std::size_t> first(steps_, ones.heads().size());
    for (const std::size_t series : members) {
      if (query_.stopped()) return;
      const Row& row = ones.get(series, query_);
      for (std::size_t step = 0; step < row.size(); ++step) {
        if (row.is_absent(step) || any_other_[step] == 0) continue;
        if (first[step] == ones.heads().size()) {
          first[step] = series;
          continue;
        }
        std::string a = labels_text(ones.heads()[first[step]].labels);
        std::string b = labels_text(ones.heads()[series].labels);
        if (b < a) std::swap(a, b);
        std::string message = "found duplicate series for the match group ";
        message += labels_text(matching_labels(node_.matching, ones.heads()[series].labels));
        message += ones_are_left ? " on the left" : " on the right";
        message += " hand-side of the operation: [";
        message += a;
        message += ", ";
        message += b;
        message += "];many-to-many matching not allowed: matching labels must be unique on one side";
        return query_.fail(std::move(message));
      }
    }
  }

  /// One to one: at no step two of the left side. Else no two with the same result.
  void check_many(const MatchGroup& group) {
    const bool many_are_left = !is_one_to_many();
    const std::vector<std::size_t>& many = many_are_left ? group.left : group.right;
    const std::vector<std::size_t>& ones = many_are_left ? group.right : group.left;
    if (many.size() < 2) return;
    std::map<std::string, std::vector<std::size_t>> by_result;
    for (const std::size_t series : many) {
      std::string key;
      if (!is_one_to_one()) {
        const SeriesHead head = many_are_left ? result_of(series, ones.front()) : result_of(ones.front(), series);
        key = key_of(head.labels);
      }
      by_result[key].push_back(series);
    }
    for (const auto& [key, alike] : by_result) {
      if (alike.size() > 1) check_alike(alike, ones, many_are_left);
    }
  }

  void check_alike(const std::vector<std::size_t>& alike, const std::vector<std::size_t>& ones, bool many_are_left) {
    RowCache& many_rows = many_are_left ? *left_ : *right_;
    RowCache& one_rows = many_are_left ? *right_ : *left_;
    std::vector<std::uint8_t> one_is_there(steps_, 0);
    for (const std::size_t series : ones) {
      const Row& row = one_rows.get(series, query_);
      for (std::size_t step = 0; step < row.size(); ++step) one_is_there[step] |= row.is_absent(step) ? 0U : 1U;
    }
    std::vector<std::uint8_t> seen(steps_, 0);
    for (const std::size_t series : alike) {
      if (query_.stopped()) return;
      const Row& row = many_rows.get(series, query_);
      for (std::size_t step = 0; step < row.size(); ++step) {
        if (row.is_absent(step) || one_is_there[step] == 0) continue;
        if (seen[step] != 0) {
          return query_.fail(
              is_one_to_one()
                  ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                  : "multiple matches for labels: grouping labels must ensure unique matches");
        }
        seen[step] = 1;
      }
    }
  }

  QueryState& query_;
  const Binary& node_;
  std::size_t steps_;
  std::vector<MatchGroup> groups_;
  PairOperation operation_;
  std::shared_ptr<RowCache> left_;
  std::shared_ptr<RowCache> right_;
  std::vector<std::uint8_t> any_other_;
  std::vector<SeriesHead> heads_;
  std::vector<Pair> pairs_;
};

}  // namespace

VectorStream evaluate_vector_vector(Evaluator& evaluator, const Expression& expression, const Binary& node) {
  VectorStream left = evaluator.vector(*node.left);
  VectorStream right = evaluator.vector(*node.right);
  if (evaluator.query().failed()) return {};
  return PairMatching(evaluator, expression, node, std::move(left), std::move(right)).run();
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
