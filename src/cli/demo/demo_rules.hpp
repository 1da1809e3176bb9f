// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// packs/levibot/rules/levibot.yml as it was when the program was built: the demo needs no checkout beside it.
std::string_view levibot_rules();

/// Writes it to `<directory>/levibot.yml`, whose absolute path it returns. An error: the file cannot be written.
Result<std::string> write_demo_rules(const std::string& directory);

}  // namespace cli
BELLWETHER_NAMESPACE_END
