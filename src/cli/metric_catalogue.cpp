// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/metric_catalogue.hpp"

#include <algo-trade/metrics.hpp>
#include <algorithm>
#include <array>
#include <automation/metrics.hpp>
#include <bellwether/registry.hpp>
#include <circuit-breaker/metrics.hpp>
#include <desk/metrics.hpp>
#include <levibot/metrics.hpp>
#include <peak-trade/metrics.hpp>
#include <trading-bots/metrics.hpp>

#include "exposition/number_writer.hpp"
#include "metrics/registry_state.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

struct Pack {
  std::string_view name;
  /// Registers it; what comes back keeps its collectors.
  automation::SystemMetrics (*describe)(Registry&);
};

template <void (*Describe)(Registry&)>
automation::SystemMetrics without_collectors(Registry& registry) {
  Describe(registry);
  return {};
}

constexpr std::array<Pack, 7> packs{{
    {"algo-trade", without_collectors<algo_trade::describe>},
    {"automation", [](Registry& registry) { return automation::describe(registry); }},
    {"circuit-breaker", without_collectors<circuit_breaker::describe>},
    {"desk", without_collectors<desk::describe>},
    {"levibot", without_collectors<levibot::describe>},
    {"peak-trade", without_collectors<peak_trade::describe>},
    {"trading-bots", without_collectors<trading_bots::describe>},
}};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::string type_of(detail::Kind kind) {
  using detail::Kind;
  switch (kind) {
    case Kind::counter:
    case Kind::counter_double:
      return "counter";
    case Kind::histogram:
    case Kind::duration_histogram:
      return "histogram";
    case Kind::state_set:
      return "state set";
    case Kind::info:
      return "info";
    case Kind::gauge:
    case Kind::max_gauge:
    case Kind::min_gauge:
      break;
  }
  return "gauge";
}

CatalogueEntry entry_of(const detail::FamilyDescription& about) {
  CatalogueEntry entry{about.name, type_of(about.kind), joined(about.label_names), unit_of(about.name), about.help};
  if (about.buckets.is_native()) {
    entry.help += " (native buckets)";
  } else if (!about.buckets.bounds().empty()) {
    entry.help += " (edges";
    for (const double bound : about.buckets.bounds()) {
      entry.help += ' ';
      exposition::append_number(entry.help, bound);
    }
    entry.help += ')';
  }
  return entry;
}

/// Text in a cell: a bar would end it.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

std::vector<std::string> pack_names() {
  std::vector<std::string> names;
  names.reserve(std::size(packs));
  for (const Pack& pack : packs) names.emplace_back(pack.name);
  return names;
}

Result<std::vector<CatalogueEntry>> catalogue_of(std::string_view pack) {
  const auto* const found = std::find_if(packs.begin(), packs.end(), [&](const Pack& p) { return p.name == pack; });
  if (found == packs.end())
    return Error{"there is no pack \"" + std::string(pack) + "\"; there are: " + joined(pack_names())};

  Registry registry;
  const automation::SystemMetrics kept = found->describe(registry);
  std::vector<CatalogueEntry> entries;
  for (const detail::FamilyState* family : registry.state().families())
    entries.push_back(entry_of(family->description()));
  for (const detail::CollectedFamily& collected : registry.state().collect()) {
    const CollectedMetric& about = collected.metric;
    if (about.name.starts_with("bellwether_")) continue;  // of the library itself, in every registry
    const bool counter = about.type == CollectedMetric::Type::counter;
    entries.push_back(
        {about.name, counter ? "counter" : "gauge", joined(about.label_names), unit_of(about.name), about.help});
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

std::string markdown_table(const std::vector<CatalogueEntry>& entries) {
  std::string table = "| name | type | labels | unit | meaning |\n|---|---|---|---|---|\n";
  for (const CatalogueEntry& entry : entries) {
    table += "| `" + entry.name + "` | " + entry.type + " | " + cell(entry.labels) + " | " + cell(entry.unit) + " | " +
             cell(entry.help) + " |\n";
  }
  return table;
}

Result<std::string> page_with_table(std::string_view page, std::string_view table) {
  const auto begin = page.find(table_begin);
  const auto end = page.find(table_end);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    return Error{"has no lines \"" + std::string(table_begin) + "\" and, below it, \"" + std::string(table_end) +
                 "\": the table stands between them"};
  }
  std::string text(page.substr(0, begin + table_begin.size()));
  text.append("\n").append(table).append(page.substr(end));
  return text;
}

std::string first_difference(std::string_view has, std::string_view should_have) {
  for (std::size_t number = 1; !has.empty() || !should_have.empty(); ++number) {
    const bool missing = has.empty();
    const bool superfluous = should_have.empty();
    const std::string_view line = take_line(has);
    const std::string_view wanted = take_line(should_have);
    if (line == wanted && missing == superfluous) continue;
    std::string text = "line " + std::to_string(number) + "\n";
    text.append("  has:         ").append(missing ? "(nothing)" : line).append("\n");
    text.append("  should have: ").append(superfluous ? "(nothing)" : wanted);
    return text;
  }
  return {};
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
