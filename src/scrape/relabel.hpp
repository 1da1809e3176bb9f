// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/prometheus/relabel_config.hpp"
#include "config/prometheus/scrape_config.hpp"
#include "exposition/exposition_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

using exposition::LabelView;

/// The labels of one series or target while they are being changed: views of what somebody else owns, and of texts of its own.
/// Sorted by name, none twice, none with an empty value. Keep one and use it again: its memory stays.
///
///     buffer.reset();
///     for (const LabelView& label : parsed) buffer.set(label.name, label.value);
///     if (!relabeller.apply(buffer)) return;            // dropped
///     store.lookup(buffer.labels());                    // views: good until the next change or reset
///
/// Threads: one. Allocation: none once it has grown, while texts stay short of what it held before.
class LabelBuffer {
 public:
  LabelBuffer() = default;
  LabelBuffer(const LabelBuffer&) = delete;
  LabelBuffer& operator=(const LabelBuffer&) = delete;
  LabelBuffer(LabelBuffer&&) = default;
  LabelBuffer& operator=(LabelBuffer&&) = default;

  /// Without labels.
  void reset() noexcept;

  /// Views are kept, not copied: name and value must live as long as the labels are used. An empty value removes.
  void set(std::string_view name, std::string_view value);
  /// The same for texts that do not live on.
  void set_copy(std::string_view name, std::string_view value);
  void remove(std::string_view name);

  /// Empty where there is no such label.
  std::string_view value(std::string_view name) const noexcept;
  std::span<const LabelView> labels() const noexcept { return labels_; }

 private:
  friend class Relabeller;
  std::string_view keep(std::string_view text);
  std::vector<LabelView>::iterator place(std::string_view name) noexcept;

  std::vector<LabelView> labels_;
  std::vector<std::unique_ptr<std::string>> texts_;  // the first `used_` hold what labels_ looks at
  std::size_t used_ = 0;
  std::string source_;  // scratch of the relabeller
  std::string target_;
  std::string expanded_;
  std::vector<LabelView> before_;
};

/// `relabel_configs` or `metric_relabel_configs`, compiled once. Every action of Prometheus 3, with its meaning.
///
///     Relabeller relabeller = Relabeller::make(job.metric_relabel_configs, job.metric_name_validation_scheme).value();
///
/// Threads: immutable; any number may apply, each with its own buffer. Allocation: none where no step changes anything.
class Relabeller {
 public:
  /// Does nothing.
  Relabeller() = default;
  /// An error says which step, and why. Configurations that were loaded have been checked already.
  static Result<Relabeller> make(std::span<const config::RelabelConfig> steps,
                                 config::NameValidation validation = config::NameValidation::utf8);

  bool empty() const noexcept { return steps_.empty(); }

  /// False: a step drops these labels; the buffer then holds them as far as they had come.
  bool apply(LabelBuffer& labels) const;

 private:
  struct Step;
  static bool run(const Step& step, LabelBuffer& labels);
  static void replace(const Step& step, std::string_view source, LabelBuffer& labels);
  static void map_names(const Step& step, LabelBuffer& labels);
  static std::string_view source_of(const config::RelabelConfig& config, LabelBuffer& labels);

  std::vector<std::shared_ptr<const Step>> steps_;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
