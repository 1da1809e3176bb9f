// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <charconv>
#include <limits>

#include "notify/receivers/channel.hpp"
#include "notify/receivers/channels.hpp"
#include "notify/receivers/delivery_rules.hpp"
#include "notify/receivers/json_values.hpp"
#include "notify/receivers/message_model.hpp"
#include "notify/receivers/message_text.hpp"
#include "notify/receivers/shortening.hpp"
#include "notify/receivers/telegram_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_units = 4096;
constexpr std::size_t max_alerts = 30;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// `parameters.migrate_to_chat_id` of an answer, or 0.
std::int64_t migrated_chat(const boost::json::object& answer) {
  const auto* parameters = answer.if_contains("parameters");
  if (parameters == nullptr || !parameters->is_object()) return 0;
  const auto* chat = parameters->get_object().if_contains("migrate_to_chat_id");
  return chat != nullptr && chat->is_int64() ? chat->get_int64() : 0;
}

class Telegram final : public Channel {
 public:
  Telegram(const std::string& receiver, const std::string& name, config::TelegramConfig config,
           const ReceiverParts& parts)
      : Channel(receiver, name, config.send_resolved, parts), config_(std::move(config)) {}

  Result<std::string> render(const Notification& notification) const override;
  void deliver(const OutgoingMessage& message, Done done) override;

 private:
  struct Attempt {
    boost::json::object message;
    std::string plain;
    Done done;
    bool tried_plain = false;
    bool tried_other_chat = false;
  };
  bool is_html() const noexcept { return config_.parse_mode == config::TelegramParseMode::html; }
  std::string text_of(const Notification& notification, const MessageLinks& links) const;
  std::string plain_of(const std::string& text) const { return is_html() ? telegram_plain(text) : text; }
  Result<std::int64_t> chat() const;
  void send(const std::shared_ptr<Attempt>& attempt);
  void answered(const std::shared_ptr<Attempt>& attempt, const net::HttpResult& result, const std::string& token);

  const config::TelegramConfig config_;
  std::atomic<std::int64_t> migrated_{0};  // learned again after a restart, by one more request
};

std::string Telegram::text_of(const Notification& notification, const MessageLinks& links) const {
  RenderedFields fields(*parts().templates, where(), notification, links);
  std::string text;
  if (config_.message) {
    text = is_html() ? fields.html("message", *config_.message) : fields.text("message", *config_.message);
  }
  if (text.empty()) {
    const MessageModel model = message_model(notification, links);
    text = is_html() ? telegram_text(model) : plain_text(model);
    if (!fields.problem().empty()) {
      const std::string note = "template failed: " + shorten(one_line(fields.problem()), 300);
      text += "\n" + (is_html() ? escape_markup(note) : note);
    }
  }
  return text;
}

Result<std::string> Telegram::render(const Notification& notification) const {
  constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  const MessageLinks links = links_of(notification);  // of the whole, however little of it is shown
  Result<std::string> text = render_within(
      shortened(notification, {max_alerts, all, all}),
      [&](const Notification& less) -> Result<std::string> { return text_of(less, links); },
      [&](const std::string& rendered) { return utf16_units(plain_of(rendered)) <= max_units; });
  if (!text) return text;
  const std::string plain = plain_of(*text);
  const bool too_long = utf16_units(plain) > max_units;  // a template that is long whatever it is about
  boost::json::object message;
  message["text"] = json_text(too_long ? shorten_utf16(plain, max_units) : *text);
  // Our own wording knows HTML only.
  const bool markdown = config_.message && config_.parse_mode != config::TelegramParseMode::plain && !is_html();
  if (!too_long && is_html()) message["parse_mode"] = "HTML";
  if (!too_long && markdown) {
    message["parse_mode"] = config_.parse_mode == config::TelegramParseMode::markdown ? "Markdown" : "MarkdownV2";
  }
  if (config_.message_thread_id != 0) message["message_thread_id"] = config_.message_thread_id;
  if (config_.disable_notifications) message["disable_notification"] = true;
  message["link_preview_options"] = boost::json::object{{"is_disabled", true}};
  boost::json::object payload;
  payload["message"] = std::move(message);
  payload["plain"] = json_text(shorten_utf16(plain, max_units));
  return boost::json::serialize(payload);
}

Result<std::int64_t> Telegram::chat() const {
  if (const std::int64_t moved = migrated_.load(); moved != 0) return moved;
  if (config_.chat_id_file.empty()) return config_.chat_id;
  const Result<std::string> text = secret_of("chat_id_file", {}, config_.chat_id_file);
  if (!text) return text.error();
  if (const auto number = whole_number(*text)) return *number;
  return Error{"chat_id_file " + config_.chat_id_file +
               " holds no number; a chat's id is a number, of a group a negative one"};
}

void Telegram::deliver(const OutgoingMessage& message, Done done) {
  std::optional<boost::json::object> payload = parse_object(message.payload);
  const boost::json::value* const inner = payload ? payload->if_contains("message") : nullptr;
  if (inner == nullptr || !inner->is_object()) {
    return done({.outcome = DeliveryOutcome::permanent, .error = name() + ": the stored message is no JSON"});
  }
  auto attempt = std::make_shared<Attempt>(Attempt{inner->get_object(), text_at(*payload, "plain"), std::move(done)});
  if (const auto earlier = whole_number(message.reference); earlier && *earlier != 0) {
    attempt->message["reply_parameters"] =
        boost::json::object{{"message_id", *earlier}, {"allow_sending_without_reply", true}};
  }
  send(attempt);
}

void Telegram::send(const std::shared_ptr<Attempt>& attempt) {
  const Result<std::string> token = secret_of("bot_token_file", config_.bot_token, config_.bot_token_file);
  if (!token) return attempt->done(unauthorized(token.error()));
  const Result<std::int64_t> chat_id = chat();
  if (!chat_id) return attempt->done(unauthorized(chat_id.error()));
  attempt->message["chat_id"] = *chat_id;
  Result<net::HttpRequest> request =
      post_request(config_.http, config_.api_url + "/bot" + *token + "/sendMessage",
                   boost::json::serialize(attempt->message), std::chrono::milliseconds{0});
  if (!request) return attempt->done(unauthorized(request.error()));
  parts().http->send(std::move(*request), [self = shared_from_this(), this, attempt, token = *token](
                                              const net::HttpResult& result) { answered(attempt, result, token); });
}

void Telegram::answered(const std::shared_ptr<Attempt>& attempt, const net::HttpResult& result,
                        const std::string& token) {
  const auto wait = result ? retry_after_of_body(result->body) : std::nullopt;
  DeliveryResult delivery = classify_answer(name(), result, *parts().clock, wait, token);
  const boost::json::object answer =
      result ? parse_object(result->body).value_or(boost::json::object()) : boost::json::object();
  if (delivery.outcome == DeliveryOutcome::delivered) {
    if (const auto* sent = answer.if_contains("result"); sent != nullptr && sent->is_object()) {
      const auto* id = sent->get_object().if_contains("message_id");
      if (id != nullptr && id->is_int64()) delivery.reference = std::to_string(id->get_int64());
    }
    return attempt->done(std::move(delivery));
  }
  if (const std::int64_t moved = migrated_chat(answer); moved != 0 && !attempt->tried_other_chat) {
    migrated_ = moved;
    attempt->tried_other_chat = true;
    return send(attempt);
  }
  const bool unreadable = text_at(answer, "description").find("can't parse entities") != std::string::npos;
  if (unreadable && !attempt->tried_plain) {
    attempt->tried_plain = true;
    attempt->message["text"] = json_text(attempt->plain);
    attempt->message.erase("parse_mode");
    return send(attempt);
  }
  // A token that nobody knows is answered like a path that nobody knows.
  if (result && result->status == 404) delivery.outcome = DeliveryOutcome::unauthorized;
  attempt->done(std::move(delivery));
}

}  // namespace

std::shared_ptr<Integration> make_telegram(const std::string& receiver, const std::string& name,
                                           const config::TelegramConfig& config, const ReceiverParts& parts) {
  return std::make_shared<Telegram>(receiver, name, config, parts);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
