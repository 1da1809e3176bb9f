// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <memory>

#include "cli/screen.hpp"

namespace spdlog {
class logger;
}

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// The program's log: to standard error, or above the block of a screen where one is drawn. Synchronous.
/// `screen` must outlive the logger.
std::shared_ptr<spdlog::logger> make_log(Screen* screen);

}  // namespace cli
BELLWETHER_NAMESPACE_END
