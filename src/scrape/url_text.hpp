// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// Appends, with % where a byte would mean something else: as Go's url package does, so that targets' URLs read alike.
void append_path_escaped(std::string_view path, std::string& out);
void append_query_escaped(std::string_view text, std::string& out);  ///< a space becomes +

}  // namespace scrape
BELLWETHER_NAMESPACE_END
