// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <memory>
#include <vector>

#include "template/nodes.hpp"
#include "template/source_text.hpp"
#include "template/value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// A text and all that it defines. The text itself comes first, under the source's name.
/// Errors: syntax, a function that is neither built in nor in the table, a variable that is not declared, nesting beyond 200.
Result<std::vector<std::shared_ptr<const Definition>>> parse_source(std::shared_ptr<const SourceText> source,
                                                                    const FunctionTable& functions);

}  // namespace templates
BELLWETHER_NAMESPACE_END
