// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {

/// The local time of a zone at a moment.
struct ZoneTime {
  std::int32_t offset_seconds = 0;
  std::array<char, 8> name{};
};

/// A file of /usr/share/zoneinfo (RFC 8536), with the names that local time has. Its table of changes is what counts (Debian's
/// goes to 2037), not the rule at its end: after the last change all stays as it was then.
class ZoneFile {
 public:
  static Result<ZoneFile> parse(std::string_view content, const std::string& name);

  ZoneTime at(std::int64_t seconds) const;

 private:
  struct Change {
    std::int64_t from = 0;
    std::size_t type = 0;
  };

  std::vector<Change> changes_;
  std::vector<ZoneTime> types_;
};

}  // namespace templates
BELLWETHER_NAMESPACE_END
