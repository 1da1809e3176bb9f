// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// `bellwether check config` of an alertmanager.yml, and of the bellwether.yml beside it: prints every error, or what it comes to.
/// The exit code: 0, 1 for errors, 2 where it cannot be read.
int check_notifier_file(const std::string& file, bool json);

}  // namespace cli
BELLWETHER_NAMESPACE_END
