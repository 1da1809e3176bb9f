// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace monitor {

/// What a monitor without a prometheus.yml watches each second: a desk, and itself where its port is known (not 0).
///
/// Rules, where some are named, are evaluated each second too.
///
///     MonitorOptions options{.config_text = default_config(8000, 9090)};
std::string default_config(std::uint16_t desk_port, std::uint16_t monitor_port,
                           const std::vector<std::string>& rule_files = {});

}  // namespace monitor
BELLWETHER_NAMESPACE_END
