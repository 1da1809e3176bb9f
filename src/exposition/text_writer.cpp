// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "exposition/format_writer.hpp"
#include "exposition/number_writer.hpp"
#include "exposition/series_text.hpp"
#include "exposition/text_names.hpp"
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

class TextWriter final : public FormatWriter {
 public:
  explicit TextWriter(ScrapeFormat format)
      : openmetrics_(format.exposition == Exposition::openmetrics), escaping_(format.escaping) {}

  void begin(const FamilyState& family, Chunk& out) override {
    const auto& about = family.description();
    name_family(about.name, about.legacy_names, about.kind == Kind::counter || about.kind == Kind::counter_double);
    const detail::HistogramLayout* const layout = family.layout();
    in_parts_ = openmetrics_ && layout != nullptr && !layout->native() && layout->bounds().front() < 0;
    if (in_parts_) {
      write_metadata(names_.metric("_bucket"), about.help, "unknown", {}, out);
    } else {
      const bool suffixed = about.kind == Kind::info && !openmetrics_;
      const bool has_unit = about.kind != Kind::info && about.kind != Kind::state_set;
      write_metadata(suffixed ? names_.metric("_info") : base_names_.metric(), about.help, type(about.kind),
                     has_unit ? about.unit : std::string_view{}, out);
    }
    if (layout != nullptr) prepare_buckets(*layout);
    if (about.kind == Kind::state_set) more_ = state_labels(about, escaping_);
    // OpenMetrics knows these for counters and histograms only.
    const bool is_extended = openmetrics_ && !in_parts_ && (layout != nullptr || total_);
    exemplars_ = is_extended && family.exemplars();
    created_ = is_extended && family.created();
  }

  void end(const FamilyState& family, Chunk& out) override {
    if (!in_parts_) return;
    write_metadata(names_.metric("_sum"), family.description().help, "unknown", {}, out);
    out.append(sums_);
    write_metadata(names_.metric("_count"), family.description().help, "unknown", {}, out);
    out.append(counts_);
    sums_.clear();
    counts_.clear();
  }

  std::uint32_t series(const FamilyState& family, std::uint32_t row, Chunk& out) override {
    const Kind kind = family.description().kind;
    const bool simple = names_.plain && !exemplars_ && !created_;
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
      labels_.clear();
      append_row_labels(labels_, family, words, names_, escaping_);
      write_series(family, row, slot, out);
    }
    return row;
  }

  void collected(const detail::CollectedFamily& family, Chunk& out) override {
    const CollectedMetric& about = family.metric;
    const bool counter = about.type == CollectedMetric::Type::counter;
    const bool legacy = detail::is_legacy_metric_name(about.name) &&
                        std::all_of(about.label_names.begin(), about.label_names.end(), detail::is_legacy_label_name);
    name_family(about.name, legacy, counter);
    write_metadata(base_names_.metric(), about.help, type(counter ? Kind::counter : Kind::gauge), about.unit, out);
    for (std::size_t sample = 0; sample < family.values.size(); ++sample) {
      labels_.clear();
      for (std::size_t i = 0; i < about.label_names.size(); ++i) {
        append_label(labels_, names_, escaping_, about.label_names[i],
                     family.label_values[sample * about.label_names.size() + i]);
      }
      write_sample(front_, {}, family.values[sample], out);
    }
  }

  void finish(Chunk& out) override {
    if (openmetrics_) out.append("# EOF\n");
  }

 private:
  void name_family(std::string_view name, bool legacy, bool counter) {
    total_ = counter && name.ends_with(total_suffix) && name.size() > total_suffix.size();
    names_ = make_names(name, legacy, escaping_);
    front_ = names_.front();
    base_names_ = openmetrics_ && total_ ? without_total(names_) : names_;
  }

  std::string_view type(Kind kind) const {
    switch (kind) {
      case Kind::counter:
      case Kind::counter_double:
        // OpenMetrics would append _total to the name of a counter that has none, and so rename it.
        return openmetrics_ && !total_ ? "unknown" : "counter";
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

  void write_metadata(std::string_view name, std::string_view help, std::string_view type, std::string_view unit,
                      Chunk& out) {
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
    const std::string_view name = front_;
    const std::uint32_t rows = family.row_count();
    for (; row < rows && !out.full(); ++row) {
      const std::uint32_t* words = family.row(row);
      const Slot slot = SeriesRows::load(words);
      if (slot == detail::null_slot) continue;
      const auto value = read(slot);
      std::size_t size = name.size() + longest_number + 4;
      for (std::size_t i = 1; i <= label_count; ++i) size += symbols.at(SeriesRows::load(words + i)).text_size;
      char* to = Chunk::copy(out.reserve(size), name);
      for (std::size_t i = 1; i <= label_count; ++i)
        to = Chunk::copy(to, symbols.at(SeriesRows::load(words + i)).text());
      if (label_count != 0) *to++ = '}';
      *to++ = ' ';
      to = write_number(to, value);
      *to++ = '\n';
      out.advance_to(to);
    }
    return row;
  }

  /// One line: name, labels, `more` labels without separator, value.
  template <typename Number>
  void write_sample(std::string_view front, std::string_view more, Number value, Chunk& out,
                    const Slot* exemplar = nullptr) {
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
    if (exemplar != nullptr) write_exemplar(*exemplar, out);
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
    if (!created_) return;
    labels_text_ = base_names_.front("_created") + labels_;
    if (names_.quoted || !labels_.empty()) labels_text_ += '}';
    append_seconds(labels_text_, family.created_at(row).count());
    out.append(labels_text_ += '\n');
  }

  void write_series(const FamilyState& family, std::uint32_t row, Slot slot, Chunk& out) {
    const Slot* const exemplar = exemplars_ ? &slot : nullptr;
    const Kind kind = family.description().kind;
    switch (kind) {
      case Kind::counter:
        write_sample(front_, {}, arena_.sum_integer(slot), out, exemplar);
        return write_created(family, row, out);
      case Kind::counter_double:
        write_sample(front_, {}, arena_.sum_double(slot), out, exemplar);
        return write_created(family, row, out);
      case Kind::gauge:
        return write_sample(front_, {}, std::bit_cast<double>(arena_.shared(slot).load(std::memory_order_relaxed)),
                            out);
      case Kind::max_gauge:
      case Kind::min_gauge:
        return write_sample(front_, {}, take_extreme(kind, slot), out);
      case Kind::state_set: {
        const std::uint64_t current = arena_.shared(slot).load(std::memory_order_relaxed);
        for (std::size_t state = 0; state < more_.size(); ++state) {
          write_sample(front_, more_[state], std::uint64_t{state == current}, out);
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
      append_bound(text, bound, openmetrics_);
      text += '"';
    }
    more_.emplace_back("le=\"+Inf\"");
    bucket_front_ = names_.front("_bucket");
    sum_front_ = names_.front("_sum");
    count_front_ = names_.front("_count");
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
                     exemplars_ && !layout.native() ? &bucket_slot : nullptr);
      }
    }
    const double sum = layout.durations()
                           ? static_cast<double>(static_cast<std::int64_t>(arena_.sum_integer(slot))) / 1e9
                           : arena_.sum_double(slot);
    if (in_parts_) {
      append_sample(sums_, sum_front_, sum);
      append_sample(counts_, count_front_, count);
    } else {
      write_sample(sum_front_, {}, sum, out);
      write_sample(count_front_, {}, count, out);
    }
  }

  template <typename Number>
  void append_sample(std::string& text, std::string_view front, Number value) {
    text.append(front).append(labels_);
    if (names_.quoted || !labels_.empty()) text += '}';
    append_number(text += ' ', value);
    text += '\n';
  }

  const bool openmetrics_;
  const Escaping escaping_;
  const detail::ShardArena& arena_ = detail::ShardArena::process();

  // Of the family at hand.
  Names names_;
  Names base_names_;   ///< in OpenMetrics without _total
  std::string front_;  ///< of `names_`
  bool total_ = false;
  bool exemplars_ = false;
  bool created_ = false;
  std::string bucket_front_;
  std::string sum_front_;
  std::string count_front_;
  /// A histogram with bounds below zero in OpenMetrics: as three families of unknown type, for a family of type
  /// histogram must not have a sum then. The scraper stores the same series. What is written last waits here.
  bool in_parts_ = false;
  std::string sums_;
  std::string counts_;
  std::vector<std::string> more_;  ///< a label for each bucket or state

  std::string labels_;  ///< of the series at hand
  std::string labels_text_;
};

}  // namespace

std::unique_ptr<FormatWriter> make_text_writer(ScrapeFormat format) {
  return std::make_unique<TextWriter>(format);
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
