// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exposition.hpp>
#include <span>
#include <string>
#include <string_view>

#include "scrape/remote/write_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// Writes series of untyped values one by one, those of a metric together.
///
///     writer.sample(labels, 17, 1732186000000, out);     // labels sorted, with __name__
///     writer.finish(out);
///
/// Threads: one.
class FederateWriter {
 public:
  explicit FederateWriter(ScrapeFormat format) : format_(format) {}

  void sample(std::span<const LabelView> labels, double value, std::int64_t time_ms, std::string& out);
  /// Nothing in the text formats, which have no native histograms.
  void histogram(std::span<const LabelView> labels, const HistogramValue& value, std::int64_t time_ms,
                 std::string& out);
  /// After the last one.
  void finish(std::string& out);

 private:
  enum class Kind { none, untyped, histogram, gauge_histogram };
  void text_sample(std::span<const LabelView> labels, double value, std::int64_t time_ms, std::string& out);
  void begin_family(std::string_view name, Kind kind, std::string& out);
  std::string metric_labels(std::span<const LabelView> labels) const;

  ScrapeFormat format_;
  std::string name_;
  Kind kind_ = Kind::none;
  std::string family_;  // protobuf: the message so far
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
