// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

/// What is known of a metric that exists.
struct MetricFacts {
  std::string type;              ///< "counter", "gauge", "histogram", …; empty: not known
  std::set<std::string> labels;  ///< without __name__
  bool labels_known = false;
};

/// The metrics that targets export, by the names that queries use (`x_bucket`, not `x`).
struct MetricCatalogue {
  std::map<std::string, MetricFacts, std::less<>> metrics;

  const MetricFacts* find(std::string_view name) const {
    const auto found = metrics.find(name);
    return found == metrics.end() ? nullptr : &found->second;
  }
  /// ` (did you mean "orders_total"?)`, or nothing.
  std::string suggest(std::string_view name) const;
};

/// Of what a target answers to a scrape, or several of them one after the other. The labels that scraping adds (job, instance) are
/// taken to be there.
Result<MetricCatalogue> catalogue_of_scrape(std::string_view text);

}  // namespace rules
BELLWETHER_NAMESPACE_END
