// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "api/handlers.hpp"
#include "api/iso_time.hpp"
#include "api/json_writer.hpp"
#include "base/duration.hpp"
#include "promql/parser.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr const char* never = "0001-01-01T00:00:00Z";

scrape::TargetStates states_of(const ApiSources& sources) {
  return sources.targets ? sources.targets() : scrape::TargetStates{};
}

void append_active(std::string& out, const scrape::TargetState& state) {
  Object object(out);
  append_labels(object.key("discoveredLabels"), state.target.discovered);
  append_labels(object.key("labels"), state.target.labels);
  object.text("scrapePool", state.target.job == nullptr ? "" : state.target.job->job_name)
      .text("scrapeUrl", state.target.url)
      .text("globalUrl", state.global_url)
      .text("lastError", state.last_error)
      .text("lastScrape", state.last_scrape_ms == 0 ? never : iso_time(state.last_scrape_ms))
      .number("lastScrapeDuration", std::chrono::duration<double>(state.last_duration).count())
      .text("health", scrape::name_of(state.health))
      .text("scrapeInterval", format_duration(state.target.interval))
      .text("scrapeTimeout", format_duration(state.target.timeout))
      .end();
}

void add_family(Object& object, const scrape::FamilyMetadata& family) {
  object.text("type", exposition::to_string(family.type)).text("help", family.help).text("unit", family.unit);
}

net::Response from_hook(const std::function<Result<std::string>(const net::Request&)>& hook,
                        const net::Request& request, std::string_view otherwise) {
  if (!hook) return success(otherwise);
  const auto data = hook(request);
  return data ? success(*data) : failure(ErrorType::bad_data, data.error().message);
}

}  // namespace

net::Response targets(const ApiSources& sources, const net::Request&, const Parameters& parameters) {
  const std::string state = parameters.text("state").value_or("any");
  const auto pool = parameters.text("scrapePool");
  const bool active = state != "dropped";
  const bool dropped = state != "active";
  const scrape::TargetStates states = states_of(sources);
  std::string data;
  Object object(data);
  object.key("activeTargets") += '[';
  for (const scrape::TargetState& one : states.active) {
    if (!active || (pool && one.target.job != nullptr && one.target.job->job_name != *pool)) continue;
    if (data.back() != '[') data += ',';
    append_active(data, one);
  }
  data += ']';
  object.key("droppedTargets") += '[';
  for (const scrape::DroppedTargetState& one : states.dropped) {
    if (!dropped || (pool && one.job != *pool)) continue;
    if (data.back() != '[') data += ',';
    Object entry(data);
    append_labels(entry.key("discoveredLabels"), one.discovered);
    entry.text("scrapePool", one.job).end();
  }
  data += ']';
  Object counts(object.key("droppedTargetCounts"));
  for (const auto& [job, count] : states.dropped_counts) {
    if (dropped) counts.number(job, count);
  }
  counts.end();
  object.end();
  return success(data);
}

net::Response scrape_pools(const ApiSources& sources, const net::Request&, const Parameters&) {
  std::set<std::string> pools;
  const scrape::TargetStates states = states_of(sources);
  for (const auto& [job, count] : states.dropped_counts) pools.insert(job);
  for (const scrape::TargetState& one : states.active) {
    if (one.target.job != nullptr) pools.insert(one.target.job->job_name);
  }
  std::string data;
  Object object(data);
  append_texts(object.key("scrapePools"), pools);
  object.end();
  return success(data);
}

net::Response metadata(const ApiSources& sources, const net::Request&, const Parameters& parameters) {
  const auto limit = parameters.limit();
  if (!limit) return failure(ErrorType::bad_data, limit.error().message);
  const auto each = parameters.limit("limit_per_metric");
  if (!each) return failure(ErrorType::bad_data, each.error().message);
  const auto metric = parameters.text("metric");
  std::map<std::string, std::vector<scrape::FamilyMetadata>> families;
  if (sources.metadata != nullptr) {
    sources.metadata->visit([&](const config::Labels&, const scrape::FamilyMetadata& family) {
      if (metric && family.family != *metric) return;
      auto& known = families[family.family];
      if (std::find(known.begin(), known.end(), family) == known.end()) known.push_back(family);
    });
  }
  std::string data;
  Object object(data);
  std::size_t written = 0;
  for (const auto& [name, known] : families) {
    if (*limit > 0 && written++ == *limit) break;
    object.key(name) += '[';
    for (std::size_t i = 0; i < known.size() && (*each == 0 || i < *each); ++i) {
      if (i > 0) data += ',';
      Object one(data);
      add_family(one, known[i]);
      one.end();
    }
    data += ']';
  }
  object.end();
  return success(data);
}

net::Response target_metadata(const ApiSources& sources, const net::Request&, const Parameters& parameters) {
  const auto limit = parameters.limit();
  if (!limit) return failure(ErrorType::bad_data, limit.error().message);
  const auto metric = parameters.text("metric");
  std::vector<storage::Matcher> matchers;
  if (const auto given = parameters.text("match_target")) {
    auto parsed = promql::parse_selector(*given);
    if (!parsed) return failure(ErrorType::bad_data, "invalid parameter \"match_target\": " + parsed.error().message);
    matchers = std::move(*parsed);
  }
  const auto matches = [&](const config::Labels& target) {
    return std::all_of(matchers.begin(), matchers.end(), [&](const storage::Matcher& matcher) {
      const auto label = target.find(matcher.name());
      return matcher.matches(label == target.end() ? std::string_view() : std::string_view(label->second));
    });
  };
  std::string data = "[";
  std::size_t written = 0;
  if (sources.metadata != nullptr) {
    sources.metadata->visit([&](const config::Labels& target, const scrape::FamilyMetadata& family) {
      if ((*limit > 0 && written == *limit) || (metric && family.family != *metric) || !matches(target)) return;
      if (written++ > 0) data += ',';
      Object one(data);
      append_labels(one.key("target"), target);
      if (!metric) one.text("metric", family.family);
      add_family(one, family);
      one.end();
    });
  }
  return success(data + ']');
}

net::Response rules(const ApiSources& sources, const net::Request& request, const Parameters&) {
  return from_hook(sources.rules, request, R"({"groups":[]})");
}

net::Response alerts(const ApiSources& sources, const net::Request& request, const Parameters&) {
  return from_hook(sources.alerts, request, R"({"alerts":[]})");
}

net::Response alertmanagers(const ApiSources& sources, const net::Request& request, const Parameters&) {
  return from_hook(sources.alertmanagers, request, R"({"activeAlertmanagers":[],"droppedAlertmanagers":[]})");
}

net::Response notifications(const ApiSources&, const net::Request&, const Parameters&) {
  return success("[]");
}

}  // namespace api
BELLWETHER_NAMESPACE_END
