// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/alertmanager/readers.hpp"
#include "config/prometheus/http_client_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

// reply-to becomes Reply-To.
std::string canonical(std::string name) {
  bool first = true;
  for (char& c : name) {
    if (first && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (!first && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    first = c == '-';
  }
  return name;
}

void read_headers(SectionReader& section, TemplateTexts& into) {
  ReadContext& context = section.context();
  section.each_entry("headers", [&](const YamlNode& item) {
    const std::string name = canonical(item.key());
    if (!is_header_name(name) || name.find(':') != std::string::npos) {
      context.wrong_key(item, "\"" + item.key() + "\" is not the name of a header: letters, digits and - only");
    } else if (!item.is_null() && item.kind() != YamlNode::Kind::Scalar) {
      context.wrong(item, "a header must be a text, as in `Subject: ...`");
    } else if (item.text().find_first_of("\r\n") != std::string::npos) {
      context.wrong(item, "a header holds a line break: write it on one line");
    } else if (!into.emplace(name, item.text()).second) {
      context.wrong_key(item, "the header " + name + " stands twice: names are the same in any case");
    }
  });
}

// global's, where the receiver says nothing.
EmailConfig inherited(const NotifierGlobal& global) {
  EmailConfig email;
  email.from = global.smtp_from;
  email.hello = global.smtp_hello;
  email.smarthost = global.smtp_smarthost;
  email.auth_username = global.smtp_auth_username;
  email.auth_password = global.smtp_auth_password;
  email.auth_password_file = global.smtp_auth_password_file;
  email.auth_secret = global.smtp_auth_secret;
  email.auth_secret_file = global.smtp_auth_secret_file;
  email.auth_identity = global.smtp_auth_identity;
  email.require_tls = global.smtp_require_tls;
  email.force_implicit_tls = global.smtp_force_implicit_tls;
  email.tls = global.smtp_tls;
  return email;
}

void check_address(SectionReader& section, std::string_view key, const std::string& address) {
  if (address.find_first_of("\r\n") != std::string::npos) {
    section.wrong(key, std::string(key) + " holds a line break: write it on one line");
  }
}

void read_threading(const YamlNode& node, ReadContext& context, EmailConfig& email) {
  SectionReader section(node, "threading", context);
  bool enabled = false;
  section.boolean("enabled", enabled);
  constexpr std::array<std::string_view, 2> by_date{"none", "daily"};
  const std::optional<std::size_t> chosen = section.choice("thread_by_date", by_date);
  section.finish();
  if (!enabled) return;
  email.threading = chosen && *chosen == 0 ? EmailThreading::whole_group : EmailThreading::daily;
}

}  // namespace

EmailConfig read_email(const YamlNode& node, ReadContext& context, const NotifierGlobal& global) {
  SectionReader section(node, "email_configs", context);
  EmailConfig email = inherited(global);
  section.boolean("send_resolved", email.send_resolved);
  section.text("to", email.to);
  if (email.to.empty()) section.wrong("to", "nobody to write to: add `to: name@example.org`");
  section.text("from", email.from);
  if (email.from.empty()) section.wrong("from", "no sender, here or as global smtp_from: add `from: name@example.org`");
  check_address(section, "to", email.to);
  check_address(section, "from", email.from);
  section.text("hello", email.hello);
  read_host_and_port(section, "smarthost", email.smarthost);
  if (email.smarthost.port == 0 && section.find("smarthost") == nullptr) {
    section.wrong("smarthost", "no mail server, here or as global smtp_smarthost: add `smarthost: host:587`");
  }
  section.text("auth_username", email.auth_username);
  read_secret_or_file(section, "auth_password", "auth_password_file", email.auth_password, email.auth_password_file);
  read_secret_or_file(section, "auth_secret", "auth_secret_file", email.auth_secret, email.auth_secret_file);
  section.text("auth_identity", email.auth_identity);
  read_headers(section, email.headers);
  read_optional(section, "html", email.html);
  read_optional(section, "text", email.text);
  section.boolean("require_tls", email.require_tls);
  read_tls_config(section, "tls_config", email.tls);
  bool implicit = false;
  if (section.boolean("force_implicit_tls", implicit)) email.force_implicit_tls = implicit;
  if (const YamlNode* threading = section.find("threading")) read_threading(*threading, context, email);
  section.finish();
  return email;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
