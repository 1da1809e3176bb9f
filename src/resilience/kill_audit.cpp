// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "resilience/kill_audit.hpp"

#include "resilience/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

KillAudit::KillAudit(FileSystem& files, std::string path, std::string account, const Clock& clock)
    : files_(files), path_(std::move(path)), account_(std::move(account)), clock_(clock) {
  const auto content = files_.read(path_);
  torn_ = !content || (*content && !(*content)->empty() && !(*content)->ends_with('\n'));
}

Result<void> KillAudit::trip(std::string_view event, const KillTrip& trip) {
  return append(event, trip.type, trip.scope,
                ",\"value\":" + json_number(trip.value) + ",\"limit\":" + json_number(trip.limit) +
                    ",\"reason\":" + json_text(trip.reason));
}

Result<void> KillAudit::reset(std::string_view event, const KillReset& request, std::string_view detail) {
  std::string rest = ",\"actor\":" + json_text(request.actor) + ",\"reason\":" + json_text(request.reason);
  if (!detail.empty()) rest += ",\"detail\":" + json_text(detail);
  return append(event, request.type, request.scope, rest);
}

Result<void> KillAudit::append(std::string_view event, const std::string& type, const KillScope& scope,
                               const std::string& rest) {
  // The time in seconds with nine digits: a JSON number that no reader rounds to another microsecond of its own making.
  const auto now = clock_.wall();
  char time[48];
  std::snprintf(time, sizeof time, "%lld.%09lld", static_cast<long long>(now.count() / 1'000'000'000),
                static_cast<long long>(now.count() % 1'000'000'000));
  const std::string line = std::string(torn_ ? "\n" : "") + "{\"time\":" + time + ",\"event\":" + json_text(event) +
                           ",\"type\":" + json_text(type) + ",\"scope\":" + json_text(scope.text()) +
                           ",\"account\":" + json_text(account_) + rest + "}\n";
  auto appended = files_.append(path_, line);
  torn_ = !appended;
  return appended;
}

Result<std::vector<std::string>> KillAudit::newest(std::size_t most) const {
  auto content = files_.read(path_);
  if (!content) return content.error();
  std::vector<std::string> lines;
  std::string_view rest = *content ? std::string_view(**content) : std::string_view();
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    const std::string_view line = rest.substr(0, end);
    if (line.starts_with('{') && line.ends_with('}')) lines.emplace_back(line);
    rest.remove_prefix(end + 1);
  }
  if (lines.size() > most) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most));
  return lines;
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
