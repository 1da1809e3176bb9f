// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/file_system.hpp>
#include <bellwether/kill_scope.hpp>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

/// The audit trail: one JSON object a line, never rewritten. Not for several threads at once.
class KillAudit {
 public:
  KillAudit(FileSystem& files, std::string path, std::string account, const Clock& clock);

  Result<void> trip(std::string_view event, const KillTrip& trip);
  Result<void> reset(std::string_view event, const KillReset& request, std::string_view detail);
  Result<std::vector<std::string>> newest(std::size_t most) const;

 private:
  Result<void> append(std::string_view event, const std::string& type, const KillScope& scope, const std::string& rest);

  FileSystem& files_;
  std::string path_;
  std::string account_;
  const Clock& clock_;
  bool torn_ = false;  // the file may end within a line
};

}  // namespace resilience
BELLWETHER_NAMESPACE_END
