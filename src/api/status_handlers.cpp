// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <thread>
#include <unordered_map>
#include <utility>

#include "api/handlers.hpp"
#include "api/iso_time.hpp"
#include "api/json_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

using Counts = std::unordered_map<std::string, std::uint64_t>;

std::int64_t milliseconds_now(const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count();
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// The largest ones, [{"name":...,"value":...}].
void append_largest(std::string& out, const Counts& counts, std::size_t most) {
  std::vector<std::pair<std::uint64_t, std::string_view>> sorted;
  for (const auto& [name, count] : counts) sorted.emplace_back(count, name);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  sorted.resize(std::min(sorted.size(), most));
  out += '[';
  for (const auto& [count, name] : sorted) {
    if (out.back() != '[') out += ',';
    Object object(out);
    object.text("name", name).number("value", count).end();
  }
  out += ']';
}

}  // namespace

net::Response status_config(const ApiSources& sources, const net::Request&, const Parameters&) {
  std::string data;
  Object object(data);
  object.text("yaml", sources.config_yaml ? sources.config_yaml() : "").end();
  return success(data);
}

net::Response status_flags(const ApiSources& sources, const net::Request&, const Parameters&) {
  std::string data;
  append_labels(data, sources.flags);
  return success(data);
}

net::Response status_build(const ApiSources&, const net::Request&, const Parameters&) {
  // Who asks wants to know which API this is: `version` is Prometheus's, whose API we speak.
  std::string data;
  Object object(data);
  object.text("version", "3.0.0")
      .text("revision", "bellwether-" BELLWETHER_VERSION_STRING)
      .text("branch", "bellwether")
      .text("buildUser", "")
      .text("buildDate", "")
      .text("goVersion", "")
      .end();
  return success(data);
}

net::Response status_runtime(const ApiSources& sources, const net::Request&, const Parameters&) {
  const std::int64_t start = sources.start_ms;
  const ConfigState state = sources.config_state ? sources.config_state() : ConfigState{true, start};
  std::error_code ignored;
  std::string data;
  Object object(data);
  object.text("startTime", iso_time(start))
      .text("CWD", std::filesystem::current_path(ignored).string())
      .text("hostname", host_name())
      .text("serverTime", iso_time(milliseconds_now(*sources.clock)))
      .boolean("reloadConfigSuccess", state.taken)
      .text("lastConfigTime", iso_time(state.taken_ms))
      .number("corruptionCount", 0)
      .number("goroutineCount", 0)
      .number("GOMAXPROCS", std::thread::hardware_concurrency())
      .number("GOMEMLIMIT", 0)
      .text("GOGC", "")
      .text("GODEBUG", "")
      .text("storageRetention", sources.retention)
      .end();
  return success(data);
}

net::Response status_tsdb(const ApiSources& sources, const net::Request&, const Parameters& parameters) {
  const auto limit = parameters.limit();
  if (!limit) return failure(ErrorType::bad_data, limit.error().message);
  constexpr std::size_t by_default = 10;
  const std::size_t most = *limit == 0 ? by_default : *limit;
  const storage::StoreStatistics statistics = sources.store->statistics();
  const std::int64_t now = milliseconds_now(*sources.clock);
  const storage::Selection all = sources.store->querier().select({}, statistics.memory_from_ms, now);
  Counts by_metric;
  Counts by_pair;
  Counts values;
  Counts bytes;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const storage::LabelView& label : all.labels(i)) {
      if (label.name == "__name__") ++by_metric[std::string(label.value)];
      if (++by_pair[std::string(label.name) + '=' + std::string(label.value)] > 1) continue;
      ++values[std::string(label.name)];
      bytes[std::string(label.name)] += label.name.size() + label.value.size();
    }
  }
  std::string data;
  Object object(data);
  Object head(object.key("headStats"));
  head.number("numSeries", statistics.series)
      .number("numLabelPairs", by_pair.size())
      .number("chunkCount", statistics.series)
      .number("minTime",
              std::max<std::int64_t>(statistics.memory_from_ms, 0))  // nothing was let go of yet: all of time
      .number("maxTime", now)
      .end();
  append_largest(object.key("seriesCountByMetricName"), by_metric, most);
  append_largest(object.key("labelValueCountByLabelName"), values, most);
  append_largest(object.key("memoryInBytesByLabelName"), bytes, most);
  append_largest(object.key("seriesCountByLabelValuePair"), by_pair, most);
  object.end();
  return success(data);
}

net::Response status_replay(const ApiSources&, const net::Request&, const Parameters&) {
  return success(R"({"min":0,"max":0,"current":0})");  // the store is open before the port is
}

}  // namespace api
BELLWETHER_NAMESPACE_END
