// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "resilience/kill_state.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <vector>

#include "resilience/json_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {
namespace {

constexpr std::string_view head = "bellwether kill switch 1\n";
constexpr std::array<std::string_view, 3> kinds{"firm", "venue", "strategy"};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char next = text[++i];
    out += next == 't' ? '\t' : next == 'n' ? '\n' : next;
  }
  return out;
}

std::string checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char hex[20];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(hash));
  return hex;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<KillLatch> latch_in(std::string_view line) {
  const auto fields = fields_of(line);
  if (fields.size() != 8 || fields[0] != "latch") return std::nullopt;
  const auto value = number_in<double>(fields[4]);
  const auto limit = number_in<double>(fields[5]);
  const auto since = number_in<std::int64_t>(fields[6]);
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    if (fields[2] != kinds[kind] || !value || !limit || !since) continue;
    const KillScope scope{static_cast<KillScope::Kind>(kind), unescaped(fields[3])};
    return KillLatch{{unescaped(fields[1]), scope, *value, *limit, unescaped(fields[7])},
                     std::chrono::nanoseconds{*since}};
  }
  return std::nullopt;
}

}  // namespace

std::string write_kill_state(const KillLatches& latches) {
  std::string text(head);
  for (const auto& [key, latch] : latches) {
    const KillTrip& trip = latch.trip;
    text += "latch\t" + escaped(trip.type) + '\t' + std::string(kinds[static_cast<std::size_t>(trip.scope.kind)]) +
            '\t' + escaped(trip.scope.name) + '\t' + number_text(trip.value) + '\t' + number_text(trip.limit) + '\t' +
            std::to_string(latch.since.count()) + '\t' + escaped(trip.reason) + '\n';
  }
  const std::string sum = checksum(text);
  return text + "end\t" + std::to_string(latches.size()) + '\t' + sum + '\n';
}

Result<KillLatches> read_kill_state(std::string_view text) {
  if (!text.starts_with(head)) return Error{"it does not begin as a kill switch's state file does"};
  const std::size_t end = text.rfind("\nend\t");
  if (end == std::string_view::npos || !text.ends_with('\n')) return Error{"its end is missing"};
  const std::string_view body = text.substr(0, end + 1);
  KillLatches latches;
  for (std::string_view rest = body.substr(head.size()); !rest.empty();) {
    const std::size_t line_end = rest.find('\n');
    auto latch = latch_in(rest.substr(0, line_end));
    if (!latch) return Error{"it holds a line that is no latch"};
    latches.insert_or_assign({latch->trip.type, latch->trip.scope}, *latch);
    rest.remove_prefix(line_end + 1);
  }
  if (text.substr(end + 1) != "end\t" + std::to_string(latches.size()) + '\t' + checksum(body) + '\n') {
    return Error{"its checksum is wrong"};
  }
  return latches;
}

Result<void> replace_file(FileSystem& files, const std::string& path, std::string_view content) {
  const std::string fresh = path + ".new";
  if (auto written = files.write(fresh, content); !written) return written;
  if (auto renamed = files.rename(fresh, path); !renamed) return renamed;
  return files.sync_directory_of(path);
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
