// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/protobuf_reader.hpp"

#include <cmath>
#include <limits>

#include "exposition/number_reader.hpp"
#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

using protobuf::Cursor;
using protobuf::key;
using protobuf::WireProblem;
using protobuf::WireType;

namespace {

constexpr std::size_t longest_name = 4096;
constexpr std::size_t most_unfolded_bytes = 4U << 20U;

double without_stale_nan(double value) noexcept {
  return std::isnan(value) ? plain_nan() : value;
}

bool is_histogram(FamilyType type) noexcept {
  return type == FamilyType::histogram || type == FamilyType::gauge_histogram;
}

/// io.prometheus.client.MetricType, and the field of Metric that goes with it.
std::optional<FamilyType> type_of(std::uint64_t code) noexcept {
  switch (code) {
    case 0:
      return FamilyType::counter;
    case 1:
      return FamilyType::gauge;
    case 2:
      return FamilyType::summary;
    case 3:
      return FamilyType::unknown;
    case 4:
      return FamilyType::histogram;
    case 5:
      return FamilyType::gauge_histogram;
    default:
      return std::nullopt;
  }
}

std::uint32_t value_key_of(FamilyType type) noexcept {
  switch (type) {
    case FamilyType::counter:
      return key(3, WireType::bytes);
    case FamilyType::gauge:
      return key(2, WireType::bytes);
    case FamilyType::summary:
      return key(4, WireType::bytes);
    case FamilyType::histogram:
    case FamilyType::gauge_histogram:
      return key(7, WireType::bytes);
    default:
      return key(5, WireType::bytes);
  }
}

}  // namespace

Error ProtobufReader::describe(const char* at, std::string_view expected) const {
  std::string message = "byte " + std::to_string(at == nullptr ? 0 : at - input_.data()) + ": expected ";
  message += expected;
  if (!family_.empty() && is_utf8(family_)) {
    constexpr std::size_t shown = 64;
    message += ", in family \"" + std::string(family_.substr(0, shown)) + "\"";
  }
  return Error{message};
}

Error ProtobufReader::fail(const char* at, std::string_view expected) {
  failure_ = describe(at, expected);
  return *failure_;
}

Result<Entry> ProtobufReader::next() {
  if (failure_) return *failure_;
  for (;;) {
    switch (stage_) {
      case Stage::family:
        if (at_ == input_.size()) return Entry::end;
        if (auto error = open_family()) return *error;
        stage_ = Stage::help;
        break;
      case Stage::help:
        stage_ = Stage::type;
        text_ = help_;
        if (has_help_) return Entry::help;
        break;
      case Stage::type:
        stage_ = Stage::unit;
        return Entry::type;
      case Stage::unit:
        stage_ = Stage::metric;
        text_ = unit_;
        if (!unit_.empty()) return Entry::unit;
        break;
      case Stage::metric: {
        const Result<bool> opened = open_metric();
        if (!opened) return opened.error();
        if (!*opened) stage_ = Stage::family;
        break;
      }
      case Stage::native:
        stage_ = Stage::parts;
        if (auto problem = load_native()) return fail(problem.at, problem.expected);
        return Entry::histogram;
      case Stage::parts:
        if (part_ == parts_) {
          stage_ = Stage::metric;
          break;
        }
        if (auto problem = load_part()) return fail(problem.at, problem.expected);
        ++part_;
        return Entry::sample;
    }
  }
}

std::optional<Error> ProtobufReader::open_family() {
  family_ = {};
  help_ = {};
  unit_ = {};
  has_help_ = false;
  const char* const begin = input_.data() + at_;
  Cursor delimited{input_.substr(at_)};
  if (!delimited.read_bytes())
    return fail(begin, "a MetricFamily message with its length before it (is the input cut off?)");
  const std::string_view message = delimited.bytes();
  at_ = static_cast<std::size_t>(message.data() + message.size() - input_.data());

  std::uint64_t type = 0;
  Cursor cursor{message};
  while (cursor.next()) {  // the unit stands after the metrics, so that these are read in a second walk
    switch (cursor.key()) {
      case key(1, WireType::bytes):
        family_ = cursor.bytes();
        break;
      case key(2, WireType::bytes):
        help_ = cursor.bytes();
        has_help_ = true;
        break;
      case key(3, WireType::varint):
        type = cursor.number();
        break;
      case key(5, WireType::bytes):
        unit_ = cursor.bytes();
        break;
      default:
        break;
    }
  }
  if (cursor.problem() != nullptr) return fail(cursor.at(), cursor.problem());
  if (family_.empty()) return fail(begin, "a metric name that is not empty");
  if (family_.size() > longest_name) return fail(begin, "a metric name of at most 4096 bytes");
  if (!is_utf8(family_)) return fail(begin, "a metric name in valid UTF-8");
  if (!is_utf8(help_) || !is_utf8(unit_)) return fail(begin, "help and unit in valid UTF-8");
  const std::optional<FamilyType> known = type_of(type);
  if (!known) return fail(begin, "a metric type from 0 (counter) to 5 (gauge histogram)");
  type_ = *known;
  value_key_ = value_key_of(type_);
  metrics_ = Cursor{message};
  if (is_histogram(type_) || type_ == FamilyType::summary) {
    count_name_.assign(family_).append("_count");
    sum_name_.assign(family_).append("_sum");
    bucket_name_.assign(family_).append("_bucket");
  }
  return std::nullopt;
}

Result<bool> ProtobufReader::open_metric() {
  do {
    if (!metrics_.next()) return false;  // the first walk has shown that all fields are sound
  } while (metrics_.key() != key(4, WireType::bytes));
  metric_ = metrics_.bytes();
  value_message_ = {};
  bool has_value = false;
  label_messages_.clear();
  label_bytes_ = 0;
  labels_read_ = false;
  key_base_ = 0;
  timestamp_ms_.reset();
  created_ms_.reset();

  Cursor cursor{metric_};
  while (cursor.next()) {
    if (cursor.key() == key(1, WireType::bytes)) {
      label_messages_.push_back(cursor.bytes());
      label_bytes_ += cursor.bytes().size();
    } else if (cursor.key() == value_key_) {
      value_message_ = cursor.bytes();
      has_value = true;
    } else if (cursor.key() == key(6, WireType::varint) && cursor.number() != 0) {
      timestamp_ms_ = static_cast<std::int64_t>(cursor.number());
    }
  }
  if (cursor.problem() != nullptr) return fail(cursor.at(), cursor.problem());
  if (!has_value) return fail(metrics_.at(), "a metric with a value of its family's type");
  if (auto error = open_value()) return *error;
  return true;
}

std::optional<Error> ProtobufReader::open_value() {
  part_ = 0;
  parts_ = 1;
  stage_ = Stage::parts;
  WireProblem problem;
  if (type_ == FamilyType::summary) {
    problem = read_summary();
    parts_ = 2 + quantiles_.size();
  } else if (is_histogram(type_)) {
    problem = histogram_reader_.read(value_message_);
    const auto& buckets = histogram_reader_.buckets();
    created_ms_ = histogram_reader_.created_ms();
    const bool infinite = !buckets.empty() && buckets.back().upper_bound == std::numeric_limits<double>::infinity();
    parts_ = 2 + buckets.size() + (infinite ? 0 : 1);
    if (histogram_reader_.is_native()) {
      stage_ = Stage::native;
      if (!options_.classic_histograms_too || buckets.empty()) parts_ = 0;
    }
  }
  if (problem) return fail(problem.at, problem.expected);
  if (parts_ > 1 && label_bytes_ > most_unfolded_bytes / parts_) {
    return fail(metrics_.at(), "a summary or histogram whose labels, times its series, take at most 4 MiB");
  }
  return std::nullopt;
}

WireProblem ProtobufReader::read_summary() {
  quantiles_.clear();
  summary_count_ = 0;
  summary_sum_ = 0;
  Cursor cursor{value_message_};
  while (cursor.next()) {
    switch (cursor.key()) {
      case key(1, WireType::varint):
        summary_count_ = static_cast<double>(cursor.number());
        break;
      case key(2, WireType::fixed64):
        summary_sum_ = cursor.as_double();
        break;
      case key(3, WireType::bytes): {
        Quantile quantile;
        Cursor inner{cursor.bytes()};
        while (inner.next()) {
          if (inner.key() == key(1, WireType::fixed64)) quantile.quantile = inner.as_double();
          if (inner.key() == key(2, WireType::fixed64)) quantile.value = inner.as_double();
        }
        if (inner.problem() != nullptr) return problem_of(inner);
        quantiles_.push_back(quantile);
        break;
      }
      case key(4, WireType::bytes):
        if (auto problem = protobuf::read_timestamp(cursor.bytes(), created_ms_)) return problem;
        break;
      default:
        break;
    }
  }
  return problem_of(cursor);
}

WireProblem ProtobufReader::read_plain() {
  value_ = 0;
  Cursor cursor{value_message_};
  while (cursor.next()) {
    if (cursor.key() == key(1, WireType::fixed64)) {
      value_ = cursor.as_double();
    } else if (type_ == FamilyType::counter && cursor.key() == key(2, WireType::bytes)) {
      clear_exemplars();
      if (auto problem = add_exemplar(cursor.bytes())) return problem;
    } else if (type_ == FamilyType::counter && cursor.key() == key(3, WireType::bytes)) {
      if (auto problem = protobuf::read_timestamp(cursor.bytes(), created_ms_)) return problem;
    }
  }
  return problem_of(cursor);
}

WireProblem ProtobufReader::load_part() {
  clear_exemplars();
  name_ = family_;
  bound_label_ = {};
  WireProblem problem;
  if (type_ != FamilyType::summary && !is_histogram(type_)) {
    problem = read_plain();
  } else if (part_ == 0) {
    name_ = count_name_;
    value_ = type_ == FamilyType::summary ? summary_count_ : histogram_reader_.count();
  } else if (part_ == 1) {
    name_ = sum_name_;
    value_ = type_ == FamilyType::summary ? summary_sum_ : histogram_reader_.sum();
  } else if (type_ == FamilyType::summary) {
    const Quantile& quantile = quantiles_[part_ - 2];
    bound_label_ = "quantile";
    write_bound(quantile.quantile, bound_text_);
    value_ = quantile.value;
  } else {
    const auto& buckets = histogram_reader_.buckets();
    name_ = bucket_name_;
    bound_label_ = "le";
    const bool given = part_ - 2 < buckets.size();
    write_bound(given ? buckets[part_ - 2].upper_bound : std::numeric_limits<double>::infinity(), bound_text_);
    value_ = given ? buckets[part_ - 2].cumulative_count : histogram_reader_.count();
    if (given && !buckets[part_ - 2].exemplar.empty()) problem = add_exemplar(buckets[part_ - 2].exemplar);
  }
  value_ = without_stale_nan(value_);
  show_exemplars();
  return problem;
}

WireProblem ProtobufReader::load_native() {
  clear_exemplars();
  name_ = family_;
  bound_label_ = {};
  if (auto problem = histogram_reader_.take_native(histogram_)) return problem;
  histogram_.sum = without_stale_nan(histogram_.sum);
  histogram_.gauge = type_ == FamilyType::gauge_histogram;
  for (const std::string_view message : histogram_reader_.native_exemplars()) {
    if (auto problem = add_exemplar(message)) return problem;
  }
  if (exemplar_views_.empty()) {
    for (const auto& bucket : histogram_reader_.buckets()) {
      if (bucket.exemplar.empty()) continue;
      if (auto problem = add_exemplar(bucket.exemplar)) return problem;
    }
  }
  show_exemplars();
  return {};
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
