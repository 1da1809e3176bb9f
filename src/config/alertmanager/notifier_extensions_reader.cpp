// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fstream>
#include <iterator>

#include "config/alertmanager/readers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

void read_positive_count(SectionReader& section, std::string_view key, std::uint64_t& into) {
  if (section.count(key, into) && into == 0) section.wrong(key, std::string(key) + " must be above 0");
}

MessageRate read_rate(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "a rate limit", context);
  MessageRate rate;
  read_positive_count(section, "messages", rate.messages);
  read_positive(section, "per", rate.per);
  rate.burst = rate.messages;
  read_positive_count(section, "burst", rate.burst);
  section.finish();
  return rate;
}

void read_rates(const YamlNode& node, ReadContext& context, const Names& receivers, MessageRates& rates) {
  SectionReader section(node, "rate_limits", context);
  for (auto& [key, rate] :
       {std::pair("slack", &rates.slack), std::pair("pagerduty", &rates.pagerduty), std::pair("email", &rates.email),
        std::pair("telegram", &rates.telegram), std::pair("webhook", &rates.webhook)}) {
    if (const YamlNode* found = section.find(key)) *rate = read_rate(*found, context);
  }
  section.each_entry("receivers", [&](const YamlNode& item) {
    if (receivers.count(item.key()) == 0) {
      context.wrong_key(item, "there is no receiver \"" + item.key() + "\" in alertmanager.yml: correct the name");
    }
    rates.receivers[item.key()] = read_rate(item, context);
  });
  section.finish();
}

void read_receivers(SectionReader& section, const Names& known, std::vector<std::string>& into) {
  section.texts("receivers", into);
  if (into.empty()) section.wrong("receivers", "a step needs receivers: add `receivers: [name]`");
  for (const std::string& name : into) check_known(section, "receivers", "receiver", name, known);
}

EscalationPolicy read_policy(const YamlNode& node, ReadContext& context, const Names& receivers) {
  SectionReader section(node, "escalation", context);
  EscalationPolicy policy;
  if (!section.text("name", policy.name) || policy.name.empty()) {
    section.wrong("name", "an escalation needs a name: add `name: ...`");
  }
  read_matchers(section, "matchers", policy.matchers);
  std::chrono::milliseconds before{0};
  section.each("steps", [&](const YamlNode& item) {
    SectionReader step_section(item, "steps", context);
    EscalationStep step;
    read_positive(step_section, "after", step.after);
    if (step.after <= before) {
      step_section.wrong("after", "after must be above 0 and above that of the step before");
    }
    before = step.after;
    read_receivers(step_section, receivers, step.receivers);
    step_section.finish();
    policy.steps.push_back(std::move(step));
  });
  if (policy.steps.empty())
    section.wrong("steps", "an escalation needs steps: add `steps: [{after: 5m, receivers: [...]}]`");
  read_positive(section, "repeat_interval", policy.repeat_interval);
  section.finish();
  return policy;
}

WatchdogConfig read_watchdog(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "watchdogs", context);
  WatchdogConfig watchdog;
  if (!section.text("name", watchdog.name) || watchdog.name.empty()) {
    section.wrong("name", "a watchdog needs a name: add `name: ...`");
  }
  read_secret_url(section, "url", watchdog.url);
  section.path("url_file", watchdog.url_file);
  exclude_keys(section, "url", "url_file");
  if (watchdog.url.empty() && watchdog.url_file.empty()) section.wrong("url", "no url: add url or url_file");
  constexpr std::array<std::string_view, 3> methods{"GET", "HEAD", "POST"};
  if (const auto method = section.choice("method", methods)) watchdog.method = methods[*method];
  read_positive(section, "interval", watchdog.interval);
  read_positive(section, "timeout", watchdog.timeout);
  read_http_config(section, watchdog.http);
  section.finish();
  return watchdog;
}

HeartbeatConfig read_heartbeat(const YamlNode& node, ReadContext& context, Names& names) {
  SectionReader section(node, "heartbeats", context);
  HeartbeatConfig heartbeat;
  if (!section.text("name", heartbeat.name) || heartbeat.name.empty()) {
    section.wrong("name", "a heartbeat needs a name: add `name: ...`");
  } else if (heartbeat.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") !=
             std::string::npos) {
    section.wrong("name", "the name of a heartbeat stands in a URL: use letters, digits, - _ and .");
  } else if (!names.insert(heartbeat.name).second) {
    section.wrong("name", "the heartbeat \"" + heartbeat.name + "\" stands twice: rename one");
  }
  read_positive(section, "interval", heartbeat.interval);
  section.duration("grace", heartbeat.grace);
  Labels labels;
  if (section.labels("labels", labels)) heartbeat.labels = {labels.begin(), labels.end()};
  Labels annotations;
  if (section.labels("annotations", annotations)) heartbeat.annotations = {annotations.begin(), annotations.end()};
  section.finish();
  return heartbeat;
}

void read_urgent(SectionReader& section, std::vector<std::vector<LabelMatcher>>& urgent) {
  if (section.find("urgent") == nullptr) return;
  urgent.clear();
  section.each("urgent", [&](const YamlNode& item) {
    Result<std::vector<LabelMatcher>> matchers =
        item.kind() == YamlNode::Kind::Scalar ? parse_label_matchers(item.text())
                                              : Error{"an entry of urgent must be a text, as in `severity=\"P0\"`"};
    if (!matchers) {
      section.context().wrong(item, matchers.error().message);
    } else if (matchers->empty()) {
      section.context().wrong(item, "this makes every alert urgent: name a label, as in `severity=\"P0\"`");
    } else {
      urgent.push_back(std::move(*matchers));
    }
  });
}

void read_one_by_one(SectionReader& section, const Names& receivers, NotifierExtensions& extensions) {
  std::vector<std::string> names;
  section.texts("one_message_per_alert", names);
  for (const std::string& name : names) {
    check_known(section, "one_message_per_alert", "receiver", name, receivers);
    if (!extensions.one_message_per_alert.insert(name).second) {
      section.wrong("one_message_per_alert", "the receiver \"" + name + "\" stands twice: remove one");
    }
  }
}

void read_webhook_key(SectionReader& section, std::string& file) {
  section.refuse("webhook_key",
                 "a key must not stand in this file: write it to a file of its own and name that "
                 "(`webhook_key_file: secrets/webhook`), or set BELLWETHER_WEBHOOK_KEY");
  if (!section.path("webhook_key_file", file)) return;
  // One that is not there may come later, or the environment stands in.
  std::ifstream in(file, std::ios::binary);
  if (!in) return;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || text.find_last_not_of(" \t\r\n") - begin + 1 < shortest_webhook_key) {
    section.wrong("webhook_key_file", "the key in " + file + " is shorter than " +
                                          std::to_string(shortest_webhook_key) +
                                          " characters: make one with `openssl rand -hex 32`");
  }
}

}  // namespace

void read_extensions(const YamlNode& root, ReadContext& context, const Names& receivers,
                     NotifierExtensions& extensions) {
  SectionReader section(root, "bellwether.yml", context);
  if (section.text("fallback_receiver", extensions.fallback_receiver) && !extensions.fallback_receiver.empty()) {
    check_known(section, "fallback_receiver", "receiver", extensions.fallback_receiver, receivers);
  }
  read_urgent(section, extensions.urgent);
  if (const YamlNode* rates = section.find("rate_limits")) {
    read_rates(*rates, context, receivers, extensions.rate_limits);
  }
  if (const YamlNode* node = section.find("digest")) {
    SectionReader digest(*node, "digest", context);
    digest.count("max_messages", extensions.digest.max_messages);
    read_positive(digest, "window", extensions.digest.window);
    digest.finish();
  }
  read_positive(section, "acknowledgement_lifetime", extensions.acknowledgement_lifetime);
  read_positive(section, "link_lifetime", extensions.link_lifetime);
  section.each("escalation",
               [&](const YamlNode& item) { extensions.escalation.push_back(read_policy(item, context, receivers)); });
  section.each("watchdogs",
               [&](const YamlNode& item) { extensions.watchdogs.push_back(read_watchdog(item, context)); });
  constexpr std::array<std::string_view, 2> needs{"any", "all"};
  if (const auto need = section.choice("forward", needs)) extensions.forward_to_all = needs[*need] == "all";
  read_one_by_one(section, receivers, extensions);
  read_webhook_key(section, extensions.webhook_key_file);
  Names heartbeats;
  section.each("heartbeats", [&](const YamlNode& item) {
    extensions.heartbeats.push_back(read_heartbeat(item, context, heartbeats));
  });
  section.finish();
}

}  // namespace config
BELLWETHER_NAMESPACE_END
