// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// The demo's mailbox and webhook, on real sockets of the loopback.
#include "cli/demo/inbox.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "cli/demo/demo_rules.hpp"
#include "cli/demo/mail_spool.hpp"
#include "config/alertmanager/notifier_config.hpp"
#include "net/http_client.hpp"

namespace bellwether::cli {
namespace {

/// A mail client that says what it is told to.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void say(const std::string& text) const { (void)::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
  /// The code of the next answer; 0 when there is none.
  int answer() const {
    std::string line;
    char c = 0;
    while (::recv(socket_, &c, 1, 0) == 1 && c != '\n') line += c;
    return line.size() < 3 ? 0 : std::stoi(line.substr(0, 3));
  }
  int ask(const std::string& text) const {
    say(text);
    return answer();
  }

 private:
  int socket_;
};

class DemoInbox : public testing::Test {
 protected:
  DemoInbox() {
    std::string name = "/tmp/bellwether-inbox-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~DemoInbox() override { std::filesystem::remove_all(directory_); }

  std::string text_of(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(directory_ + "/" + name).rdbuf();
    return text.str();
  }

  std::string directory_;
};

TEST_F(DemoInbox, KeepsEachMailInAFile) {
  auto spool = MailSpool::start(directory_, {});
  ASSERT_TRUE(spool) << spool.error().message;
  const Client client((*spool)->port());
  EXPECT_EQ(client.answer(), 220);
  EXPECT_EQ(client.ask("EHLO here\r\n"), 250);
  for (int mail = 0; mail < 2; ++mail) {
    EXPECT_EQ(client.ask("mail from:<a@localhost>\r\n"), 250);
    EXPECT_EQ(client.ask("RCPT TO:<b@localhost>\r\n"), 250);
    EXPECT_EQ(client.ask("DATA\r\n"), 354);
    EXPECT_EQ(client.ask("Subject: x\r\n\r\n..dot\r\n.\r\n"), 250);
  }
  EXPECT_EQ(client.ask("QUIT\r\n"), 221);
  EXPECT_EQ(text_of("0001.eml"), "Subject: x\n\n.dot\n");
  EXPECT_EQ(text_of("0002.eml"), "Subject: x\n\n.dot\n");
}

TEST_F(DemoInbox, OutlivesHostileClients) {
  auto spool = MailSpool::start(directory_, {});
  ASSERT_TRUE(spool) << spool.error().message;
  {
    const Client client((*spool)->port());
    EXPECT_EQ(client.answer(), 220);
    EXPECT_EQ(client.ask("STARTTLS\r\n"), 502);
    client.say(std::string(10'000, 'x'));  // a line without an end
    EXPECT_EQ(client.answer(), 0);
  }
  {
    const Client client((*spool)->port());
    EXPECT_EQ(client.answer(), 220);
    EXPECT_EQ(client.ask("DATA\r\n"), 354);
    const std::string line(1000, 'x');
    for (int i = 0; i < 1200; ++i) client.say(line + "\r\n");
    EXPECT_EQ(client.answer(), 0) << "a mail of more than a MiB";
  }
  { const Client gone((*spool)->port()); }
  const Client client((*spool)->port());
  EXPECT_EQ(client.answer(), 220);
  EXPECT_TRUE(text_of("0001.eml").empty());
}

TEST_F(DemoInbox, SaysWhenAnAlertWasTold) {
  auto inbox = Inbox::open(directory_, Clock::system());
  ASSERT_TRUE(inbox) << inbox.error().message;
  const auto report = config::read_notifier_config_text((*inbox)->alertmanager_config(), "inbox");
  ASSERT_TRUE(report.config) << report.errors.front();
  const auto begin = Clock::system().monotonic();
  net::HttpClient client;
  const auto answer = client.send({.method = "POST",
                                   .url = report.config->receivers.at(0).webhook_configs.at(0).url.reveal(),
                                   .body = R"({"status":"firing","alerts":[{"labels":{"alertname":"Stop"}}]})"});
  ASSERT_TRUE(answer && answer->status == 200);
  EXPECT_TRUE((*inbox)->webhook_told("Stop", true, begin));
  EXPECT_FALSE((*inbox)->webhook_told("Stop", false, begin));
  EXPECT_FALSE((*inbox)->webhook_told("Stop", true, Clock::system().monotonic()));
  EXPECT_FALSE((*inbox)->mail_told("Stop", true, begin));
  EXPECT_NE(text_of("webhook.jsonl").find("Stop"), std::string::npos);
}

TEST_F(DemoInbox, HoldsTheRulesOfThePack) {
  const auto path = write_demo_rules(directory_ + "/rules");
  ASSERT_TRUE(path) << path.error().message;
  EXPECT_NE(text_of("rules/levibot.yml").find("alert: GlobalStopActive"), std::string::npos);
}

}  // namespace
}  // namespace bellwether::cli
