// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "config/prometheus/scrape_config.hpp"
#include "exposition/exposition_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What a scrape of this job sends as `Accept`: its scrape_protocols with falling weights, then anything.
std::string accept_header(const config::ScrapeConfig& job);

/// The reader of an answer, by its Content-Type; by fallback_scrape_protocol where that is missing or none we read.
Result<std::unique_ptr<exposition::ExpositionReader>> open_answer(const config::ScrapeConfig& job,
                                                                  std::string_view content_type, std::string_view body);

}  // namespace scrape
BELLWETHER_NAMESPACE_END
