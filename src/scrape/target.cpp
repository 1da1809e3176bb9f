// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/target.hpp"

#include <set>

#include "base/duration.hpp"
#include "config/prometheus/discovery_reader.hpp"
#include "scrape/url_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view parameter_prefix = "__param_";

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Every target has these before it is relabelled; a group may say otherwise.
config::Labels labels_before(const config::ScrapeConfig& job, const std::string& address, const config::Labels& group) {
  config::Labels labels = group;
  labels["__address__"] = address;
  const auto otherwise = [&](const std::string& name, const std::string& value) {
    if (std::string& own = labels[name]; own.empty()) own = value;
  };
  otherwise("job", job.job_name);
  otherwise("__scrape_interval__", format_duration(job.scrape_interval));
  otherwise("__scrape_timeout__", format_duration(job.scrape_timeout));
  otherwise("__metrics_path__", job.metrics_path);
  otherwise("__scheme__", job.scheme);
  for (const auto& [name, values] : job.params) {
    if (!values.empty()) otherwise(std::string(parameter_prefix) + name, values[0]);
  }
  std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
  return labels;
}

std::string query_of(const config::ScrapeConfig& job, const LabelBuffer& labels) {
  auto parameters = job.params;
  for (const LabelView& label : labels.labels()) {
    if (!begins_with(label.name, parameter_prefix)) continue;
    std::vector<std::string>& values = parameters[std::string(label.name.substr(parameter_prefix.size()))];
    if (values.empty()) values.emplace_back();
    values[0] = label.value;
  }
  std::string query;
  for (const auto& [name, values] : parameters) {
    for (const std::string& value : values) {
      query += query.empty() ? '?' : '&';
      append_query_escaped(name, query);
      query += '=';
      append_query_escaped(value, query);
    }
  }
  return query;
}

// Empty where both are good.
std::string read_times(const LabelBuffer& labels, Target& target) {
  const auto interval = parse_duration(labels.value("__scrape_interval__"));
  const auto timeout = parse_duration(labels.value("__scrape_timeout__"));
  if (!interval) return "__scrape_interval__: " + interval.error().message;
  if (!timeout) return "__scrape_timeout__: " + timeout.error().message;
  if (*interval < std::chrono::milliseconds{50}) return "__scrape_interval__ is below 50ms: raise it";
  if (timeout->count() == 0) return "__scrape_timeout__ must be above 0";
  if (*timeout > *interval) return "__scrape_timeout__ is longer than __scrape_interval__: make it as long at most";
  target.interval = *interval;
  target.timeout = *timeout;
  return {};
}

}  // namespace

std::string Target::key() const {
  std::string key = url + '\n' + std::to_string(interval.count()) + '\n' + std::to_string(timeout.count());
  for (const auto& [name, value] : labels) key.append("\n").append(name).append("\0"sv).append(value);
  return key;
}

std::uint64_t Target::hash() const {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a, then mixed: neighbouring ports must not give neighbouring hashes
  for (const char c : key()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33U);
}

TargetBuilder::TargetBuilder(std::shared_ptr<const config::ScrapeConfig> job)
    : job_(std::move(job)),
      relabeller_(Relabeller::make(job_->relabel_configs, job_->metric_name_validation_scheme).value()) {}

TargetBuilder::Fate TargetBuilder::build_one(const std::string& address, const config::Labels& group, Target& target,
                                             std::string& problem) {
  target.job = job_;
  target.discovered = labels_before(*job_, address, group);
  buffer_.reset();
  for (const auto& [name, value] : target.discovered) buffer_.set(name, value);
  if (!relabeller_.apply(buffer_)) return Fate::dropped;
  target.address = buffer_.value("__address__");
  target.scheme = buffer_.value("__scheme__");
  if (auto fault = config::address_fault(target.address)) problem = std::move(*fault);
  if (problem.empty() && target.scheme != "http" && target.scheme != "https") {
    problem = "__scheme__ is \"" + target.scheme + "\", must be http or https";
  }
  if (problem.empty()) problem = read_times(buffer_, target);
  if (!problem.empty()) return Fate::refused;
  const std::string_view path = buffer_.value("__metrics_path__");
  if (!begins_with(path, "/")) target.path_query = '/';
  append_path_escaped(path, target.path_query);
  target.path_query += query_of(*job_, buffer_);
  target.url = target.scheme + "://" + target.address + target.path_query;
  for (const LabelView& label : buffer_.labels()) {
    if (!begins_with(label.name, "__")) target.labels.emplace(label.name, label.value);
  }
  target.labels.try_emplace("instance", target.address);
  return Fate::kept;
}

TargetSet TargetBuilder::build(const std::vector<DiscoveredGroup>& groups) {
  TargetSet set;
  std::set<std::string> keys;
  for (const DiscoveredGroup& found : groups) {
    std::size_t number = 0;
    for (const std::string& address : found.group.targets) {
      ++number;
      Target target;
      std::string problem;
      const Fate fate = build_one(address, found.group.labels, target, problem);
      if (fate == Fate::refused) {
        set.problems.push_back("job " + job_->job_name + ", " + found.source + ", target " + std::to_string(number) +
                               ": " + problem);
      } else if (fate == Fate::dropped) {
        ++set.dropped_count;
        const std::uint64_t limit = job_->limits.keep_dropped_targets;
        if (limit == 0 || set.dropped.size() < limit) set.dropped.push_back({std::move(target.discovered)});
      } else if (keys.insert(target.key()).second) {
        set.targets.push_back(std::move(target));
      }
    }
  }
  const std::uint64_t limit = job_->limits.targets;
  if (limit != 0 && set.targets.size() > limit) {
    set.limit_error = "target_limit exceeded (number of targets: " + std::to_string(set.targets.size()) +
                      ", limit: " + std::to_string(limit) + ")";
  }
  return set;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
