// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/detail/family.hpp>
#include <bellwether/label_table.hpp>
#include <bellwether/labels.hpp>
#include <bellwether/series.hpp>
#include <concepts>
#include <span>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

/// One metric with labels: a series for each combination of label values that occurs. The names of the labels are
/// part of the type, so that a wrong name or a missing value does not compile.
///
///     Family<Counter, "venue", "side"> fills =
///         registry.counter<"venue", "side">("fills_total", "Fills by venue and side.").value();
///     fills.at("binance", "buy").inc();
///     fills.at(label<"side">("sell"), label<"venue">("binance")).inc();
///
/// Keep the handle that `at` returns where the same series is used again and again: then no look-up remains.
///
/// Cardinality: past `FamilyOptions::series_limit` series, new combinations share one series whose labels all read
/// "overflow", and `bellwether_series_overflow_total{family=…}` counts the look-ups that ended there.
///
/// A handle to what the registry owns: 8 bytes, free to copy, valid as long as the registry. Threads: any number look up,
/// add and remove at once. A look-up of a known series takes no lock and does not wait; the first one of a
/// series takes the family's mutex and allocates. Label values are interned for the life of the process: take them from bounded
/// sets, not from order ids. Values must be valid UTF-8; other bytes are replaced by U+FFFD.
template <typename Metric, FixedString... LabelNames>
class Family {
  static_assert(sizeof...(LabelNames) > 0, "a family has labels; without labels, register the metric itself");
  static_assert((detail::is_label_name(LabelNames.view()) && ...),
                "a label name is not empty and does not start with __, which is Prometheus's own");
  static_assert(detail::all_differ(std::array{LabelNames.view()...}), "a label name occurs twice");
  static_assert(!(std::same_as<Metric, Histogram> || std::same_as<Metric, DurationHistogram>) ||
                    ((LabelNames.view() != "le") && ...),
                "le is the label that the buckets of a histogram carry");

 public:
  static constexpr std::array label_names{LabelNames.view()...};

  /// Usually made by `Registry`.
  explicit Family(detail::FamilyState& state) noexcept : state_(&state) {}

  /// The series with these label values, in the order of the names. Creates it if it does not exist.
  template <std::convertible_to<std::string_view>... Values>
  requires(sizeof...(Values) == sizeof...(LabelNames)) Metric at(const Values&... values)
  const noexcept {
    const std::array<std::string_view, sizeof...(Values)> list{std::string_view(values)...};
    return Metric(detail::find_or_add(*state_, list.data()));
  }

  /// The same, with the names at the call and in any order.
  template <FixedString... Names>
  requires(sizeof...(Names) == sizeof...(LabelNames)) Metric at(LabelValue<Names>... values)
  const noexcept {
    static_assert(((position(Names.view()) < label_names.size()) && ...), "the family has no label of this name");
    static_assert(detail::all_differ(std::array{Names.view()...}), "a label is given twice");
    std::array<std::string_view, sizeof...(Names)> list;
    ((list[position(Names.view())] = values.value), ...);
    return Metric(detail::find_or_add(*state_, list.data()));
  }

  /// As `at`, but the series lives as long as the result (and other owners).
  template <std::convertible_to<std::string_view>... Values>
  requires(sizeof...(Values) == sizeof...(LabelNames)) Series<Metric> own(const Values&... values)
  const noexcept {
    const std::array<std::string_view, sizeof...(Values)> list{std::string_view(values)...};
    return Series<Metric>(*state_, detail::own(*state_, list.data()));
  }

  /// Ends a series: it is no longer exported. False if there is none, or an owner still holds it.
  template <std::convertible_to<std::string_view>... Values>
  requires(sizeof...(Values) == sizeof...(LabelNames)) bool remove(const Values&... values) const noexcept {
    const std::array<std::string_view, sizeof...(Values)> list{std::string_view(values)...};
    return detail::remove(*state_, list.data());
  }

  /// All combinations of these values as an array, one list for each label. See `LabelTable`.
  template <typename... Lists>
  requires(sizeof...(Lists) ==
           sizeof...(LabelNames)) LabelTable<Metric, sizeof...(LabelNames)> table(const Lists&... lists)
  const { return make_table({std::vector<std::string_view>(std::begin(lists), std::end(lists))...}); }

  LabelTable<Metric, 1> table(std::initializer_list<std::string_view> values) const
      requires(sizeof...(LabelNames) == 1) {
    return make_table({std::vector<std::string_view>(values)});
  }

  template <typename First>
  requires(sizeof...(LabelNames) == 2) LabelTable<Metric, 2> table(const First& first,
                                                                   std::initializer_list<std::string_view> second)
  const { return make_table({std::vector<std::string_view>(std::begin(first), std::end(first)), second}); }

 private:
  static constexpr std::size_t dimensions = sizeof...(LabelNames);

  static constexpr std::size_t position(std::string_view name) {
    std::size_t at = 0;
    while (at < label_names.size() && label_names[at] != name) ++at;
    return at;
  }

  LabelTable<Metric, dimensions> make_table(std::array<std::vector<std::string_view>, dimensions> lists) const {
    std::array<std::size_t, dimensions> extents{};
    std::size_t combinations = 1;
    for (std::size_t i = 0; i < dimensions; ++i) combinations *= extents[i] = lists[i].size();
    std::vector<Metric> metrics;
    metrics.reserve(combinations + 1);
    for (std::size_t n = 0; n < combinations; ++n) {
      std::array<std::string_view, dimensions> values;
      for (std::size_t i = dimensions, rest = n; i-- > 0; rest /= extents[i]) values[i] = lists[i][rest % extents[i]];
      metrics.push_back(Metric(detail::find_or_add(*state_, values.data())));
    }
    metrics.push_back(Metric(detail::overflow(*state_)));
    return {extents, std::move(metrics)};
  }

  detail::FamilyState* state_;
};

BELLWETHER_NAMESPACE_END
