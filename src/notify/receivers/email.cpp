// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "notify/receivers/channel.hpp"
#include "notify/receivers/channels.hpp"
#include "notify/receivers/mail_text.hpp"
#include "notify/receivers/message_model.hpp"
#include "notify/receivers/message_text.hpp"
#include "notify/receivers/shortening.hpp"
#include "scrape/client_request.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_alerts = 200;
constexpr std::size_t max_subject = 200;
constexpr std::size_t max_mail_bytes = 2UL * 1024 * 1024;
constexpr std::size_t max_recipients = 100;  // what servers take at once
constexpr std::string_view from_mark = "MAIL FROM:<";
constexpr std::string_view to_mark = "RCPT TO:<";
constexpr std::string_view line_end = "\r\n";

std::string part(std::string_view boundary, std::string_view type, std::string_view text) {
  return "--" + std::string(boundary) + "\r\nContent-Type: " + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(text);
}

/// What `render` wrote before the message: the envelope, a line each, and an empty line. `text` is left in `payload`.
Result<Mail> read_envelope(std::string_view& payload) {
  Mail mail;
  while (!payload.empty()) {
    const std::size_t end = payload.find(line_end);
    if (end == std::string_view::npos) break;
    const std::string_view line = payload.substr(0, end);
    payload.remove_prefix(end + line_end.size());
    if (line.empty()) {
      if (mail.from.empty() || mail.recipients.empty()) break;
      return mail;
    }
    if (line.rfind(from_mark, 0) == 0) {
      mail.from = line.substr(from_mark.size(), line.size() - from_mark.size() - 1);
    } else if (line.rfind(to_mark, 0) == 0) {
      mail.recipients.emplace_back(line.substr(to_mark.size(), line.size() - to_mark.size() - 1));
    }
  }
  return Error{"the stored message has no envelope"};
}

bool named(const std::vector<LeftOut>& list, const std::string& recipient) {
  return std::any_of(list.begin(), list.end(), [&](const LeftOut& one) { return one.recipient == recipient; });
}

std::string domain_of(const std::string& address) {
  return address.substr(address.find('@') + 1);
}

class Email final : public Channel {
 public:
  Email(const std::string& receiver, const std::string& name, config::EmailConfig config, const ReceiverParts& parts)
      : Channel(receiver, name, config.send_resolved, parts), config_(std::move(config)) {}

  Result<std::string> render(const Notification& notification) const override {
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    return render_within(
        shortened(notification, {max_alerts, all, all}),
        [&](const Notification& less) { return mail_of(less, notification); },
        [](const std::string& mail) { return mail.size() <= max_mail_bytes; });
  }

  std::vector<std::string> recipients(const std::string& payload) const override {
    std::string_view text = payload;
    Result<Mail> mail = read_envelope(text);
    return mail ? std::move(mail->recipients) : std::vector<std::string>{};
  }

  void deliver(const OutgoingMessage& message, Done done) override;

 private:
  struct Batches {
    Mail mail;  // with the recipients that are left
    bool some_taken;
    DeliveryResult result;
    Done done;
  };
  Result<std::string> mail_of(const Notification& notification, const Notification& whole) const;
  std::string headers_of(const Notification& notification, RenderedFields& fields, const MessageModel& model,
                         const std::vector<MailAddress>& from, const std::vector<MailAddress>& to) const;
  std::string thread_of(const Notification& notification, const std::string& domain) const;
  Result<MailServer> server() const;
  void send_next(const std::shared_ptr<Batches>& batches);
  /// The answer to all batches; `sent` got the last one, whose answer is `last`. Those in `batches.mail` were not asked for.
  static void finish(Batches& batches, const std::vector<std::string>& sent, const DeliveryResult& last);

  const config::EmailConfig config_;
};

std::string Email::thread_of(const Notification& notification, const std::string& domain) const {
  if (config_.threading == config::EmailThreading::none) return {};
  std::string id = "group." + sha256_hex(notification.group_key).substr(0, 24);
  if (config_.threading == config::EmailThreading::daily) id += "." + rfc3339(notification.now_ms).substr(0, 10);
  return "<" + id + "@" + domain + ">";
}

std::string Email::headers_of(const Notification& notification, RenderedFields& fields, const MessageModel& model,
                              const std::vector<MailAddress>& from, const std::vector<MailAddress>& to) const {
  // In order; a header of the configuration takes the place of ours.
  std::vector<std::pair<std::string, std::string>> headers{
      {"From", address_header(from)},
      {"To", address_header(to)},
      {"Subject", header_text(shorten(model.headline, max_subject))},
      {"Date", rfc5322_date(notification.now_ms)},
      {"Auto-Submitted", "auto-generated"},
      {"Precedence", "bulk"},
  };
  if (model.firing && model.severity == Severity::critical) {
    headers.emplace_back("Importance", "high");
    headers.emplace_back("X-Priority", "1");
  }
  if (const std::string thread = thread_of(notification, domain_of(from[0].address)); !thread.empty()) {
    headers.emplace_back("In-Reply-To", thread);
    headers.emplace_back("References", thread);
  }
  for (const auto& [key, field] : config_.headers) {
    const std::string name = header_name(key);
    const std::string text = fields.text("headers." + key, field);
    if (name.empty() || text.empty()) continue;
    const Result<std::vector<MailAddress>> addresses = parse_addresses(text);
    const bool of_addresses = name == "From" || name == "To" || name == "Cc" || name == "Reply-To" || name == "Sender";
    std::string value =
        of_addresses && addresses ? address_header(*addresses) : header_text(shorten(text, max_subject));
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&name](const auto& entry) { return entry.first == name; });
    if (found != headers.end()) {
      found->second = std::move(value);
    } else {
      headers.emplace_back(name, std::move(value));
    }
  }
  std::string text;
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  return text;
}

Result<std::string> Email::mail_of(const Notification& notification, const Notification& whole) const {
  const MessageLinks links = links_of(whole);
  const MessageModel model = message_model(notification, links);
  RenderedFields fields(*parts().templates, where(), notification, links);
  // Who gets it must not depend on how much of it is shown.
  RenderedFields whole_fields(*parts().templates, where(), whole, links);
  const Result<std::vector<MailAddress>> to = parse_addresses(whole_fields.text("to", config_.to));
  const Result<std::vector<MailAddress>> from = parse_addresses(whole_fields.text("from", config_.from));
  if (!whole_fields.problem().empty()) return Error{whole_fields.problem()};
  if (!to) return Error{where() + ".to: " + to.error().message};
  if (!from) return Error{where() + ".from: " + from.error().message};
  if (to->empty() || from->empty()) return Error{where() + (to->empty() ? ".to" : ".from") + ": no mail address"};

  const std::string headers = headers_of(notification, fields, model, *from, *to);
  std::string text = config_.text ? fields.text("text", *config_.text) : plain_text(model);
  std::string html = config_.html ? fields.html("html", *config_.html) : html_text(model);
  if (!fields.problem().empty()) {
    text = plain_text(model) + "\ntemplate failed: " + one_line(fields.problem()) + "\n";
    html.clear();
  }
  if (text.empty()) text = plain_text(model);
  std::string mail = std::string(from_mark) + (*from)[0].address + ">\r\n";
  for (const MailAddress& recipient : *to) mail.append(to_mark).append(recipient.address).append(">\r\n");
  mail += "\r\n" + headers + "MIME-Version: 1.0\r\n";
  if (html.empty()) {
    return mail + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
           quoted_printable(text);
  }
  const std::string boundary = "=_bellwether_" + sha256_hex(text).substr(0, 24);  // "=_" is in no quoted-printable text
  mail += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
  return mail + part(boundary, "text/plain", text) + part(boundary, "text/html", html) + "--" + boundary + "--\r\n";
}

Result<MailServer> Email::server() const {
  MailServer server{
      .host = config_.smarthost.host, .port = std::to_string(config_.smarthost.port), .hello = config_.hello};
  constexpr std::uint16_t smtps = 465;
  server.implicit_tls = config_.force_implicit_tls.value_or(config_.smarthost.port == smtps);
  server.require_tls = config_.require_tls && !server.implicit_tls;
  server.tls = scrape::request_tls(config_.tls);
  server.user = config_.auth_username;
  server.identity = config_.auth_identity;
  if (server.user.empty()) return server;
  const bool has_password = !config_.auth_password.empty() || !config_.auth_password_file.empty();
  const Result<std::string> password =
      has_password ? secret_of("auth_password_file", config_.auth_password, config_.auth_password_file)
                   : secret_of("auth_secret_file", config_.auth_secret, config_.auth_secret_file);
  if (!password) return password.error();
  server.password = config::Secret(*password);
  return server;
}

void Email::deliver(const OutgoingMessage& message, Done done) {
  std::string_view text = message.payload;
  Result<Mail> mail = read_envelope(text);
  if (!mail) return done({.outcome = DeliveryOutcome::permanent, .error = name() + ": " + mail.error().message});
  const auto& wanted = message.recipients;
  std::erase_if(mail->recipients, [&wanted](const std::string& one) {
    return !wanted.empty() && std::find(wanted.begin(), wanted.end(), one) == wanted.end();
  });
  if (mail->recipients.empty()) {
    return done({.outcome = DeliveryOutcome::permanent, .error = name() + ": the stored message names nobody"});
  }
  Result<MailServer> server_now = server();
  if (!server_now) return done(unauthorized(server_now.error()));
  mail->server = std::move(*server_now);
  // Of the row and of what it says: the same at each attempt, another one in another database.
  mail->text = "Message-ID: <" + std::to_string(message.id) + "." + sha256_hex(message.payload).substr(0, 24) + "@" +
               domain_of(mail->from) + ">\r\n";
  mail->text += text;
  send_next(std::make_shared<Batches>(Batches{std::move(*mail), false, {}, std::move(done)}));
}

void Email::send_next(const std::shared_ptr<Batches>& batches) {
  Mail mail = batches->mail;
  const std::size_t count = std::min(mail.recipients.size(), max_recipients);
  mail.recipients.resize(count);
  auto& left = batches->mail.recipients;
  left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<std::string> sent = mail.recipients;
  parts().mail->send(std::move(mail), [self = shared_from_this(), this, batches,
                                       sent = std::move(sent)](const DeliveryResult& result) {
    const bool good = result.outcome == DeliveryOutcome::delivered;
    // Each was refused by name: that says nothing of the recipients to come.
    const bool refused_by_name = !good && result.outcome != DeliveryOutcome::unauthorized &&
                                 std::all_of(sent.begin(), sent.end(), [&result](const std::string& recipient) {
                                   return named(result.left_out, recipient);
                                 });
    DeliveryResult& whole = batches->result;
    whole.left_out.insert(whole.left_out.end(), result.left_out.begin(), result.left_out.end());
    whole.error.append(whole.error.empty() || result.error.empty() ? "" : "; ").append(result.error);
    if (good) batches->some_taken = true;
    if ((good || refused_by_name) && !batches->mail.recipients.empty()) return send_next(batches);
    finish(*batches, sent, result);
  });
}

void Email::finish(Batches& batches, const std::vector<std::string>& sent, const DeliveryResult& last) {
  DeliveryResult& whole = batches.result;
  const bool good = last.outcome == DeliveryOutcome::delivered;
  const bool permanent = last.outcome == DeliveryOutcome::permanent;
  const bool some_put_off = std::any_of(whole.left_out.begin(), whole.left_out.end(),
                                        [](const LeftOut& one) { return one.outcome == DeliveryOutcome::transient; });
  if (!good && (batches.some_taken || (permanent && some_put_off))) {
    // An earlier batch is with its people, or was put off: only who is not refused for good is tried again.
    const auto outcome = permanent ? DeliveryOutcome::permanent : DeliveryOutcome::transient;
    for (const std::string& recipient : sent) {
      if (!named(whole.left_out, recipient)) whole.left_out.push_back({recipient, outcome, last.error});
    }
    for (const std::string& recipient : batches.mail.recipients) {
      whole.left_out.push_back({recipient, DeliveryOutcome::transient, last.error});
    }
  }
  if (batches.some_taken) {
    whole.outcome = DeliveryOutcome::delivered;
  } else {
    whole.outcome = permanent && some_put_off ? DeliveryOutcome::transient : last.outcome;
  }
  batches.done(std::move(whole));
}

}  // namespace

std::shared_ptr<Integration> make_email(const std::string& receiver, const std::string& name,
                                        const config::EmailConfig& config, const ReceiverParts& parts) {
  return std::make_shared<Email>(receiver, name, config, parts);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
