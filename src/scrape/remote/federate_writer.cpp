// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/federate_writer.hpp"

#include "exposition/name_escaping.hpp"
#include "exposition/number_writer.hpp"
#include "exposition/protobuf_fields.hpp"
#include "exposition/text_names.hpp"
#include "scrape/remote/wire_histogram.hpp"
#include "storage/label_set.hpp"

// Of io.prometheus.client: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

using exposition::Message;

constexpr std::string_view name_label = "__name__";
constexpr std::size_t family_bytes = std::size_t{256} << 10U;  // then the next message of the same name begins

bool is_legacy(std::string_view name, bool colon) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!letter && !(colon && c == ':')) return false;
  }
  return true;
}

/// One side's spans and counts; `counts` is the field of deltas, the next one that of doubles.
void put_side(Message& histogram, unsigned spans_field, const std::vector<exposition::BucketSpan>& spans,
              const std::vector<double>& counts, bool integer) {
  for (const exposition::BucketSpan& span : spans) {
    histogram.message(spans_field, Message().varint(1, exposition::zigzag(span.offset)).varint(2, span.length));
  }
  std::int64_t last = 0;
  for (const double count : counts) {
    if (!integer) {
      histogram.fixed(spans_field + 2, count);
      continue;
    }
    const auto now = static_cast<std::int64_t>(count);
    histogram.varint(spans_field + 1, exposition::zigzag(now - last));
    last = now;
  }
}

Message client_histogram(const HistogramValue& value) {
  Message out;
  const bool integer = has_whole_counts(value);
  if (integer) {
    out.varint(1, static_cast<std::uint64_t>(value.count));
  } else {
    out.fixed(4, value.count);
  }
  out.fixed(2, value.sum).varint(5, exposition::zigzag(value.schema)).fixed(6, value.zero_threshold);
  if (integer) {
    out.varint(7, static_cast<std::uint64_t>(value.zero_count));
  } else {
    out.fixed(8, value.zero_count);
  }
  put_side(out, 9, value.negative_spans, value.negative_counts, integer);
  put_side(out, 12, value.positive_spans, value.positive_counts, integer);
  // A native one without any bucket is told from a classic one by an empty span.
  if (value.positive_spans.empty() && value.negative_spans.empty())
    out.message(12, Message().varint(1, 0).varint(2, 0));
  return out;
}

void append_escaped(std::string_view value, std::string& out) {
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

}  // namespace

void FederateWriter::text_sample(std::span<const LabelView> labels, double value, std::int64_t time_ms,
                                 std::string& out) {
  const std::string_view name = storage::value_of(labels, name_label);
  const exposition::Names names = exposition::make_names(name, is_legacy(name, true), format_.escaping);
  if (name != name_ || kind_ == Kind::none) {
    name_ = name;
    kind_ = Kind::untyped;
    out.append("# TYPE ").append(names.metric()).append(" untyped\n");
  }
  out += names.front();
  bool first = !names.quoted;
  for (const LabelView& label : labels) {
    if (label.name == name_label) continue;
    out += first ? '{' : ',';
    first = false;
    const std::string label_name = exposition::escape_label_name(label.name, format_.escaping);
    out += is_legacy(label_name, false) ? label_name : exposition::quoted_name(label_name);
    out += "=\"";
    append_escaped(label.value, out);
    out += '"';
  }
  out += first ? " " : "} ";
  exposition::append_number(out, value);
  out += ' ';
  out += std::to_string(time_ms);
  out += '\n';
}

void FederateWriter::finish(std::string& out) {
  if (!family_.empty()) {
    char length[10];
    out.append(length, exposition::write_varint(length, family_.size()));
    out += family_;
  }
  family_.clear();
  kind_ = Kind::none;
}

void FederateWriter::begin_family(std::string_view name, Kind kind, std::string& out) {
  if (kind_ == kind && name_ == name && family_.size() < family_bytes) return;
  finish(out);
  name_ = name;
  kind_ = kind;
  constexpr unsigned untyped = 3;
  constexpr unsigned histogram = 4;
  constexpr unsigned gauge_histogram = 5;
  Message head;
  head.text(1, exposition::escape_name(name, format_.escaping));
  head.varint(3, kind == Kind::untyped ? untyped : kind == Kind::histogram ? histogram : gauge_histogram);
  family_ = head.bytes();
}

std::string FederateWriter::metric_labels(std::span<const LabelView> labels) const {
  Message metric;
  for (const LabelView& label : labels) {
    if (label.name == name_label) continue;
    metric.message(1,
                   Message().text(1, exposition::escape_label_name(label.name, format_.escaping)).text(2, label.value));
  }
  return metric.bytes();
}

void FederateWriter::sample(std::span<const LabelView> labels, double value, std::int64_t time_ms, std::string& out) {
  if (format_.exposition != Exposition::protobuf) return text_sample(labels, value, time_ms, out);
  begin_family(storage::value_of(labels, name_label), Kind::untyped, out);
  Message metric;
  metric.append(metric_labels(labels));
  metric.message(5, Message().fixed(1, value)).varint(6, static_cast<std::uint64_t>(time_ms));
  family_ += Message().message(4, metric).bytes();
}

void FederateWriter::histogram(std::span<const LabelView> labels, const HistogramValue& value, std::int64_t time_ms,
                               std::string& out) {
  if (format_.exposition != Exposition::protobuf || value.schema == HistogramValue::custom_schema) return;
  begin_family(storage::value_of(labels, name_label), value.gauge ? Kind::gauge_histogram : Kind::histogram, out);
  Message metric;
  metric.append(metric_labels(labels));
  metric.message(7, client_histogram(value)).varint(6, static_cast<std::uint64_t>(time_ms));
  family_ += Message().message(4, metric).bytes();
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
