// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exposition/exposition_reader.hpp"
#include "exposition/protobuf_histogram_reader.hpp"
#include "exposition/protobuf_wire.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// Reads delimited io.prometheus.client.MetricFamily messages; see ExpositionReader for the use.
///
/// Summaries and classic histograms come as the series that the text formats have, in the order that Prometheus gives
/// them: name_count, name_sum, then the quantiles or buckets, with `le` and `quantile` spelled as in OpenMetrics
/// ("1.0", "+Inf"); a missing +Inf bucket is added. A histogram with native buckets comes as one Entry::histogram; its
/// classic series follow if the options ask for them. A timestamp of 0 is none.
///
/// Names and labels may be any UTF-8; a family's name has at most 4096 bytes. The labels of one summary or histogram,
/// times its number of series, may not exceed 4 MiB: so no small message unfolds into gigabytes. Unknown fields are
/// skipped. Errors: "byte 1234: expected ..., in family \"orders\"".
class ProtobufReader final : public ExpositionReader {
 public:
  explicit ProtobufReader(std::string_view input, ReaderOptions options = {}) noexcept
      : input_(input), options_(options) {}

  Result<Entry> next() override;
  std::string_view series_key() override;
  Result<SeriesView> series() override;

 private:
  enum class Stage : std::uint8_t { family, help, type, unit, metric, native, parts };

  std::optional<Error> open_family();
  Result<bool> open_metric();
  std::optional<Error> open_value();
  protobuf::WireProblem read_summary();
  protobuf::WireProblem read_plain();
  protobuf::WireProblem load_part();
  protobuf::WireProblem load_native();
  protobuf::WireProblem add_exemplar(std::string_view message);
  void clear_exemplars() noexcept;
  void show_exemplars() noexcept;
  std::optional<Error> read_labels();
  Error describe(const char* at, std::string_view expected) const;
  Error fail(const char* at, std::string_view expected);

  struct Quantile {
    double quantile = 0;
    double value = 0;
  };

  std::string_view input_;
  ReaderOptions options_;
  Stage stage_ = Stage::family;
  std::size_t at_ = 0;  // of the next family
  std::optional<Error> failure_;

  // The family.
  protobuf::Cursor metrics_;
  std::string_view help_;
  std::string_view unit_;
  bool has_help_ = false;
  std::uint32_t value_key_ = 0;  // of the field of Metric that holds a value of this type
  std::string count_name_;
  std::string sum_name_;
  std::string bucket_name_;

  // The metric.
  std::string_view metric_;
  std::string_view value_message_;
  std::vector<std::string_view> label_messages_;
  std::size_t label_bytes_ = 0;
  protobuf::HistogramReader histogram_reader_;
  std::vector<Quantile> quantiles_;
  double summary_count_ = 0;
  double summary_sum_ = 0;
  std::size_t part_ = 0;
  std::size_t parts_ = 0;

  // The series.
  std::string_view name_;
  std::string_view bound_label_;  // "le", "quantile" or nothing
  std::string bound_text_;
  std::vector<LabelView> labels_;
  bool labels_read_ = false;
  std::size_t plain_labels_ = 0;  // without the bound
  bool has_bound_label_ = false;  // the metric brings a label of its own with the bound's name
  std::vector<std::string_view> sorted_names_;
  std::string key_;
  std::size_t key_base_ = 0;  // how much of the key is common to the metric's series
  std::vector<ExemplarView> exemplar_views_;
  std::vector<LabelView> exemplar_labels_;
  std::vector<std::size_t> exemplar_ends_;  // of each exemplar's labels
};

}  // namespace exposition
BELLWETHER_NAMESPACE_END
