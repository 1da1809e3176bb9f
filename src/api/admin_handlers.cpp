// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "api/handlers.hpp"
#include "api/json_writer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr const char* disabled = "admin APIs disabled";

net::Response nothing() {
  net::Response response;
  response.status = 204;
  return response;
}

/// 20261121T150157Z-0001
std::string snapshot_name(const Clock& clock) {
  using namespace std::chrono;
  static std::atomic<unsigned> count{0};
  const sys_time<nanoseconds> now{clock.wall()};
  const auto day = floor<days>(now);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(now - day)};
  char text[64];
  std::snprintf(text, sizeof text, "%04d%02u%02uT%02d%02d%02dZ-%04u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), ++count);
  return text;
}

}  // namespace

net::Response snapshot(const ApiSources& sources, const net::Request&, const Parameters&) {
  if (!sources.admin) return failure(ErrorType::unavailable, disabled);
  if (sources.snapshot_directory.empty()) return failure(ErrorType::unavailable, "no directory for snapshots is set");
  const std::string name = snapshot_name(*sources.clock);
  std::error_code failed;
  std::filesystem::create_directories(sources.snapshot_directory, failed);
  const auto done = sources.store->backup(sources.snapshot_directory + '/' + name);
  if (!done) return failure(ErrorType::internal, "create snapshot: " + done.error().message);
  std::string data;
  Object object(data);
  object.text("name", name).end();
  return success(data);
}

net::Response delete_series(const ApiSources& sources, const net::Request&, const Parameters& parameters) {
  if (!sources.admin) return failure(ErrorType::unavailable, disabled);
  const auto selectors = parameters.selectors(true);
  if (!selectors) return failure(ErrorType::bad_data, selectors.error().message);
  const auto start = parameters.time("start", INT64_MIN);
  if (!start) return failure(ErrorType::bad_data, start.error().message);
  const auto end = parameters.time("end", INT64_MAX);
  if (!end) return failure(ErrorType::bad_data, end.error().message);
  if (*end < *start) {
    return failure(ErrorType::bad_data, "invalid parameter \"end\": end time must not be before start time");
  }
  for (const std::vector<storage::Matcher>& selector : *selectors) {
    const auto done = sources.store->delete_samples(selector, *start, *end);
    if (!done) return failure(ErrorType::internal, done.error().message);
  }
  return nothing();
}

net::Response clean_tombstones(const ApiSources& sources, const net::Request&, const Parameters&) {
  if (!sources.admin) return failure(ErrorType::unavailable, disabled);
  return nothing();  // what is deleted is not shown; its bytes go with their day
}

net::Response healthy(const ApiSources&, const net::Request&, const Parameters&) {
  return net::Response::text(200, "Bellwether is Healthy.\n");
}

net::Response ready(const ApiSources& sources, const net::Request&, const Parameters&) {
  if (sources.ready && !sources.ready()) return net::Response::text(503, "Service Unavailable");
  return net::Response::text(200, "Bellwether is Ready.\n");
}

}  // namespace api
BELLWETHER_NAMESPACE_END
