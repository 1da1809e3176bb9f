// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "notify/receivers/channel.hpp"
#include "notify/receivers/channels.hpp"
#include "notify/receivers/delivery_rules.hpp"
#include "notify/receivers/json_values.hpp"
#include "notify/receivers/message_model.hpp"
#include "notify/receivers/message_text.hpp"
#include "notify/receivers/shortening.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_summary = 1024;
constexpr std::size_t max_event_bytes = 512'000;
constexpr std::size_t room_for_keys = 1024;  // routing key and deduplication key come when it is sent
constexpr std::size_t max_alerts = 200;
constexpr std::size_t max_links = 20;

std::string_view pagerduty_severity(Severity severity) noexcept {
  switch (severity) {
    case Severity::critical:
      return "critical";
    case Severity::high:
      return "error";
    case Severity::info:
      return "info";
    default:
      return "warning";
  }
}

std::string list_of(const MessageModel& model, bool firing) {
  std::string text;
  for (const AlertText& alert : model.alerts) {
    if (alert.firing != firing) continue;
    text += alert.title + "\n";
    for (const std::string* line : {&alert.description, &alert.value, &alert.labels, &alert.time}) {
      if (!line->empty()) text.append("  ").append(*line).append("\n");
    }
    for (const auto& [name, address] : alert.links)
      text.append("  ").append(name).append(": ").append(address).append("\n");
  }
  return text;
}

class Pagerduty final : public Channel {
 public:
  Pagerduty(const std::string& receiver, const std::string& name, config::PagerdutyConfig config,
            const ReceiverParts& parts)
      : Channel(receiver, name, config.send_resolved, parts), config_(std::move(config)) {}

  Result<std::string> render(const Notification& notification) const override {
    if (!notification.firing() && !notification.alerts.empty()) return std::string(R"({"event_action":"resolve"})");
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    const MessageLinks given = links_of(notification);
    const auto fits = [](const std::string& json) { return json.size() <= max_event_bytes - room_for_keys; };
    Result<std::string> event = render_within(
        shortened(notification, {max_alerts, all, all}),
        [&](const Notification& less) { return trigger(less, notification, given, true); }, fits);
    if (event && !fits(*event))
      event = trigger(shortened(notification, detail_at(detail_levels())), notification, given, false);
    return event;
  }

  std::optional<std::string> render_acknowledgement(const Notification&) const override {
    return R"({"event_action":"acknowledge"})";
  }

  void deliver(const OutgoingMessage& message, Done done) override {
    const bool old_key = config_.routing_key.empty() && config_.routing_key_file.empty();
    const Result<std::string> key = old_key
                                        ? secret_of("service_key_file", config_.service_key, config_.service_key_file)
                                        : secret_of("routing_key_file", config_.routing_key, config_.routing_key_file);
    if (!key) return done(unauthorized(key.error()));
    std::optional<boost::json::object> event = parse_object(message.payload);
    if (!event)
      return done({.outcome = DeliveryOutcome::permanent, .error = name() + ": the stored message is no JSON"});
    (*event)["routing_key"] = json_text(*key);
    (*event)["dedup_key"] = json_text(shorten_bytes(message.deduplication_key, 255));
    Result<net::HttpRequest> request =
        post_request(config_.http, config_.url, boost::json::serialize(*event), config_.timeout);
    if (!request) return done(unauthorized(request.error()));
    parts().http->send(std::move(*request), [self = shared_from_this(), this, secret = *key,
                                             done = std::move(done)](const net::HttpResult& result) {
      const auto wait = result ? retry_after_of_body(result->body) : std::nullopt;
      done(classify_answer(name(), result, *parts().clock, wait, secret));
    });
  }

 private:
  Result<std::string> trigger(const Notification& notification, const Notification& whole, const MessageLinks& given,
                              bool with_details) const;
  boost::json::array links(const MessageModel& model, RenderedFields& fields) const;

  const config::PagerdutyConfig config_;
};

boost::json::array Pagerduty::links(const MessageModel& model, RenderedFields& fields) const {
  boost::json::array links;
  const auto add = [&](const std::string& text, const std::string& address) {
    const std::string safe = safe_address(address);
    if (safe.empty() || links.size() >= max_links) return;
    links.emplace_back(boost::json::object{{"href", json_text(safe)}, {"text", json_text(shorten(text, 100))}});
  };
  for (const config::PagerdutyLink& link : config_.links)
    add(fields.text("links", link.text), fields.text("links", link.href));
  for (const auto& [text, address] : model.links) add(text, address);
  for (const AlertText& alert : model.alerts) {
    for (const auto& [text, address] : alert.links) add(std::string(text).append(" of ").append(alert.title), address);
  }
  return links;
}

Result<std::string> Pagerduty::trigger(const Notification& notification, const Notification& whole,
                                       const MessageLinks& given, bool with_details) const {
  const MessageModel model = message_model(notification, given);
  RenderedFields fields(*parts().templates, where(), notification, given);
  RenderedFields of_whole(*parts().templates, where(), whole, given);
  boost::json::object details;
  const std::string firing = list_of(model, true);
  const std::string resolved = list_of(model, false);
  details["firing"] = json_text(firing);
  details["resolved"] = json_text(resolved);
  const auto count =
      std::count_if(model.alerts.begin(), model.alerts.end(), [](const AlertText& a) { return a.firing; });
  details["num_firing"] = std::to_string(count).c_str();
  details["num_resolved"] = std::to_string(model.alerts.size() - static_cast<std::size_t>(count)).c_str();
  if (model.more != 0) details["not_listed"] = json_text(more_text(model.more));
  for (const auto& [key, value] : config_.details) details[key] = json_text(fields.text("details." + key, value));

  std::string summary = one_line(config_.description ? fields.text("description", *config_.description) : "");
  if (summary.empty()) {
    summary = model.headline;
    if (model.alerts.size() == 1 && model.headline.find(model.alerts[0].title) == std::string::npos) {
      summary += ": " + model.alerts[0].title;
    }
  }
  const std::string client = config_.client ? of_whole.text("client", *config_.client) : "Bellwether";
  std::string source = config_.source.empty() ? client : of_whole.text("source", config_.source);
  std::string severity = config_.severity.empty() ? "" : of_whole.text("severity", config_.severity);
  // The API takes four words; P0, page and their like are mapped as the label would be.
  severity = pagerduty_severity(severity.empty() ? model.severity : message_severity_of({{"severity", severity}}));
  std::int64_t began = notification.now_ms;
  for (const rules::Alert& alert : notification.alerts) {
    if (!alert.resolved_at(notification.now_ms)) began = std::min(began, alert.starts_ms);
  }

  boost::json::object payload;
  payload["summary"] = json_text(shorten(summary, max_summary));
  payload["source"] = json_text(shorten(source.empty() ? std::string("bellwether") : source, max_summary));
  payload["severity"] = json_text(severity);
  payload["timestamp"] = json_text(rfc3339(began));
  const auto optional_text = [&](const char* key, const std::string& field) {
    if (const std::string text = of_whole.text(key, field); !text.empty())
      payload[key] = json_text(shorten(text, max_summary));
  };
  optional_text("component", config_.component);
  optional_text("group", config_.group);
  optional_text("class", config_.class_name);
  boost::json::array all_links = links(model, fields);
  const std::string address =
      config_.client_url ? of_whole.text("client_url", *config_.client_url) : notification.external_url;
  if (!fields.problem().empty()) details["template_problem"] = json_text(shorten(fields.problem(), max_summary));
  if (!with_details) details = {{"note", "the details were left out: they exceed what PagerDuty takes"}};
  payload["custom_details"] = std::move(details);

  boost::json::object event;
  event["event_action"] = "trigger";
  event["client"] = json_text(client);
  if (!safe_address(address).empty()) event["client_url"] = json_text(safe_address(address));
  event["payload"] = std::move(payload);
  if (with_details && !all_links.empty()) event["links"] = std::move(all_links);
  boost::json::array images;
  for (const config::PagerdutyImage& image : config_.images) {
    const std::string src = safe_address(fields.text("images", image.src));
    if (src.empty()) continue;
    boost::json::object entry{{"src", json_text(src)}, {"alt", json_text(fields.text("images", image.alt))}};
    if (const std::string href = safe_address(fields.text("images", image.href)); !href.empty())
      entry["href"] = json_text(href);
    images.emplace_back(std::move(entry));
  }
  if (!images.empty()) event["images"] = std::move(images);
  return boost::json::serialize(event);
}

}  // namespace

std::shared_ptr<Integration> make_pagerduty(const std::string& receiver, const std::string& name,
                                            const config::PagerdutyConfig& config, const ReceiverParts& parts) {
  return std::make_shared<Pagerduty>(receiver, name, config, parts);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
