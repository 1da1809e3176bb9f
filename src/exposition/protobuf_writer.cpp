// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "exposition/format_writer.hpp"
#include "exposition/name_escaping.hpp"
#include "exposition/native_buckets.hpp"
#include "exposition/protobuf_fields.hpp"
#include "metrics/exemplar_store.hpp"
#include "metrics/names.hpp"
#include "metrics/shard_arena.hpp"

// io.prometheus.client.MetricFamily messages, each with its length before it. A family that is larger than a chunk is
// written as several messages of the same name: so no message needs more memory than a chunk. Field numbers:
// https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

using detail::FamilyState;
using detail::Kind;
using detail::SeriesRows;
using detail::Slot;

enum class MetricType : std::uint8_t { counter = 0, gauge = 1, untyped = 3, histogram = 4 };

MetricType type_of(Kind kind) {
  switch (kind) {
    case Kind::counter:
    case Kind::counter_double:
      return MetricType::counter;
    case Kind::histogram:
    case Kind::duration_histogram:
      return MetricType::histogram;
    default:
      return MetricType::gauge;
  }
}

Message timestamp(std::int64_t nanoseconds) {
  Message message;
  message.varint(1, static_cast<std::uint64_t>(nanoseconds / 1'000'000'000));
  message.varint(2, static_cast<std::uint64_t>(nanoseconds % 1'000'000'000));
  return message;
}

/// An exemplar field, or nothing if the slot has none.
void add_exemplar(Message& to, unsigned field, Slot slot) {
  detail::StoredExemplar stored;
  if (!detail::ExemplarStore::process().read(slot, stored)) return;
  Message exemplar;
  exemplar.message(1, Message().text(1, stored.label()).text(2, stored.label_value()));
  exemplar.fixed(2, stored.value);
  if (stored.time_nanoseconds != 0) exemplar.message(3, timestamp(stored.time_nanoseconds));
  to.message(field, exemplar);
}

class ProtobufWriter final : public FormatWriter {
 public:
  explicit ProtobufWriter(ScrapeFormat format) : escaping_(format.escaping) {}

  void begin(const FamilyState& family, Chunk&) override {
    const auto& about = family.description();
    plain_ = about.legacy_names && escaping_ != Escaping::dots;
    std::string name = escape_name(about.name, escaping_);
    if (about.kind == Kind::info) name += "_info";
    start_family(name, about.help, about.unit, type_of(about.kind));
  }

  std::uint32_t series(const FamilyState& family, std::uint32_t row, Chunk& out) override {
    const Kind kind = family.description().kind;
    const std::size_t length_at = begin_message(out);
    const std::uint32_t rows = family.row_count();
    if (plain_ && kind == Kind::counter && !family.exemplars() && !family.created()) {
      row = plain_counters(family, row, rows, out);
    } else {
      for (; row < rows && !out.full(); ++row) {
        const std::uint32_t* words = family.row(row);
        const Slot slot = SeriesRows::load(words);
        if (slot == detail::null_slot) continue;
        collect_labels(family, words);
        write_series(family, row, slot, out);
      }
    }
    end_message(length_at, out);
    return row;
  }

  void collected(const detail::CollectedFamily& family, Chunk& out) override {
    const CollectedMetric& about = family.metric;
    const bool counter = about.type == CollectedMetric::Type::counter;
    start_family(escape_name(about.name, escaping_), about.help, about.unit,
                 counter ? MetricType::counter : MetricType::gauge);
    const std::size_t length_at = begin_message(out);
    for (std::size_t sample = 0; sample < family.values.size(); ++sample) {
      labels_.clear();
      for (std::size_t i = 0; i < about.label_names.size(); ++i) {
        add_label(about.label_names[i], family.label_values[sample * about.label_names.size() + i]);
      }
      write_metric(counter ? 3 : 2, Message().fixed(1, family.values[sample]), out);
    }
    end_message(length_at, out);
  }

  void finish(Chunk&) override {}

 private:
  /// Lengths are written before what they count is known, as varints of this fixed size: padding is valid.
  static constexpr std::size_t length_size = 5;

  void start_family(const std::string& name, const std::string& help, const std::string& unit, MetricType type) {
    header_.clear();
    header_.text(1, name);
    header_.text(2, help);
    header_.varint(3, static_cast<std::uint64_t>(type));
    if (!unit.empty()) header_.text(5, unit);
  }

  std::size_t begin_message(Chunk& out) {
    const std::size_t length_at = out.size();
    out.advance_to(out.reserve(length_size) + length_size);
    out.append(header_.bytes());
    return length_at;
  }

  static void end_message(std::size_t length_at, Chunk& out) {
    std::uint64_t length = out.size() - length_at - length_size;
    char* to = out.data() + length_at;
    for (std::size_t i = 0; i + 1 < length_size; ++i, length >>= 7U) *to++ = static_cast<char>(length | 0x80U);
    *to = static_cast<char>(length);
  }

  /// The fast path: interned label fields and 11 bytes of counter.
  static std::uint32_t plain_counters(const FamilyState& family, std::uint32_t row, std::uint32_t rows, Chunk& out) {
    constexpr std::size_t value_size = 11;
    const detail::ShardArena& arena = detail::ShardArena::process();
    const detail::SymbolTable& symbols = detail::SymbolTable::process();
    const std::size_t label_count = family.description().label_names.size();
    for (; row < rows && !out.full(); ++row) {
      const std::uint32_t* words = family.row(row);
      const Slot slot = SeriesRows::load(words);
      if (slot == detail::null_slot) continue;
      std::size_t size = value_size;
      for (std::size_t i = 1; i <= label_count; ++i) size += symbols.at(SeriesRows::load(words + i)).pair_size;
      char* to = out.reserve(size + length_size + 1);
      *to++ = field_tag(4, WireType::bytes);
      to = write_varint(to, size);
      for (std::size_t i = 1; i <= label_count; ++i)
        to = Chunk::copy(to, symbols.at(SeriesRows::load(words + i)).pair());
      *to++ = field_tag(3, WireType::bytes);
      *to++ = value_size - 2;
      *to++ = field_tag(1, WireType::fixed64);
      out.advance_to(write_fixed(to, static_cast<double>(arena.sum_integer(slot))));
    }
    return row;
  }

  void add_label(std::string_view name, std::string_view value) {
    labels_.message(1, Message().text(1, escape_label_name(name, escaping_)).text(2, value));
  }

  void collect_labels(const FamilyState& family, const std::uint32_t* words) {
    const detail::SymbolTable& symbols = detail::SymbolTable::process();
    const auto& label_names = family.description().label_names;
    labels_.clear();
    for (std::size_t i = 0; i < label_names.size(); ++i) {
      const detail::Symbol& symbol = symbols.at(SeriesRows::load(words + 1 + i));
      if (plain_) {
        labels_.append(symbol.pair());
      } else {
        add_label(label_names[i], symbol.value());
      }
    }
  }

  /// One Metric with the labels at hand and one value field.
  void write_metric(unsigned field, const Message& value, Chunk& out) {
    Message metric;
    metric.append(labels_.bytes());
    metric.message(field, value);
    out.append(Message().message(4, metric).bytes());
  }

  void write_series(const FamilyState& family, std::uint32_t row, Slot slot, Chunk& out) {
    const Kind kind = family.description().kind;
    Message value;
    switch (kind) {
      case Kind::counter:
      case Kind::counter_double:
        value.fixed(1, kind == Kind::counter ? static_cast<double>(arena_.sum_integer(slot)) : arena_.sum_double(slot));
        if (family.exemplars()) add_exemplar(value, 2, slot);
        if (family.created()) value.message(3, timestamp(family.created_at(row).count()));
        return write_metric(3, value, out);
      case Kind::gauge:
        value.fixed(1, std::bit_cast<double>(arena_.shared(slot).load(std::memory_order_relaxed)));
        return write_metric(2, value, out);
      case Kind::max_gauge:
      case Kind::min_gauge:
        return write_metric(2, value.fixed(1, take_extreme(kind, slot)), out);
      case Kind::info:
        return write_metric(2, value.fixed(1, 1), out);
      case Kind::state_set:
        return write_states(family, slot, out);
      case Kind::histogram:
      case Kind::duration_histogram:
        return write_histogram(family, row, slot, out);
    }
  }

  void write_states(const FamilyState& family, Slot slot, Chunk& out) {
    const auto& about = family.description();
    const std::uint64_t current = arena_.shared(slot).load(std::memory_order_relaxed);
    const Message labels = labels_;
    for (std::size_t state = 0; state < about.states.size(); ++state) {
      labels_ = labels;
      add_label(about.name, about.states[state]);
      write_metric(2, Message().fixed(1, state == current ? 1 : 0), out);
    }
  }

  void write_histogram(const FamilyState& family, std::uint32_t row, Slot slot, Chunk& out) {
    const detail::HistogramLayout& layout = *family.layout();
    counts_.clear();
    std::uint64_t count = 0;
    for (std::uint32_t bucket = 0; bucket < layout.table().bucket_count; ++bucket) {
      counts_.push_back(arena_.sum_integer(slot + 1 + bucket));
      count += counts_.back();
    }
    const double sum = layout.durations()
                           ? static_cast<double>(static_cast<std::int64_t>(arena_.sum_integer(slot))) / 1e9
                           : arena_.sum_double(slot);
    Message histogram;
    histogram.varint(1, count).fixed(2, sum);
    if (layout.native()) {
      add_native_buckets(histogram, layout, counts_);
    } else {
      std::uint64_t cumulative = 0;
      for (std::uint32_t i = 0; i < layout.bounds().size(); ++i) {
        cumulative += counts_[i];
        Message bucket;
        bucket.varint(1, cumulative).fixed(2, layout.bounds()[i]);
        if (family.exemplars()) add_exemplar(bucket, 3, slot + 1 + i);
        histogram.message(3, bucket);
      }
      // +Inf is implied by the count; it is written only where its exemplar needs a place.
      Message last;
      last.varint(1, count).fixed(2, std::numeric_limits<double>::infinity());
      const std::size_t bare = last.bytes().size();
      if (family.exemplars()) add_exemplar(last, 3, slot + static_cast<std::uint32_t>(counts_.size()));
      if (last.bytes().size() != bare) histogram.message(3, last);
    }
    if (family.created()) histogram.message(15, timestamp(family.created_at(row).count()));
    if (layout.native() && family.exemplars()) {
      for (std::uint32_t bucket = 0; bucket < counts_.size(); ++bucket) add_exemplar(histogram, 16, slot + 1 + bucket);
    }
    write_metric(7, histogram, out);
  }

  const Escaping escaping_;
  const detail::ShardArena& arena_ = detail::ShardArena::process();
  bool plain_ = true;
  Message header_;  ///< of the family at hand: name, help, type, unit
  Message labels_;  ///< of the series at hand
  std::vector<std::uint64_t> counts_;
};

}  // namespace

std::unique_ptr<FormatWriter> make_protobuf_writer(ScrapeFormat format) {
  return std::make_unique<ProtobufWriter>(format);
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
