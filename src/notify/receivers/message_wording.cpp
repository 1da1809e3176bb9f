// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Our own wording of a message: as plain text, as HTML for a mail, and in Telegram's HTML.
#include "notify/receivers/message_model.hpp"
#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

std::string anchor(const std::pair<std::string, std::string>& link, std::string_view style = {}) {
  return "<a href=\"" + escape_markup(link.second, true) + "\"" + std::string(style) + ">" + escape_markup(link.first) +
         "</a>";
}

std::string with_breaks(const std::string& escaped) {
  std::string html;
  for (const char c : escaped) html += c == '\n' ? std::string("<br>\n") : std::string(1, c);
  return html;
}

}  // namespace

std::string plain_text(const MessageModel& model) {
  std::string text = model.headline + "\n";
  if (!model.common_labels.empty()) text += model.common_labels + "\n";
  for (const AlertText& alert : model.alerts) {
    text += "\n" + std::string(alert.firing ? "FIRING   " : "RESOLVED ") + alert.title + "\n";
    if (!alert.description.empty()) text += alert.description + "\n";
    if (!alert.value.empty()) text += "value: " + alert.value + "\n";
    if (!alert.labels.empty()) text += alert.labels + "\n";
    text += alert.time + "\n";
    for (const auto& [name, address] : alert.links) text.append(name).append(": ").append(address).append("\n");
  }
  if (model.more != 0) text += "\n" + more_text(model.more) + "\n";
  if (!model.links.empty()) text += "\n";
  for (const auto& [name, address] : model.links) text.append(name).append(": ").append(address).append("\n");
  return text;
}

std::string html_text(const MessageModel& model) {
  std::string html =
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\n"
      "<body style=\"font-family: sans-serif; font-size: 14px; color: #1d1c1d; max-width: 720px\">\n"
      "<div style=\"border-left: 6px solid " +
      std::string(colour_of(model.severity, model.firing)) +
      "; padding: 4px 12px\">\n<h2 style=\"font-size: 18px; margin: 4px 0\">" + escape_markup(model.headline) +
      "</h2>\n";
  if (!model.common_labels.empty())
    html += "<p style=\"color: #616061; margin: 4px 0\">" + escape_markup(model.common_labels) + "</p>\n";
  html += "</div>\n";
  for (const AlertText& alert : model.alerts) {
    html += "<div style=\"margin: 14px 0; padding: 0 18px\">\n<p style=\"margin: 4px 0\"><b style=\"color: " +
            std::string(alert.firing ? "#d00000\">FIRING" : "#2eb67d\">RESOLVED") + "</b> <b>" +
            escape_markup(alert.title) + "</b></p>\n";
    if (!alert.description.empty())
      html += "<p style=\"margin: 4px 0\">" + with_breaks(escape_markup(alert.description)) + "</p>\n";
    if (!alert.value.empty())
      html += "<p style=\"margin: 4px 0\">value: <b>" + escape_markup(alert.value) + "</b></p>\n";
    if (!alert.labels.empty())
      html += "<p style=\"margin: 4px 0; color: #616061\">" + escape_markup(alert.labels) + "</p>\n";
    html += "<p style=\"margin: 4px 0; color: #616061\">" + escape_markup(alert.time);
    for (const auto& link : alert.links) html += " &middot; " + anchor(link);
    html += "</p>\n</div>\n";
  }
  if (model.more != 0) html += "<p style=\"padding: 0 18px\">" + more_text(model.more) + "</p>\n";
  if (!model.links.empty()) html += "<p style=\"padding: 0 18px\">";
  for (const auto& link : model.links) {
    html += anchor(link,
                   " style=\"display: inline-block; padding: 6px 12px; margin-right: 8px; border: 1px solid #bbb; "
                   "color: #1d1c1d\"");
  }
  if (!model.links.empty()) html += "</p>\n";
  return html + "</body></html>\n";
}

std::string telegram_text(const MessageModel& model) {
  std::string text = "<b>" + escape_markup(model.headline) + "</b>\n";
  if (!model.common_labels.empty()) text += "<i>" + escape_markup(model.common_labels) + "</i>\n";
  for (const AlertText& alert : model.alerts) {
    text += "\n" + std::string(alert.firing ? "\xF0\x9F\x94\xB4 <b>" : "\xF0\x9F\x9F\xA2 <b>") +
            escape_markup(alert.title) + "</b>\n";
    if (!alert.description.empty()) text += escape_markup(alert.description) + "\n";
    if (!alert.value.empty()) text += "value: <code>" + escape_markup(alert.value) + "</code>\n";
    if (!alert.labels.empty()) text += "<code>" + escape_markup(alert.labels) + "</code>\n";
    text += escape_markup(alert.time);
    for (const auto& link : alert.links) text += " \xC2\xB7 " + anchor(link);
    text += "\n";
  }
  if (model.more != 0) text += "\n" + more_text(model.more) + "\n";
  std::string_view separator = "\n";
  for (const auto& link : model.links) {
    text += std::string(separator) + anchor(link);
    separator = " \xC2\xB7 ";
  }
  return text;
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
