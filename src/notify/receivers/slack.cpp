// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>

#include "notify/receivers/channel.hpp"
#include "notify/receivers/channels.hpp"
#include "notify/receivers/delivery_rules.hpp"
#include "notify/receivers/json_values.hpp"
#include "notify/receivers/message_text.hpp"
#include "notify/receivers/shortening.hpp"
#include "notify/receivers/slack_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_alerts = 20;
constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

/// What chat.postMessage says in a body of status 200.
DeliveryOutcome outcome_of(std::string_view error) noexcept {
  static constexpr std::array credentials{
      "invalid_auth",  "not_authed",    "account_inactive", "token_revoked",
      "token_expired", "missing_scope", "no_permission",    "not_allowed_token_type"};
  static constexpr std::array passing{"internal_error", "fatal_error", "service_unavailable", "request_timeout",
                                      "team_added_to_org"};
  if (error == "ratelimited" || error == "rate_limited" || error == "message_limit_exceeded")
    return DeliveryOutcome::rate_limited;
  if (std::find(credentials.begin(), credentials.end(), error) != credentials.end())
    return DeliveryOutcome::unauthorized;
  if (std::find(passing.begin(), passing.end(), error) != passing.end()) return DeliveryOutcome::transient;
  return DeliveryOutcome::permanent;
}

/// The reference of a message: "channel ts".
struct Reference {
  std::string channel;
  std::string time;
};

std::optional<Reference> read_reference(const std::string& text) {
  const std::size_t space = text.find(' ');
  if (space == std::string::npos) return std::nullopt;
  return Reference{text.substr(0, space), text.substr(space + 1)};
}

class Slack final : public Channel {
 public:
  Slack(const std::string& receiver, const std::string& name, config::SlackConfig config, const ReceiverParts& parts)
      : Channel(receiver, name, config.send_resolved, parts), config_(std::move(config)) {}

  Result<std::string> render(const Notification& notification) const override {
    // Links and where it goes are those of the whole, however little of it is shown.
    const MessageLinks links = links_of(notification);
    return render_within(
        shortened(notification, {max_alerts, all, all}),
        [&](const Notification& less) -> Result<std::string> {
          return boost::json::serialize(message(less, notification, links));
        },
        [](const std::string& json) {
          return within_slack_limits(parse_object(json).value_or(boost::json::object()));
        });
  }

  void deliver(const OutgoingMessage& message, Done done) override;

 private:
  boost::json::object message(const Notification& notification, const Notification& whole,
                              const MessageLinks& links) const;
  bool is_app() const noexcept { return !config_.app_token.empty() || !config_.app_token_file.empty(); }
  DeliveryResult result_of(const net::HttpResult& result, const std::string& earlier, const std::string& secret) const;

  const config::SlackConfig config_;
};

boost::json::object Slack::message(const Notification& notification, const Notification& whole,
                                   const MessageLinks& links) const {
  const MessageModel model = message_model(notification, links);
  RenderedFields fields(*parts().templates, where(), notification, links);
  RenderedFields of_whole(*parts().templates, where(), whole, links);
  std::string colour = config_.color ? of_whole.text("color", *config_.color) : "";
  if (colour.empty()) colour = colour_of(model.severity, model.firing);
  boost::json::object message;
  if (has_own_wording(config_)) {
    message = slack_attachment(config_, model, fields);
    message.at("attachments").as_array().at(0).as_object()["color"] = json_text(colour);
  } else {
    message = slack_blocks(model, colour);
  }
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) message[key] = json_text(text);
  };
  put("text", config_.message_text ? fields.text("message_text", *config_.message_text) : "");
  put("channel", of_whole.text("channel", config_.channel));
  put("username", config_.username ? of_whole.text("username", *config_.username) : "");
  put("icon_emoji", config_.icon_emoji ? of_whole.text("icon_emoji", *config_.icon_emoji) : "");
  put("icon_url", config_.icon_url ? of_whole.text("icon_url", *config_.icon_url) : "");
  if (config_.link_names) message["link_names"] = true;
  const std::string& problem = fields.problem().empty() ? of_whole.problem() : fields.problem();
  if (!problem.empty()) {
    const std::string note = "template failed: " + escape_markup(shorten(one_line(problem), 300));
    message.at("attachments").as_array().at(0).as_object()["footer"] = json_text(note);
  }
  return message;
}

void Slack::deliver(const OutgoingMessage& message, Done done) {
  const Result<std::string> secret = is_app() ? secret_of("app_token_file", config_.app_token, config_.app_token_file)
                                              : secret_of("api_url_file", config_.api_url, config_.api_url_file);
  if (!secret) return done(unauthorized(secret.error()));
  std::string url = is_app() ? config_.app_url : *secret;
  std::string body = message.payload;
  std::string earlier;
  const std::optional<Reference> reference = read_reference(message.reference);
  if (reference && config_.message_strategy != config::SlackMessageStrategy::new_message) {
    std::optional<boost::json::object> changed = parse_object(message.payload);
    if (!changed)
      return done({.outcome = DeliveryOutcome::permanent, .error = name() + ": the stored message is no JSON"});
    (*changed)["channel"] = json_text(reference->channel);
    const bool update = config_.message_strategy == config::SlackMessageStrategy::update;
    (*changed)[update ? "ts" : "thread_ts"] = json_text(reference->time);
    if (const std::size_t method = url.rfind("chat.postMessage"); update && method != std::string::npos) {
      url.replace(method, std::string_view("chat.postMessage").size(), "chat.update");
    }
    body = boost::json::serialize(*changed);
    earlier = message.reference;  // a thread hangs on its first message
  }
  Result<net::HttpRequest> request = post_request(config_.http, url, std::move(body), config_.timeout);
  if (!request) return done(unauthorized(request.error()));
  if (is_app()) request->auth = net::BearerToken{*secret};
  parts().http->send(std::move(*request),
                     [self = shared_from_this(), this, earlier, secret = *secret, done = std::move(done)](
                         const net::HttpResult& result) { done(result_of(result, earlier, secret)); });
}

DeliveryResult Slack::result_of(const net::HttpResult& result, const std::string& earlier,
                                const std::string& secret) const {
  const auto wait = result ? retry_after_of_body(result->body) : std::nullopt;
  DeliveryResult delivery = classify_answer(name(), result, *parts().clock, wait, secret);
  if (delivery.outcome != DeliveryOutcome::delivered) return delivery;
  delivery.reference = earlier;
  // A webhook answers "ok"; the Web API answers 200 whatever came of it, and says so in its body.
  const std::optional<boost::json::object> answer = parse_object(result->body);
  if (!answer) return delivery;
  if (const auto* ok = answer->if_contains("ok"); ok != nullptr && ok->is_bool() && !ok->get_bool()) {
    const std::string error = text_at(*answer, "error");
    delivery.outcome = outcome_of(error);
    delivery.error = name() + ": " + error_text(error.empty() ? result->body : error, secret);
    if (delivery.outcome == DeliveryOutcome::rate_limited) {
      delivery.retry_after = wait;
      if (const auto asked = result->retry_after(parts().clock->wall())) delivery.retry_after = *asked;
    }
    return delivery;
  }
  const std::string channel = text_at(*answer, "channel");
  const std::string time = text_at(*answer, "ts");
  if (earlier.empty() && !channel.empty() && !time.empty()) delivery.reference = channel + " " + time;
  return delivery;
}

}  // namespace

std::shared_ptr<Integration> make_slack(const std::string& receiver, const std::string& name,
                                        const config::SlackConfig& config, const ReceiverParts& parts) {
  return std::make_shared<Slack>(receiver, name, config, parts);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
