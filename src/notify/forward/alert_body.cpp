// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/forward/alert_body.hpp"

#include <chrono>
#include <cstdio>

#include "resilience/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

using resilience::json_text;

/// "2026-11-21T14:21:35.929Z"
std::string time_text(std::int64_t milliseconds) {
  using namespace std::chrono;
  const sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds{milliseconds}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const auto rest = static_cast<long long>((time - day).count());
  char text[64];
  const int size =
      std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02lld:%02lld:%02lld.%03lldZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3'600'000,
                    rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
  return {text, static_cast<std::size_t>(size)};
}

std::string texts(const rules::AlertLabels& labels) {
  std::string out = "{";
  for (const auto& [name, value] : labels) {
    if (out.size() > 1) out += ',';
    out += json_text(name) + ':' + json_text(value);
  }
  return out + '}';
}

}  // namespace

std::string alert_body(std::span<const rules::Alert> alerts) {
  std::string out = "[";
  for (const rules::Alert& alert : alerts) {
    if (out.size() > 1) out += ',';
    out += "{\"labels\":" + texts(alert.labels) + ",\"annotations\":" + texts(alert.annotations);
    out += ",\"startsAt\":\"" + time_text(alert.starts_ms) + '"';
    if (alert.ends_ms != 0) out += ",\"endsAt\":\"" + time_text(alert.ends_ms) + '"';
    if (!alert.generator_url.empty()) out += ",\"generatorURL\":" + json_text(alert.generator_url);
    out += '}';
  }
  return out + ']';
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
