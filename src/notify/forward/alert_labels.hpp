// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/prometheus/discovery_config.hpp"
#include "rules/alert.hpp"
#include "scrape/relabel.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// External labels where the alert has none of that name.
void add_external_labels(rules::AlertLabels& labels, const config::Labels& external);

/// alert_relabel_configs. False: the alert is dropped.
bool relabel(const scrape::Relabeller& relabeller, rules::AlertLabels& labels);

}  // namespace notify
BELLWETHER_NAMESPACE_END
