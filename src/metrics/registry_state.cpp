// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/registry_state.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "metrics/names.hpp"
#include "metrics/shard_arena.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace detail {
namespace {

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

/// All names under which samples of the metric appear in one format or another: no other metric may bear them.
std::vector<std::string> sample_names(Kind kind, const std::string& name, bool created = false) {
  std::vector<std::string> names{name};
  std::string base = name;
  switch (kind) {
    case Kind::histogram:
    case Kind::duration_histogram:
      for (const char* suffix : {"_bucket", "_count", "_sum"}) names.push_back(name + suffix);
      break;
    case Kind::info:
      names.push_back(name + "_info");
      return names;
    case Kind::counter:
    case Kind::counter_double:
      if (name.ends_with("_total")) {  // OpenMetrics calls the family of x_total x
        base.resize(name.size() - std::string_view("_total").size());
        names.push_back(base);
      }
      break;
    default:
      return names;
  }
  if (created) names.push_back(base + "_created");
  return names;
}

Kind kind_of_collected(const CollectedMetric& metric) {
  return metric.type == CollectedMetric::Type::counter ? Kind::counter_double : Kind::gauge;
}

Result<void> check_unit(const std::string& name, const std::string& unit) {
  if (unit.empty()) return {};
  std::string_view base = name;
  if (base.ends_with("_total")) base.remove_suffix(std::string_view("_total").size());
  if (base.ends_with("_" + unit)) return {};
  return Error{"the name of metric " + quoted(name) + " must end in its unit: _" + unit +
               " (before _total), as OpenMetrics demands"};
}

/// What a second registration of a name must agree in, with the first difference in words.
Result<void> check_same(const FamilyDescription& first, const FamilyDescription& again) {
  const auto differ = [&](std::string_view what, const std::string& was, const std::string& is) {
    return Error{"metric " + quoted(first.name) + " is registered already with " + std::string(what) + " " + was +
                 ", not " + is};
  };
  if (first.kind != again.kind) {
    return differ("type", std::string(type_name(first.kind)), std::string(type_name(again.kind)));
  }
  if (first.help != again.help) return differ("help", quoted(first.help), quoted(again.help));
  if (first.unit != again.unit) return differ("unit", quoted(first.unit), quoted(again.unit));
  if (first.label_names != again.label_names)
    return differ("labels", joined(first.label_names), joined(again.label_names));
  if (first.states != again.states) return differ("states", joined(first.states), joined(again.states));
  if (first.buckets != again.buckets) {
    return Error{"metric " + quoted(first.name) + " is registered already with other buckets"};
  }
  return {};
}

Result<void> check_urgent(const FamilyDescription& description) {
  switch (description.kind) {
    case Kind::counter:
    case Kind::counter_double:
    case Kind::gauge:
    case Kind::state_set:
      return {};
    default:
      return Error{
          "metric " + quoted(description.name) + " is a " + std::string(type_name(description.kind)) +
          " and cannot be urgent: counters, gauges and state sets can; put what must be told at once into one"};
  }
}

/// A metric without labels gets its series here, so that there is an error rather than a handle that counts nothing.
/// A late one does without until its first use.
Result<void> check_room(FamilyState& family, bool late) {
  const bool labelled = !family.description().label_names.empty();
  const Slot slot = labelled || late ? family.overflow_counter() : family.find_or_add(nullptr).slot;
  if (slot != null_slot) return {};
  return Error{
      "there is no room for metric " + quoted(family.description().name) + ": all " +
      std::to_string(ShardArena::capacity) +
      " cells of the process are in use, or memory could not be mapped (a histogram takes a cell for each bucket "
      "and series; see Buckets::native for its range)"};
}

class CollectionBuffer final : public Collection {
 public:
  explicit CollectionBuffer(const std::vector<CollectedMetric>& metrics) {
    for (const CollectedMetric& metric : metrics) families_.push_back({metric, {}, {}});
  }

  void add(std::size_t metric, std::initializer_list<std::string_view> label_values, double value) override {
    if (metric >= families_.size() || label_values.size() != families_[metric].metric.label_names.size()) {
      ++errors_;
      return;
    }
    std::vector<std::string> mended;
    std::string key = std::to_string(metric);
    for (const std::string_view label_value : label_values) {
      mended.push_back(replace_invalid_utf8(label_value));
      key.append("\n").append(std::to_string(mended.back().size())).append(":").append(mended.back());
    }
    if (!seen_.insert(std::move(key)).second) {
      ++errors_;
      return;
    }
    CollectedFamily& family = families_[metric];
    std::move(mended.begin(), mended.end(), std::back_inserter(family.label_values));
    family.values.push_back(value);
  }

  std::uint64_t errors() const noexcept { return errors_; }
  std::vector<CollectedFamily>& families() noexcept { return families_; }

 private:
  std::vector<CollectedFamily> families_;
  std::unordered_set<std::string> seen_;  ///< metric and labels, as they will be exported
  std::uint64_t errors_ = 0;
};

}  // namespace

std::string_view type_name(Kind kind) noexcept {
  switch (kind) {
    case Kind::counter:
      return "counter";
    case Kind::counter_double:
      return "counter of doubles";
    case Kind::gauge:
      return "gauge";
    case Kind::max_gauge:
      return "max gauge";
    case Kind::min_gauge:
      return "min gauge";
    case Kind::histogram:
      return "histogram";
    case Kind::duration_histogram:
      return "histogram of durations";
    case Kind::state_set:
      return "state set";
    case Kind::info:
      return "info";
  }
  return "unknown";
}

RegistryState::RegistryState(RegistryOptions options) : options_(options) {
  if (options_.clock == nullptr) throw Exception(Error{"RegistryOptions::clock is null; a registry needs a clock"});
  for (const char* name : {"bellwether_collector_errors_total", "bellwether_refused_observations_total",
                           "bellwether_series_overflow_total"}) {
    claimed_.emplace(name, name);
  }
}

Result<void> RegistryState::check_names(const FamilyDescription& description) const {
  if (auto checked = check_metric_name(description.name, options_.utf8_names); !checked) return checked;
  if (!is_valid_utf8(description.help))
    return Error{"the help of metric " + quoted(description.name) + " is not valid UTF-8"};
  for (auto label = description.label_names.begin(); label != description.label_names.end(); ++label) {
    if (auto checked = check_label_name(description.name, *label, options_.utf8_names); !checked) return checked;
    if (std::find(description.label_names.begin(), label, *label) != label) {
      return Error{"metric " + quoted(description.name) + " has the label " + quoted(*label) + " twice"};
    }
    if (description.kind == Kind::state_set && *label == description.name) {
      return Error{"state set " + quoted(description.name) +
                   " cannot have a label of its own name: that is where the state stands"};
    }
  }
  for (auto state = description.states.begin(); state != description.states.end(); ++state) {
    if (state->empty() || !is_valid_utf8(*state) || std::find(description.states.begin(), state, *state) != state) {
      return Error{"state set " + quoted(description.name) +
                   " needs states that are distinct, not empty and valid UTF-8"};
    }
  }
  if (description.kind == Kind::state_set && description.states.empty()) {
    return Error{"state set " + quoted(description.name) + " needs at least one state"};
  }
  return check_unit(description.name, description.unit);
}

Result<void> RegistryState::claim(const std::string& name, const std::vector<std::string>& names) {
  for (const std::string& sample_name : names) {
    if (const auto found = claimed_.find(sample_name); found != claimed_.end()) {
      return Error{"metric " + quoted(name) + " would export " + quoted(sample_name) + ", which belongs to metric " +
                   quoted(found->second) + " already"};
    }
  }
  for (const std::string& sample_name : names) claimed_.emplace(sample_name, name);
  return {};
}

Result<FamilyState*> RegistryState::add(const Registration& registration, const FamilyOptions& options) {
  FamilyDescription description{.kind = registration.kind,
                                .name = std::string(registration.name),
                                .help = std::string(registration.help),
                                .unit = std::string(options.unit),
                                .label_names = {registration.label_names.begin(), registration.label_names.end()},
                                .states = {registration.states.begin(), registration.states.end()}};
  if (registration.buckets != nullptr) description.buckets = *registration.buckets;
  if (auto checked = check_names(description); !checked) return checked.error();
  if (options.urgent) {
    if (auto checked = check_urgent(description); !checked) return checked.error();
  }
  description.legacy_names =
      is_legacy_metric_name(description.name) &&
      std::all_of(description.label_names.begin(), description.label_names.end(), is_legacy_label_name);
  std::unique_ptr<HistogramLayout> layout;
  if (registration.buckets != nullptr) {
    auto made = HistogramLayout::make(*registration.buckets, registration.kind == Kind::duration_histogram);
    if (!made) return Error{"histogram " + quoted(description.name) + ": " + made.error().message};
    layout = *std::move(made);
  }

  const std::scoped_lock lock(mutex_);
  if (const auto found = families_.find(description.name); found != families_.end()) {
    if (auto same = check_same(found->second->description(), description); !same) return same.error();
    return found->second.get();
  }
  std::string name = description.name;
  const std::vector<std::string> names = sample_names(description.kind, name, options.created);
  auto family = std::make_unique<FamilyState>(std::move(description), options, std::move(layout), epochs_,
                                              *options_.clock, urgent_changes_);
  if (auto room = check_room(*family, registration.late); !room) return room.error();
  if (auto claimed = claim(name, names); !claimed) return claimed.error();
  FamilyState* const added = families_.emplace(std::move(name), std::move(family)).first->second.get();
  if (options.urgent) urgent_changes_.note();  // again: the series of before was not to be found yet
  return added;
}

Result<std::shared_ptr<Collector::State>> RegistryState::add(std::vector<CollectedMetric> metrics,
                                                             CollectorFunction function,
                                                             const std::shared_ptr<RegistryState>& self) {
  for (const CollectedMetric& metric : metrics) {
    const FamilyDescription description{.kind = kind_of_collected(metric),
                                        .name = metric.name,
                                        .help = metric.help,
                                        .unit = metric.unit,
                                        .label_names = metric.label_names,
                                        .states = {}};
    if (auto checked = check_names(description); !checked) return checked.error();
  }
  auto collector = std::make_shared<Collector::State>();
  collector->metrics = std::move(metrics);
  collector->function = std::move(function);
  collector->registry = self;

  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < collector->metrics.size(); ++i) {
    const CollectedMetric& metric = collector->metrics[i];
    if (auto claimed = claim(metric.name, sample_names(kind_of_collected(metric), metric.name)); !claimed) {
      collector->metrics.resize(i);
      release_names(collector->metrics);
      return claimed.error();
    }
  }
  collectors_.push_back(collector);
  return collector;
}

void RegistryState::release_names(const std::vector<CollectedMetric>& metrics) {
  for (const CollectedMetric& metric : metrics) {
    for (const std::string& name : sample_names(kind_of_collected(metric), metric.name)) claimed_.erase(name);
  }
}

void RegistryState::remove(const Collector::State& collector) {
  const std::scoped_lock lock(mutex_);
  release_names(collector.metrics);
  std::erase_if(collectors_, [&](const auto& registered) { return registered.get() == &collector; });
}

std::vector<FamilyState*> RegistryState::families() const {
  const std::scoped_lock lock(mutex_);
  std::vector<FamilyState*> families;
  families.reserve(families_.size());
  for (const auto& [name, family] : families_) families.push_back(family.get());
  return families;
}

std::vector<CollectedFamily> RegistryState::collect() {
  std::vector<std::shared_ptr<Collector::State>> collectors;
  {
    const std::scoped_lock lock(mutex_);
    collectors = collectors_;
  }
  std::vector<CollectedFamily> collected;
  for (const auto& collector : collectors) {
    const std::scoped_lock running(collector->running);
    if (collector->removed) continue;
    CollectionBuffer buffer(collector->metrics);
    try {
      collector->function(buffer);
      collector_errors_ += buffer.errors();
      std::move(buffer.families().begin(), buffer.families().end(), std::back_inserter(collected));
    } catch (...) {  // whatever it is, it is the collector's: the rest of the scrape goes on
      ++collector_errors_;
    }
  }
  add_own_metrics(collected);
  std::sort(collected.begin(), collected.end(),
            [](const auto& left, const auto& right) { return left.metric.name < right.metric.name; });
  return collected;
}

void RegistryState::add_own_metrics(std::vector<CollectedFamily>& collected) const {
  using Type = CollectedMetric::Type;
  collected.push_back(
      {{"bellwether_collector_errors_total",
        "Samples or whole calls of collectors that failed and are missing from a scrape.", Type::counter},
       {},
       {static_cast<double>(collector_errors_.load())}});
  collected.push_back(
      {{"bellwether_refused_observations_total",
        "Observations of this process that were refused: not finite, negative or out of range.", Type::counter},
       {},
       {static_cast<double>(sum_integer(refused_slot))}});
  CollectedFamily overflow{{"bellwether_series_overflow_total",
                            "Look-ups that ended in the overflow series because the family reached its series limit.",
                            Type::counter,
                            {"family"}},
                           {},
                           {}};
  for (const FamilyState* family : families()) {
    if (const std::uint64_t count = family->overflow_count(); count != 0) {
      overflow.label_values.push_back(family->description().name);
      overflow.values.push_back(static_cast<double>(count));
    }
  }
  if (!overflow.values.empty()) collected.push_back(std::move(overflow));
}

void RegistryState::expire() {
  for (FamilyState* family : families()) family->expire();
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
