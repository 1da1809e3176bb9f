// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// The token that guards faults and resets: BELLWETHER_TOKEN if it is set (never a command-line option: those are
/// seen by all users of the machine), else 128 random bits as hexadecimal digits. An error when the one that is set is
/// shorter than 16 characters or holds anything but visible ASCII.
Result<std::string> access_token();

}  // namespace cli
BELLWETHER_NAMESPACE_END
