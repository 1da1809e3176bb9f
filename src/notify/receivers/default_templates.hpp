// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// The templates that fields of alertmanager.yml may call without a file: the names are Alertmanager's, the words ours.
std::string_view default_templates() noexcept;

}  // namespace notify
BELLWETHER_NAMESPACE_END
