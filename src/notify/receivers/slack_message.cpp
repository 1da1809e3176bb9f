// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/slack_message.hpp"

#include "notify/receivers/json_values.hpp"
#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_header = 150;
constexpr std::size_t max_section = 3000;
constexpr std::size_t max_field = 2000;
constexpr std::size_t max_blocks = 48;  // 50, with the header's
constexpr std::size_t max_all = 12'000;
constexpr std::size_t max_attachment_text = 7500;
constexpr std::size_t max_short_text = 1000;

boost::json::object text_object(std::string_view type, const std::string& text) {
  return {{"type", json_text(type)}, {"text", json_text(text)}};
}

boost::json::object section(const std::string& markup) {
  return {{"type", "section"}, {"text", text_object("mrkdwn", markup)}};
}

boost::json::object context(const std::string& markup) {
  return {{"type", "context"}, {"elements", boost::json::array{text_object("mrkdwn", markup)}}};
}

std::string link_markup(const std::pair<std::string, std::string>& link) {
  return "<" + escape_markup(link.second) + "|" + escape_markup(link.first) + ">";
}

std::string alert_markup(const AlertText& alert) {
  std::string text =
      std::string(alert.firing ? ":red_circle: *" : ":large_green_circle: *") + escape_markup(alert.title) + "*";
  if (!alert.value.empty()) text += "  `" + escape_markup(alert.value) + "`";
  if (!alert.description.empty()) text += "\n" + escape_markup(alert.description);
  return text;
}

std::string context_markup(const AlertText& alert) {
  std::string text = escape_markup(alert.time);
  if (!alert.labels.empty()) text += " \xC2\xB7 " + escape_markup(alert.labels);
  for (const auto& link : alert.links) text += " \xC2\xB7 " + link_markup(link);
  return text;
}

boost::json::object buttons(const MessageModel& model) {
  boost::json::array elements;
  for (const auto& [text, address] : model.links) {
    boost::json::object button{
        {"type", "button"}, {"text", text_object("plain_text", text)}, {"url", json_text(address)}};
    button["action_id"] = json_text("open_" + std::to_string(elements.size()));
    elements.emplace_back(std::move(button));
  }
  return {{"type", "actions"}, {"elements", std::move(elements)}};
}

/// Counts the texts of blocks and whether each keeps its own limit.
struct BlockCheck {
  std::size_t characters = 0;
  bool good = true;

  void text(const boost::json::value& value, std::size_t limit) {
    const std::size_t length = code_points(text_at(value.as_object(), "text"));
    characters += length;
    if (length > limit) good = false;
  }
  void block(const boost::json::object& block) {
    const std::string type = text_at(block, "type");
    if (const auto* text_of = block.if_contains("text")) text(*text_of, type == "header" ? max_header : max_section);
    for (const char* key : {"fields", "elements"}) {
      const auto* list = block.if_contains(key);
      if (list == nullptr) continue;
      for (const boost::json::value& element : list->as_array()) {
        if (type != "actions") text(element, max_field);
      }
    }
  }
};

}  // namespace

bool has_own_wording(const config::SlackConfig& config) noexcept {
  return config.title || config.title_link || config.pretext || config.text || config.fallback ||
         !config.fields.empty() || !config.actions.empty() || !config.image_url.empty() || !config.thumb_url.empty() ||
         config.footer;
}

boost::json::object slack_blocks(const MessageModel& model, std::string_view colour) {
  boost::json::array blocks;
  if (!model.common_labels.empty()) blocks.emplace_back(context(escape_markup(model.common_labels)));
  for (const AlertText& alert : model.alerts) {
    blocks.emplace_back(section(alert_markup(alert)));
    blocks.emplace_back(context(context_markup(alert)));
  }
  if (model.more != 0) blocks.emplace_back(context("_" + more_text(model.more) + "_"));
  if (!model.links.empty()) blocks.emplace_back(buttons(model));
  boost::json::object message;
  message["text"] = json_text(escape_markup(shorten(model.headline, max_short_text)));
  message["blocks"] = boost::json::array{boost::json::object{
      {"type", "header"}, {"text", text_object("plain_text", shorten(model.headline, max_header))}}};
  message["attachments"] =
      boost::json::array{boost::json::object{{"color", json_text(colour)}, {"blocks", std::move(blocks)}}};
  return message;
}

boost::json::object slack_attachment(const config::SlackConfig& config, const MessageModel& model,
                                     RenderedFields& fields) {
  boost::json::object attachment;
  const auto put = [&](const char* key, const std::optional<std::string>& field, std::string_view otherwise) {
    if (const std::string text = fields.text(key, field, otherwise); !text.empty()) attachment[key] = json_text(text);
  };
  put("title", config.title, R"({{ template "slack.default.title" . }})");
  put("title_link", config.title_link, R"({{ template "slack.default.titlelink" . }})");
  put("pretext", config.pretext, R"({{ template "slack.default.pretext" . }})");
  put("text", config.text, R"({{ template "slack.default.text" . }})");
  put("fallback", config.fallback, R"({{ template "slack.default.fallback" . }})");
  put("footer", config.footer, R"({{ template "slack.default.footer" . }})");
  put("callback_id", config.callback_id, R"({{ template "slack.default.callbackid" . }})");
  put("image_url", config.image_url, "");
  put("thumb_url", config.thumb_url, "");
  if (!fields.problem().empty() || (!attachment.contains("text") && !attachment.contains("title"))) {
    attachment["text"] = json_text(escape_markup(plain_text(model)));
  }
  boost::json::array rows;
  for (const config::SlackField& field : config.fields) {
    boost::json::object row{{"title", json_text(fields.text("fields", field.title))}};
    row["value"] = json_text(fields.text("fields", field.value));
    row["short"] = field.is_short.value_or(config.short_fields);
    rows.emplace_back(std::move(row));
  }
  if (!rows.empty()) attachment["fields"] = std::move(rows);
  boost::json::array actions;
  for (const config::SlackAction& action : config.actions) {
    boost::json::object button;
    for (const auto& [key, field] :
         {std::pair{"type", &action.type}, std::pair{"text", &action.text}, std::pair{"url", &action.url},
          std::pair{"style", &action.style}, std::pair{"name", &action.name}, std::pair{"value", &action.value}}) {
      if (const std::string text = fields.text("actions", *field); !text.empty()) button[key] = json_text(text);
    }
    if (action.confirm) {
      boost::json::object confirm{{"text", json_text(fields.text("actions", action.confirm->text))}};
      for (const auto& [key, field] :
           {std::pair{"title", &action.confirm->title}, std::pair{"ok_text", &action.confirm->ok_text},
            std::pair{"dismiss_text", &action.confirm->dismiss_text}}) {
        if (const std::string text = fields.text("actions", *field); !text.empty()) confirm[key] = json_text(text);
      }
      button["confirm"] = std::move(confirm);
    }
    actions.emplace_back(std::move(button));
  }
  if (!actions.empty()) attachment["actions"] = std::move(actions);
  boost::json::array markdown;
  for (const std::string& field : config.mrkdwn_in) markdown.emplace_back(json_text(field));
  if (config.mrkdwn_in.empty()) markdown = {"fallback", "pretext", "text"};
  attachment["mrkdwn_in"] = std::move(markdown);
  boost::json::object message;
  message["attachments"] = boost::json::array{std::move(attachment)};
  return message;
}

bool within_slack_limits(const boost::json::object& message) {
  BlockCheck check;
  std::size_t blocks = 0;
  const auto walk = [&](const boost::json::object& holder) {
    const auto* list = holder.if_contains("blocks");
    if (list == nullptr) return;
    blocks += list->as_array().size();
    for (const boost::json::value& block : list->as_array()) check.block(block.as_object());
  };
  walk(message);
  if (const auto* attachments = message.if_contains("attachments")) {
    for (const boost::json::value& value : attachments->as_array()) {
      const boost::json::object& attachment = value.as_object();
      walk(attachment);
      if (code_points(text_at(attachment, "text")) > max_attachment_text) return false;
      for (const char* key : {"title", "pretext", "fallback", "footer"}) {
        if (code_points(text_at(attachment, key)) > max_short_text) return false;
      }
    }
  }
  return check.good && check.characters <= max_all && blocks <= max_blocks;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
