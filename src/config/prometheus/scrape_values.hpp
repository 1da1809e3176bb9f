// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/prometheus/section_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

// What `global` and a job both may say. Each call leaves the value where the file says nothing, and where it says 0 for
// what counts as unset.

inline constexpr std::chrono::milliseconds least_interval{50};

void read_interval(SectionReader& section, std::string_view key, std::chrono::milliseconds& into);
void read_limits(SectionReader& section, ScrapeLimits& limits);
void read_scrape_protocols(SectionReader& section, std::vector<ScrapeProtocol>& into);
void read_name_schemes(SectionReader& section, NameValidation& validation, NameEscaping& escaping);
void refuse_conversion(SectionReader& section);

}  // namespace config
BELLWETHER_NAMESPACE_END
