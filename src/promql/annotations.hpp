// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "promql/expression.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

/// What a query wants to tell besides its result, each once, with the place in the query: "PromQL info: … (1:5)". The texts
/// are Prometheus's, since dashboards show them and people search for them.
///
/// Threads: use from one.
class Annotations {
 public:
  explicit Annotations(std::string_view query) noexcept : query_(query) {}

  void warn(std::string_view text, Place place) {
    warnings_.insert("PromQL warning: " + std::string(text) + at(place));
  }
  void inform(std::string_view text, Place place) { infos_.insert("PromQL info: " + std::string(text) + at(place)); }
  /// Of the storage: without a place.
  void warn_plainly(std::string text) { warnings_.insert(std::move(text)); }

  /// For the same query, and nothing told yet.
  Annotations without_texts() const { return Annotations(query_); }
  bool empty() const noexcept { return warnings_.empty() && infos_.empty(); }
  /// All that another one tells, which has nothing to tell afterwards.
  void take(Annotations& other) {
    warnings_.merge(other.warnings_);
    infos_.merge(other.infos_);
    other.warnings_.clear();
    other.infos_.clear();
  }

  std::vector<std::string> warnings() const { return {warnings_.begin(), warnings_.end()}; }
  std::vector<std::string> infos() const { return {infos_.begin(), infos_.end()}; }

 private:
  std::string at(Place place) const;

  std::string_view query_;
  std::set<std::string> warnings_;
  std::set<std::string> infos_;
};

/// "text" with escapes, as the messages show names.
std::string quoted(std::string_view text);
/// "text for metric name \"name\"", or the text alone when there is no name.
std::string for_metric(std::string_view text, std::string_view name);

}  // namespace promql
BELLWETHER_NAMESPACE_END
