// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/channel.hpp"
#include "notify/receivers/channels.hpp"
#include "notify/receivers/delivery_rules.hpp"
#include "notify/receivers/json_values.hpp"
#include "notify/receivers/message_text.hpp"
#include "notify/receivers/webhook_signature.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

boost::json::object json_labels(const rules::AlertLabels& labels) {
  boost::json::object object;
  for (const auto& [name, value] : labels) object[clean_text(name)] = json_text(clean_text(value));
  return object;
}

boost::json::object json_alert(const rules::Alert& alert, std::int64_t now_ms) {
  const bool resolved = alert.resolved_at(now_ms);
  boost::json::object object;
  object["status"] = resolved ? "resolved" : "firing";
  object["labels"] = json_labels(alert.labels);
  object["annotations"] = json_labels(alert.annotations);
  object["startsAt"] = json_text(rfc3339(alert.starts_ms));
  object["endsAt"] = json_text(rfc3339(resolved ? alert.ends_ms : 0));
  object["generatorURL"] = json_text(clean_text(alert.generator_url));
  object["fingerprint"] = json_text(rules::fingerprint_text(alert.labels));
  return object;
}

class Webhook final : public Channel {
 public:
  Webhook(const std::string& receiver, const std::string& name, config::WebhookConfig config,
          const ReceiverParts& parts)
      : Channel(receiver, name, config.send_resolved, parts), config_(std::move(config)) {}

  Result<std::string> render(const Notification& notification) const override {
    std::size_t count = notification.alerts.size();
    if (config_.max_alerts != 0) count = std::min<std::size_t>(count, config_.max_alerts);
    boost::json::array alerts;
    for (std::size_t i = 0; i < count; ++i)
      alerts.emplace_back(json_alert(notification.alerts[i], notification.now_ms));
    boost::json::object body;
    body["receiver"] = json_text(clean_text(notification.receiver));
    body["status"] = notification.firing() ? "firing" : "resolved";
    body["alerts"] = std::move(alerts);
    body["groupLabels"] = json_labels(notification.group_labels);
    body["commonLabels"] = json_labels(notification.common_labels);
    body["commonAnnotations"] = json_labels(notification.common_annotations);
    body["externalURL"] = json_text(clean_text(notification.external_url));
    body["version"] = "4";
    body["groupKey"] = json_text(clean_text(notification.group_key));
    body["truncatedAlerts"] = notification.truncated_alerts + (notification.alerts.size() - count);
    return boost::json::serialize(body);
  }

  void deliver(const OutgoingMessage& message, Done done) override {
    const Result<std::string> url = secret_of("url_file", config_.url, config_.url_file);
    if (!url) return done(unauthorized(url.error()));
    Result<net::HttpRequest> request = post_request(config_.http, *url, message.payload, config_.timeout);
    if (!request) return done(unauthorized(request.error()));
    request->headers.emplace_back("Idempotency-Key", std::to_string(message.id));
    request->headers.emplace_back("X-Bellwether-Attempt", std::to_string(message.attempt));
    if (!parts().webhook_key.empty() || !parts().webhook_key_file.empty()) {
      const Result<std::string> key = secret_of("webhook_key_file", parts().webhook_key, parts().webhook_key_file);
      if (!key) return done(unauthorized(key.error()));
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(parts().clock->wall()).count();
      request->headers.emplace_back("X-Bellwether-Signature", webhook_signature(*key, seconds, message.payload));
    }
    parts().http->send(std::move(*request), [self = shared_from_this(), this, secret = *url,
                                             done = std::move(done)](const net::HttpResult& result) {
      const auto wait = result ? retry_after_of_body(result->body) : std::nullopt;
      done(classify_answer(name(), result, *parts().clock, wait, secret));
    });
  }

 private:
  const config::WebhookConfig config_;
};

}  // namespace

std::shared_ptr<Integration> make_webhook(const std::string& receiver, const std::string& name,
                                          const config::WebhookConfig& config, const ReceiverParts& parts) {
  return std::make_shared<Webhook>(receiver, name, config, parts);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
