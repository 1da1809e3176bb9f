// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "exposition/format_writer.hpp"
#include "exposition/name_escaping.hpp"
#include "exposition/number_writer.hpp"
#include "metrics/exemplar_store.hpp"
#include "metrics/names.hpp"
#include "metrics/shard_arena.hpp"

// Prometheus text format 0.0.4 (with quoted names: 1.0.0) and OpenMetrics 1.0.0, which differ in metadata, in the names
// of counters, in exemplars and creation times.
// https://prometheus.io/docs/instrumenting/exposition_formats/, https://prometheus.io/docs/specs/om/open_metrics_spec/

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

using detail::FamilyState;
using detail::Kind;
using detail::SeriesRows;
using detail::Slot;

/// A sample's name and labels are written in three parts: `name`, labels that begin with `{` or `,`, the rest of the line.
struct Names {
  std::string metric = {};   ///< escaped or quoted, as metadata lines have it
  std::string sample = {};   ///< the front of sample lines: `name` or `{"name"`
  bool quoted = false;  ///< the name stands among the labels
  bool plain = true;    ///< labels can be copied as they were interned

  std::string front(std::string_view suffix) const {
    return quoted ? sample.substr(0, sample.size() - 1).append(suffix) + '"' : sample + std::string(suffix);
  }
};

std::string quoted_name(std::string_view name) {
  std::string text = "\"";
  detail::append_escaped_label_value(text, name);
  return text + '"';
}

Names make_names(std::string_view name, bool legacy, Escaping escaping) {
  if (legacy && escaping != Escaping::dots) return {.metric = std::string(name), .sample = std::string(name)};
  Names names{.plain = false};
  const std::string escaped = escape_name(name, escaping);
  names.quoted = !detail::is_legacy_metric_name(escaped);
  names.metric = names.quoted ? quoted_name(escaped) : escaped;
  names.sample = names.quoted ? "{" + names.metric : escaped;
  return names;
}

class TextWriter final : public FormatWriter {
 public:
  explicit TextWriter(ScrapeFormat format)
      : openmetrics_(format.exposition == Exposition::openmetrics), escaping_(format.escaping) {}

  void begin(const FamilyState& family, Chunk& out) override {
    const auto& about = family.description();
    std::string_view base = about.name;
    const bool counter = about.kind == Kind::counter || about.kind == Kind::counter_double;
    const bool total = counter && base.ends_with("_total");
    if (openmetrics_ && total) base.remove_suffix(std::string_view("_total").size());
    std::string metadata_name(base);
    if (!openmetrics_ && about.kind == Kind::info) metadata_name += "_info";
    names_ = make_names(about.name, about.legacy_names, escaping_);
    write_metadata(make_names(metadata_name, about.legacy_names, escaping_).metric, about.help, type(about.kind, total),
                   about.unit, out);
    base_names_ = make_names(base, about.legacy_names, escaping_);
    if (const detail::HistogramLayout* layout = family.layout()) prepare_buckets(*layout);
    if (about.kind == Kind::state_set) prepare_states(about);
  }

  std::uint32_t series(const FamilyState& family, std::uint32_t row, Chunk& out) override {
    const Kind kind = family.description().kind;
    const bool simple = names_.plain && !(openmetrics_ && (family.exemplars() || family.created()));
    if (simple && kind == Kind::counter) {
      return plain_series(family, row, out, [&](Slot slot) { return arena_.sum_integer(slot); });
    }
    if (simple && kind == Kind::counter_double) {
      return plain_series(family, row, out, [&](Slot slot) { return arena_.sum_double(slot); });
    }
    if (simple && kind == Kind::gauge) {
      return plain_series(family, row, out, [&](Slot slot) {
        return std::bit_cast<double>(arena_.shared(slot).load(std::memory_order_relaxed));
      });
    }
    for (; row < family.row_count() && !out.full(); ++row) {
      const std::uint32_t* words = family.row(row);
      const Slot slot = SeriesRows::load(words);
      if (slot == detail::null_slot) continue;
      collect_labels(family, words);
      write_series(family, row, slot, out);
    }
    return row;
  }

  void collected(const detail::CollectedFamily& family, Chunk& out) override {
    const CollectedMetric& about = family.metric;
    const bool counter = about.type == CollectedMetric::Type::counter;
    const bool legacy = detail::is_legacy_metric_name(about.name) &&
                        std::all_of(about.label_names.begin(), about.label_names.end(), detail::is_legacy_label_name);
    std::string_view base = about.name;
    const bool total = counter && base.ends_with("_total");
    if (openmetrics_ && total) base.remove_suffix(std::string_view("_total").size());
    names_ = make_names(about.name, legacy, escaping_);
    write_metadata(make_names(base, legacy, escaping_).metric, about.help, type(counter ? Kind::counter : Kind::gauge, total),
                   about.unit, out);
    for (std::size_t sample = 0; sample < family.values.size(); ++sample) {
      labels_.clear();
      for (std::size_t i = 0; i < about.label_names.size(); ++i) {
        add_label(about.label_names[i], family.label_values[sample * about.label_names.size() + i]);
      }
      write_sample(names_.sample, {}, family.values[sample], out);
    }
  }

  void finish(Chunk& out) override {
    if (openmetrics_) out.append("# EOF\n");
  }

 private:
  std::string_view type(Kind kind, bool total) const {
    switch (kind) {
      case Kind::counter:
      case Kind::counter_double:
        // OpenMetrics would append _total to the name of a counter that has none, and so rename it.
        return openmetrics_ && !total ? "unknown" : "counter";
      case Kind::histogram:
      case Kind::duration_histogram:
        return "histogram";
      case Kind::state_set:
        return openmetrics_ ? "stateset" : "gauge";
      case Kind::info:
        return openmetrics_ ? "info" : "gauge";
      case Kind::gauge:
      case Kind::max_gauge:
      case Kind::min_gauge:
        break;
    }
    return "gauge";
  }

  void write_metadata(std::string_view name, std::string_view help, std::string_view type, std::string_view unit, Chunk& out) {
    std::string text;
    text.append("# HELP ").append(name).append(" ");
    for (const char c : help) {
      if (c == '\n') {
        text += "\\n";
      } else if (c == '\\' || (c == '"' && openmetrics_)) {
        text.append("\\").append(1, c);
      } else {
        text += c;
      }
    }
    text.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
    if (openmetrics_ && !unit.empty()) text.append("# UNIT ").append(name).append(" ").append(unit).append("\n");
    out.append(text);
  }

  /// The fast path: a name, interned labels, a value, four copies a line.
  template <typename Read>
  std::uint32_t plain_series(const FamilyState& family, std::uint32_t row, Chunk& out, Read read) {
    const detail::SymbolTable& symbols = detail::SymbolTable::process();
    const std::size_t label_count = family.description().label_names.size();
    const std::string_view name = names_.sample;
    const std::uint32_t rows = family.row_count();
    for (; row < rows && !out.full(); ++row) {
      const std::uint32_t* words = family.row(row);
      const Slot slot = SeriesRows::load(words);
      if (slot == detail::null_slot) continue;
      const auto value = read(slot);
      std::size_t size = name.size() + longest_number + 4;
      for (std::size_t i = 1; i <= label_count; ++i) size += symbols.at(SeriesRows::load(words + i)).text_size;
      char* to = Chunk::copy(out.reserve(size), name);
      for (std::size_t i = 1; i <= label_count; ++i) to = Chunk::copy(to, symbols.at(SeriesRows::load(words + i)).text());
      if (label_count != 0) *to++ = '}';
      *to++ = ' ';
      to = write_number(to, value);
      *to++ = '\n';
      out.advance_to(to);
    }
    return row;
  }

  void add_label(std::string_view name, std::string_view value) {
    const std::string escaped = names_.plain ? std::string(name) : escape_name(name, escaping_);
    labels_ += labels_.empty() && !names_.quoted ? '{' : ',';
    labels_ += detail::is_legacy_label_name(escaped) ? escaped : quoted_name(escaped);
    labels_ += "=\"";
    detail::append_escaped_label_value(labels_, value);
    labels_ += '"';
  }

  /// The labels of a row into `labels_`, without the closing brace.
  void collect_labels(const FamilyState& family, const std::uint32_t* words) {
    const detail::SymbolTable& symbols = detail::SymbolTable::process();
    const auto& label_names = family.description().label_names;
    labels_.clear();
    for (std::size_t i = 0; i < label_names.size(); ++i) {
      const detail::Symbol& symbol = symbols.at(SeriesRows::load(words + 1 + i));
      if (names_.plain) {
        labels_ += symbol.text();
      } else {
        add_label(label_names[i], symbol.value());
      }
    }
  }

  /// One line: name, labels, `more` labels without separator, value.
  template <typename Number>
  void write_sample(std::string_view front, std::string_view more, Number value, Chunk& out, const Slot* exemplar = nullptr) {
    const bool open = names_.quoted || !labels_.empty();
    char* to = out.reserve(front.size() + labels_.size() + more.size() + longest_number + 8);
    to = Chunk::copy(to, front);
    to = Chunk::copy(to, labels_);
    if (!more.empty()) {
      *to++ = open ? ',' : '{';
      to = Chunk::copy(to, more);
    }
    if (open || !more.empty()) *to++ = '}';
    *to++ = ' ';
    to = write_number(to, value);
    out.advance_to(to);
    if (exemplar != nullptr && openmetrics_) write_exemplar(*exemplar, out);
    out.append('\n');
  }

  void write_exemplar(Slot slot, Chunk& out) {
    detail::StoredExemplar exemplar;
    if (!detail::ExemplarStore::process().read(slot, exemplar)) return;
    std::string text = " # {";
    text.append(exemplar.label()).append("=\"");
    detail::append_escaped_label_value(text, exemplar.label_value());
    text += "\"} ";
    append_number(text, exemplar.value);
    if (exemplar.time_nanoseconds != 0) append_seconds(text, exemplar.time_nanoseconds);
    out.append(text);
  }

  /// A time to the millisecond, which is what OpenMetrics readers keep.
  static void append_seconds(std::string& text, std::int64_t nanoseconds) {
    const std::int64_t milliseconds = nanoseconds / 1'000'000;
    const std::string fraction = std::to_string(1000 + milliseconds % 1000);
    text.append(" ").append(std::to_string(milliseconds / 1000)).append(".").append(fraction, 1);
  }

  void write_created(const FamilyState& family, std::uint32_t row, Chunk& out) {
    if (!openmetrics_ || !family.created()) return;
    labels_text_ = base_names_.front("_created") + labels_;
    if (names_.quoted || !labels_.empty()) labels_text_ += '}';
    append_seconds(labels_text_, family.created_at(row).count());
    out.append(labels_text_ += '\n');
  }

  void write_series(const FamilyState& family, std::uint32_t row, Slot slot, Chunk& out) {
    const Slot* const exemplar = family.exemplars() ? &slot : nullptr;
    const Kind kind = family.description().kind;
    switch (kind) {
      case Kind::counter:
        write_sample(names_.sample, {}, arena_.sum_integer(slot), out, exemplar);
        return write_created(family, row, out);
      case Kind::counter_double:
        write_sample(names_.sample, {}, arena_.sum_double(slot), out, exemplar);
        return write_created(family, row, out);
      case Kind::gauge:
        return write_sample(names_.sample, {}, std::bit_cast<double>(arena_.shared(slot).load(std::memory_order_relaxed)), out);
      case Kind::max_gauge:
      case Kind::min_gauge:
        return write_sample(names_.sample, {}, take_extreme(kind, slot), out);
      case Kind::state_set: {
        const std::uint64_t current = arena_.shared(slot).load(std::memory_order_relaxed);
        for (std::size_t state = 0; state < more_.size(); ++state) {
          write_sample(names_.sample, more_[state], std::uint64_t{state == current}, out);
        }
        return;
      }
      case Kind::info:
        return write_sample(names_.front("_info"), {}, std::uint64_t{1}, out);
      case Kind::histogram:
      case Kind::duration_histogram:
        write_histogram(family, slot, out);
        return write_created(family, row, out);
    }
  }

  void prepare_buckets(const detail::HistogramLayout& layout) {
    more_.clear();
    // Only protobuf carries native buckets; count and sum are told here too.
    for (const double bound : layout.native() ? std::vector<double>{} : layout.bounds()) {
      std::string& text = more_.emplace_back("le=\"");
      openmetrics_ ? append_canonical_float(text, bound) : append_number(text, bound);
      text += '"';
    }
    more_.emplace_back("le=\"+Inf\"");
    bucket_front_ = names_.front("_bucket");
    sum_front_ = names_.front("_sum");
    count_front_ = names_.front("_count");
  }

  void prepare_states(const detail::FamilyDescription& about) {
    more_.clear();
    const std::string escaped = escape_name(about.name, escaping_);
    for (const std::string& state : about.states) {
      std::string& text = more_.emplace_back(detail::is_legacy_label_name(escaped) ? escaped : quoted_name(escaped));
      text += "=\"";
      detail::append_escaped_label_value(text, state);
      text += '"';
    }
  }

  void write_histogram(const FamilyState& family, Slot slot, Chunk& out) {
    const detail::HistogramLayout& layout = *family.layout();
    const std::uint32_t buckets = layout.table().bucket_count;
    std::uint64_t count = 0;
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
      const Slot bucket_slot = slot + 1 + bucket;
      count += arena_.sum_integer(bucket_slot);
      if (!layout.native() || bucket + 1 == buckets) {
        write_sample(bucket_front_, layout.native() ? more_.back() : more_[bucket], count, out,
                     family.exemplars() && !layout.native() ? &bucket_slot : nullptr);
      }
    }
    if (layout.durations()) {
      const auto nanoseconds = static_cast<std::int64_t>(arena_.sum_integer(slot));
      write_sample(sum_front_, {}, static_cast<double>(nanoseconds) / 1e9, out);
    } else {
      write_sample(sum_front_, {}, arena_.sum_double(slot), out);
    }
    write_sample(count_front_, {}, count, out);
  }

  const bool openmetrics_;
  const Escaping escaping_;
  const detail::ShardArena& arena_ = detail::ShardArena::process();

  // Of the family at hand.
  Names names_;
  Names base_names_;  ///< without _total
  std::string bucket_front_;
  std::string sum_front_;
  std::string count_front_;
  std::vector<std::string> more_;  ///< a label for each bucket or state

  std::string labels_;  ///< of the series at hand
  std::string labels_text_;
};

}  // namespace

std::unique_ptr<FormatWriter> make_text_writer(ScrapeFormat format) { return std::make_unique<TextWriter>(format); }

}  // namespace exposition
BELLWETHER_NAMESPACE_END
