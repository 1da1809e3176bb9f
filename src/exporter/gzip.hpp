// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace exporter {

/// Whether the HTTP header Accept-Encoding asks for gzip.
bool accepts_gzip(std::string_view accept_encoding);

/// One gzip member, at the fastest level: a scrape is compressed more often than it is kept.
Result<std::string> gzip(std::string_view text);

}  // namespace exporter
BELLWETHER_NAMESPACE_END
