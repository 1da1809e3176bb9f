// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/v2/refusal.hpp"
#include "notify/matcher.hpp"
#include "notify/silences.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// The body of POST /api/v2/silences: its shape, times and sizes are checked, not what Silences::set checks.
Posted<notify::Silence> read_posted_silence(std::string_view body, std::int64_t now_ms);

/// Somebody looks after alerts: those with these fingerprints, and those that all matchers match.
struct PostedAcknowledgement {
  std::vector<std::string> fingerprints;
  std::optional<notify::LabelMatchers> matchers;
  std::string by;
  std::string comment;
  std::optional<std::chrono::milliseconds> duration;  ///< nothing: until the alert ends
};

/// The body of POST /api/v1/alerts/acknowledge.
Posted<PostedAcknowledgement> read_acknowledgement(std::string_view body);

}  // namespace api
BELLWETHER_NAMESPACE_END
