// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exposition.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

/// A metric's name under one of Prometheus 3's schemes. Names that Prometheus 2 takes stay as they are, but under
/// `dots`, which doubles underscores.
/// https://github.com/prometheus/proposals (UTF-8 support); https://prometheus.io/docs/instrumenting/escaping_schemes/
std::string escape_name(std::string_view name, Escaping escaping);

/// The same of a label's name, which may not hold a colon.
std::string escape_label_name(std::string_view name, Escaping escaping);

}  // namespace exposition
BELLWETHER_NAMESPACE_END
