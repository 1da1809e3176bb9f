// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// The last eight bytes of the MD5, the first of them most significant: what hashmod divides.
std::uint64_t md5_tail(std::string_view text);

/// Appends. Letters of all scripts, one for one.
void append_lower(std::string_view utf8, std::string& out);
void append_upper(std::string_view utf8, std::string& out);

}  // namespace scrape
BELLWETHER_NAMESPACE_END
