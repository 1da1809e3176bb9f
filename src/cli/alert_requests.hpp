// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

/// What `bellwether silence add` is told.
struct SilenceWish {
  std::string id;                     ///< of one that is to be changed
  std::vector<std::string> matchers;  ///< a first one without an operator is the alert's name
  std::string author;
  std::string comment;
  std::string start = "now";
  std::string end;              ///< a time; else `duration` after the start, or after now where that has passed
  std::string duration = "1h";  ///< as 30m, 2h, 1d
};

/// What `bellwether alert add` is told.
struct AlertWish {
  std::vector<std::string> labels;  ///< name=value; a first one without = is the alert's name
  std::vector<std::string> annotations;
  std::string generator_url;
  std::string start = "now";
  std::string end;  ///< empty: the monitor's resolve_timeout from now
};

struct AcknowledgeWish {
  std::vector<std::string> alerts;  ///< fingerprints, or matchers; a first one without an operator is the alert's name
  std::string by;
  std::string comment;
  std::string duration;  ///< empty: until the alert ends
};

/// "now", "now+2h", "+2h", "-5m", RFC 3339, or seconds since 1970. Milliseconds.
Result<std::int64_t> parse_moment(const std::string& text, std::int64_t now_ms);

/// Matchers as the API's `filter` takes them: `Name` becomes `alertname="Name"`.
Result<std::vector<std::string>> parse_matchers(const std::vector<std::string>& given);
Result<std::vector<net::Field>> filter_parameters(const std::vector<std::string>& given);

// JSON of the requests. Errors name the argument.
Result<std::string> silence_json(const SilenceWish& wish, std::int64_t now_ms);
Result<std::string> alert_json(const AlertWish& wish, std::int64_t now_ms);
Result<std::string> acknowledge_json(const AcknowledgeWish& wish);

}  // namespace cli
BELLWETHER_NAMESPACE_END
