// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/sample_labels.hpp"

#include <algorithm>

#include "exposition/label_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::string_view name_label = "__name__";

const LabelView* find(const exposition::SeriesView& series, std::string_view name) {
  for (const LabelView& label : series.labels) {
    if (label.name == name) return &label;
  }
  return nullptr;
}

Error beyond(std::string_view limit, std::uint64_t value, std::uint64_t allowed, std::string_view metric,
             std::string_view label) {
  std::string text = std::string(limit) + " exceeded: metric " + std::string(metric.substr(0, 50));
  if (!label.empty()) text += ", label " + std::string(label.substr(0, 50));
  return Error{text + ", " + std::to_string(value) + " where " + std::to_string(allowed) + " are allowed"};
}

bool is_legacy(const LabelView& label) {
  if (label.name != name_label) return exposition::plain_name_length(label.name, false) == label.name.size();
  return exposition::plain_name_length(label.value, true) == label.value.size();
}

}  // namespace

Result<std::shared_ptr<const IngestionSettings>> IngestionSettings::make(
    std::shared_ptr<const config::ScrapeConfig> job) {
  auto relabeller = Relabeller::make(job->metric_relabel_configs, job->metric_name_validation_scheme);
  if (!relabeller) return Error{"job " + job->job_name + ": metric_relabel_configs: " + relabeller.error().message};
  return std::make_shared<const IngestionSettings>(IngestionSettings{std::move(job), std::move(*relabeller)});
}

bool IngestionSettings::names_series_as(const IngestionSettings& other) const {
  const config::ScrapeConfig& a = *job;
  const config::ScrapeConfig& b = *other.job;
  return a.honor_labels == b.honor_labels && a.metric_relabel_configs == b.metric_relabel_configs &&
         a.metric_name_validation_scheme == b.metric_name_validation_scheme && a.limits.labels == b.limits.labels &&
         a.limits.label_name_length == b.limits.label_name_length &&
         a.limits.label_value_length == b.limits.label_value_length;
}

void SampleLabels::join(const exposition::SeriesView& series, bool honor_labels) {
  buffer_.reset();
  buffer_.set(name_label, series.name);
  for (const LabelView& label : series.labels) buffer_.set(label.name, label.value);
  moved_.clear();
  for (const auto& [name, value] : target_) {
    const LabelView* const own = find(series, name);
    if (honor_labels) {
      if (own == nullptr) buffer_.set(name, value);  // an empty one of its own keeps the target's away
      continue;
    }
    if (own != nullptr && !own->value.empty()) moved_.push_back(*own);
    buffer_.set(name, value);
  }
  // Shorter names first, so that `x` and `exported_x` of one series do not change places.
  std::stable_sort(moved_.begin(), moved_.end(),
                   [](const LabelView& a, const LabelView& b) { return a.name.size() < b.name.size(); });
  for (const LabelView& label : moved_) {
    std::string name = "exported_" + std::string(label.name);
    while (!buffer_.value(name).empty()) name.insert(0, "exported_");
    buffer_.set_copy(name, label.value);
  }
}

Result<void> SampleLabels::check(const config::ScrapeConfig& job) {
  const std::string_view metric = buffer_.value(name_label);
  if (metric.empty()) return Error{"a series has no metric name after metric relabelling; keep __name__"};
  const config::ScrapeLimits& limits = job.limits;
  limit_exceeded_ = true;
  if (limits.labels > 0 && buffer_.labels().size() > limits.labels) {
    return beyond("label_limit", buffer_.labels().size(), limits.labels, metric, {});
  }
  for (const LabelView& label : buffer_.labels()) {
    if (limits.label_name_length > 0 && label.name.size() > limits.label_name_length) {
      return beyond("label_name_length_limit", label.name.size(), limits.label_name_length, metric, label.name);
    }
    if (limits.label_value_length > 0 && label.value.size() > limits.label_value_length) {
      return beyond("label_value_length_limit", label.value.size(), limits.label_value_length, metric, label.name);
    }
  }
  limit_exceeded_ = false;
  if (job.metric_name_validation_scheme == config::NameValidation::legacy) {
    for (const LabelView& label : buffer_.labels()) {
      if (is_legacy(label)) continue;
      return Error{"the name in metric " + std::string(metric.substr(0, 50)) + ", label " +
                   std::string(label.name.substr(0, 50)) + " is none of the legacy scheme"};
    }
  }
  return {};
}

Result<SampleLabels::Fate> SampleLabels::build(const exposition::SeriesView& series, const IngestionSettings& settings,
                                               storage::LabelSet& out) {
  limit_exceeded_ = false;
  join(series, settings.job->honor_labels);
  if (!settings.relabeller.empty() && !settings.relabeller.apply(buffer_)) return Fate::dropped;
  if (Result<void> good = check(*settings.job); !good) return good.error();
  Result<storage::LabelSet> made = storage::LabelSet::make(buffer_.labels());
  if (!made) return Error{"metric " + std::string(series.name.substr(0, 50)) + ": " + made.error().message};
  out = std::move(*made);
  return Fate::kept;
}

storage::LabelSet SampleLabels::of_report(std::string_view name) const {
  std::vector<LabelView> labels{{name_label, name}};
  for (const auto& [label, value] : target_) {
    if (label != name_label) labels.push_back({label, value});
  }
  Result<storage::LabelSet> made = storage::LabelSet::make(labels);
  return made ? std::move(*made) : storage::LabelSet{};
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
