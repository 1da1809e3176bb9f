// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// 10,000 alerts fire and end while the notifier is killed (-9) 50 times and its receiver answers as it likes.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bellwether/random.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

constexpr int alert_count = 10'000;
constexpr int kills = 50;
// What notifier.hpp states: of non-urgent messages so many are under way to an integration, and one of each group with a P0.
constexpr int in_flight = 8;
constexpr int urgent_groups = 10;

/// Takes messages and notes them; every second answer is no consent: 429, 500, silence, a reset, before or after taking the message.
class Receiver {
 public:
  Receiver() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 256) != 0) abort();
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    for (std::thread& thread : threads_) thread = std::thread([this] { serve(); });
  }
  ~Receiver() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }

  std::size_t in_state(char state) {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const char now : states_) count += now == state ? 1 : 0;
    return count;
  }

  std::uint16_t port = 0;
  std::atomic<bool> friendly{false};

  // Under the mutex.
  std::mutex mutex_;
  int taken = 0;
  int duplicates = 0;    ///< a message that was taken before
  int lost_answers = 0;  ///< taken, and not said so
  int wrong_order = 0;   ///< an alert that fires after its end, or ends without having fired

 private:
  void serve() {
    while (!stopping_) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      answer(client);
      ::close(client);
    }
  }

  void answer(int client) {
    const auto begin = std::chrono::steady_clock::now();
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    std::string text;
    std::array<char, 65536> buffer;
    while (text.empty() || text.back() != '\n') {
      const ssize_t got = ::recv(client, buffer.data(), buffer.size(), 0);
      if (got <= 0) return;  // killed in the middle
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    const unsigned turn = friendly ? 0 : turn_++ % 12;
    const bool takes = turn < 6 || turn >= 10;
    if (takes) take(text, turn >= 10);
    std::string reply = "ok\n";
    if (turn == 6) reply = "later 30\n";
    if (turn == 7) reply = "error 500\n";
    if (turn == 8 || turn == 10) return;  // a connection that ends without a word
    if (turn == 9 || turn == 11) {
      const linger reset{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
      if (turn == 11) std::this_thread::sleep_for(600ms);  // beyond the sender's patience
      return;
    }
    // On a busy machine: perhaps too late.
    if (takes && std::chrono::steady_clock::now() - begin > 200ms) {
      const std::lock_guard lock(mutex_);
      ++lost_answers;
    }
    static_cast<void>(::send(client, reply.data(), reply.size(), MSG_NOSIGNAL));
  }

  void take(const std::string& text, bool answer_lost) {
    std::istringstream words(text);
    std::string id;
    std::string word;
    words >> id >> word;
    const std::lock_guard lock(mutex_);
    ++taken;
    if (answer_lost) ++lost_answers;
    if (++seen_[id] > 1) {
      ++duplicates;
      return;  // its receiver knows the id
    }
    while (words >> word) {
      char& state = states_.at(std::stoul(word.substr(1)));
      if (word[0] == 'F' && state == 'R') ++wrong_order;
      if (word[0] == 'R' && state == '-') ++wrong_order;
      state = word[0];
    }
  }

  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<unsigned> turn_{0};
  std::vector<char> states_ = std::vector<char>(alert_count, '-');
  std::map<std::string, int> seen_;
  std::array<std::thread, 16> threads_;
};

pid_t start_child(const std::string& directory, std::uint16_t port, const char* phase, const std::string& starts_ms) {
  const std::string port_text = std::to_string(port);
  const std::string count = std::to_string(alert_count);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(STORM_CHILD, STORM_CHILD, directory.c_str(), port_text.c_str(), phase, "0", count.c_str(),
            starts_ms.c_str(), nullptr);
    _exit(127);
  }
  return child;
}

void kill_child(pid_t child) {
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
}

TEST(NotifierStorm, NoAlertIsLostAndEveryEndFollowsItsFiring) {
  const std::string directory = ::testing::TempDir() + "notifier-storm-" + std::to_string(::getpid());
  std::filesystem::remove_all(directory);
  Receiver receiver;
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  const std::string starts_ms = std::to_string(now.count() - 2000);
  bellwether::SeededRandom random{static_cast<std::uint64_t>(now.count())};

  for (const auto& [phase, state] : {std::pair{"firing", 'F'}, std::pair{"resolved", 'R'}}) {
    for (int i = 0; i < kills / 2; ++i) {
      const pid_t child = start_child(directory, receiver.port, phase, starts_ms);
      std::this_thread::sleep_for(std::chrono::milliseconds{static_cast<int>(random.uniform() * 1000)});
      kill_child(child);
    }
    const pid_t last = start_child(directory, receiver.port, phase, starts_ms);
    const auto until = std::chrono::steady_clock::now() + 240s;
    while (receiver.in_state(state) < alert_count && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(50ms);
    }
    kill_child(last);
    EXPECT_EQ(receiver.in_state(state), alert_count) << phase;
  }
  const std::lock_guard lock(receiver.mutex_);
  std::printf("messages taken %d, of these twice %d, answers lost on purpose %d, kills %d\n", receiver.taken,
              receiver.duplicates, receiver.lost_answers, kills + 2);
  EXPECT_EQ(receiver.wrong_order, 0);
  EXPECT_LE(receiver.duplicates, receiver.lost_answers + (kills + 2) * (in_flight + urgent_groups));
  std::filesystem::remove_all(directory);
}

}  // namespace
