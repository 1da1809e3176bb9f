// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The schemas that the desk's answers follow, as the object `components.schemas` of an OpenAPI document.
std::string api_schemas();

}  // namespace paper
BELLWETHER_NAMESPACE_END
