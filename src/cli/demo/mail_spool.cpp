// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/demo/mail_spool.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

constexpr std::size_t largest_mail = std::size_t{1} << 20U;
constexpr std::size_t longest_line = 4096;
constexpr std::chrono::milliseconds look_every{100};  ///< whether to stop
constexpr int most_looks = 50;                        ///< at a silent client

/// A client's connection, by lines.
class Conversation {
 public:
  Conversation(int socket, const std::stop_token& stop) : socket_(socket), stop_(stop) {}

  bool say(std::string_view text) const {
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  /// Without its end; nothing when the client has gone, is silent or does not end its line.
  std::optional<std::string> line() {
    for (;;) {
      if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
        std::string text = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        if (text.ends_with('\r')) text.pop_back();
        return text;
      }
      if (buffer_.size() > longest_line || !read_more()) return std::nullopt;
    }
  }

  /// Up to the dot; nothing when it is too large or the client has gone.
  std::optional<std::string> mail() {
    std::string text;
    while (auto next = line()) {
      if (*next == ".") return text;
      if (next->starts_with('.')) next->erase(0, 1);
      text += *next + "\n";
      if (text.size() > largest_mail) break;
    }
    return std::nullopt;
  }

 private:
  bool read_more() {
    pollfd waits{.fd = socket_, .events = POLLIN, .revents = 0};
    for (int look = 0; look < most_looks && !stop_.stop_requested(); ++look) {
      if (::poll(&waits, 1, static_cast<int>(look_every.count())) <= 0) continue;
      std::array<char, 4096> part{};
      const ssize_t got = ::recv(socket_, part.data(), part.size(), 0);
      if (got <= 0) return false;
      buffer_.append(part.data(), static_cast<std::size_t>(got));
      return true;
    }
    return false;
  }

  int socket_;
  const std::stop_token& stop_;
  std::string buffer_;
};

bool is_command(std::string_view line, std::string_view command) {
  return line.size() >= command.size() && ::strncasecmp(line.data(), command.data(), command.size()) == 0;
}

}  // namespace

Result<std::unique_ptr<MailSpool>> MailSpool::start(std::string directory, OnMail on_mail) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return Error{fmt::format("cannot make the mail spool {}: {}", directory, code.message())};
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (listener < 0 || ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 16) != 0 || ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    const std::string why = std::strerror(errno);
    if (listener >= 0) ::close(listener);
    return Error{"cannot listen for the demo's mail on 127.0.0.1: " + why};
  }
  return std::unique_ptr<MailSpool>(
      new MailSpool(std::move(directory), std::move(on_mail), listener, ntohs(address.sin_port)));
}

MailSpool::MailSpool(std::string directory, OnMail on_mail, int listener, std::uint16_t port)
    : directory_(std::move(directory)),
      on_mail_(std::move(on_mail)),
      listener_(listener),
      port_(port),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

MailSpool::~MailSpool() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void MailSpool::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd waits{.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&waits, 1, static_cast<int>(look_every.count())) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    converse(client, stop);
    ::close(client);
  }
}

void MailSpool::converse(int client, const std::stop_token& stop) {
  Conversation with{client, stop};
  if (!with.say("220 bellwether demo\r\n")) return;
  while (const auto line = with.line()) {
    if (is_command(*line, "QUIT")) {
      (void)with.say("221 goodbye\r\n");
      return;
    }
    if (is_command(*line, "DATA")) {
      if (!with.say("354 end with a dot\r\n")) return;
      const auto mail = with.mail();
      if (!mail) return;
      keep(*mail);
      if (!with.say("250 kept\r\n")) return;
      continue;
    }
    const bool known = is_command(*line, "EHLO") || is_command(*line, "HELO") || is_command(*line, "MAIL") ||
                       is_command(*line, "RCPT") || is_command(*line, "RSET") || is_command(*line, "NOOP");
    if (!with.say(known ? "250 ok\r\n" : "502 not here\r\n")) return;
  }
}

void MailSpool::keep(const std::string& mail) {
  std::ofstream(fmt::format("{}/{:04}.eml", directory_, ++mails_)) << mail;
  if (on_mail_) on_mail_(mail);
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
