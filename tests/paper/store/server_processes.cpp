// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/server_processes.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "paper/store/postgres_connection.hpp"
#include "paper/store/store_fakes.hpp"

namespace bellwether::test {
namespace {

int listen_on_loopback(std::uint16_t& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener, 64) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port is free");
  }
  port = ntohs(address.sin_port);
  return listener;
}

bool accepts_connections(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// "/usr/lib/postgresql/15/bin", of the newest; empty where there is none.
std::string postgres_programs() {
  std::string newest;
  int newest_version = 0;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", missing)) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (version > newest_version && std::filesystem::exists(entry.path() / "bin/initdb")) {
      newest = entry.path() / "bin";
      newest_version = version;
    }
  }
  return newest;
}

/// What stands before a program that must not run as root.
std::vector<std::string> as_user(const std::string& user, std::vector<std::string> command) {
  if (::getuid() != 0) return command;
  std::vector<std::string> whole{"setpriv", "--reuid=" + user,
                                 "--regid=" + std::to_string(::getpwnam(user.c_str())->pw_gid), "--clear-groups",
                                 "--pdeathsig=KILL"};
  whole.insert(whole.end(), command.begin(), command.end());
  return whole;
}

}  // namespace

std::uint16_t free_port() {
  std::uint16_t port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

ServerProcess::ServerProcess(std::vector<std::string> arguments, const std::string& output_file) {
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    const int output = ::open(output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(::open("/dev/null", O_RDONLY), 0);  // NOLINT(android-cloexec-open)
    ::dup2(output, 1);
    ::dup2(output, 2);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
}

ServerProcess::~ServerProcess() {
  kill_now();
}

void ServerProcess::send(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

void ServerProcess::kill_now() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

bool ServerProcess::is_running() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

int ServerProcess::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

RedisServer::RedisServer(std::vector<std::string> settings) : port_(free_port()), settings_(std::move(settings)) {
  start();
}

void RedisServer::start() {
  std::vector<std::string> command{"redis-server",
                                   "--bind",
                                   "127.0.0.1",
                                   "--port",
                                   std::to_string(port_),
                                   "--dir",
                                   folder_.folder(),
                                   "--appendonly",
                                   "yes",
                                   "--appendfsync",
                                   "always",
                                   "--save",
                                   ""};
  command.insert(command.end(), settings_.begin(), settings_.end());
  process_ = std::make_unique<ServerProcess>(command, folder_.path("log"));
  if (!eventually([&] { return accepts_connections(port_) || !process_->is_running(); }) || !process_->is_running()) {
    throw std::runtime_error("redis-server did not start: " + text_of(folder_.path("log")));
  }
}

std::string RedisServer::url(const std::string& login) const {
  return "redis://" + login + "127.0.0.1:" + std::to_string(port_) + "/0";
}

bool RedisServer::is_installed() {
  return std::filesystem::exists("/usr/bin/redis-server") || std::filesystem::exists("/usr/local/bin/redis-server");
}

PostgresServer::PostgresServer() : port_(free_port()) {
  user_ = ::getpwuid(::getuid())->pw_name;
  if (::getuid() == 0) {
    user_ = ::getpwnam("postgres") != nullptr ? "postgres" : "nobody";
    const passwd* account = ::getpwnam(user_.c_str());
    if (::chown(folder_.folder().c_str(), account->pw_uid, account->pw_gid) != 0) throw std::runtime_error("chown");
  }
  ServerProcess maker(as_user(user_, {postgres_programs() + "/initdb", "-D", folder_.path("cluster"), "--auth=trust",
                                      "--username=tester", "--no-sync", "--encoding=UTF8", "--locale=C"}),
                      folder_.path("log"));
  if (maker.wait() != 0) throw std::runtime_error("initdb failed: " + text_of(folder_.path("log")));
  start();
}

PostgresServer::~PostgresServer() {
  if (process_ != nullptr && process_->is_running()) {
    process_->send(SIGINT);  // it takes its own children with it
    if (!eventually([&] { return !process_->is_running(); })) process_->kill_now();
  }
}

/// After a kill -9 the old one's children may hold its memory for a moment: then the new one gives up, and is started again.
void PostgresServer::start() {
  const bool started = eventually(
      [&] {
        process_ = std::make_unique<ServerProcess>(
            as_user(user_, {postgres_programs() + "/postgres", "-D", folder_.path("cluster"), "-k", "", "-h",
                            "127.0.0.1", "-p", std::to_string(port_), "-c", "fsync=off", "-c", "shared_buffers=16MB"}),
            folder_.path("log"));
        return eventually([&] { return answers() || !process_->is_running(); }) && process_->is_running();
      },
      std::chrono::seconds{30});
  if (!started) throw std::runtime_error("postgres did not start: " + text_of(folder_.path("log")));
}

/// It accepts connections before it is ready for them.
bool PostgresServer::answers() const {
  return paper::PostgresConnection::open(url(), "postgres", paper::deadline_in(std::chrono::seconds{1})).has_value();
}

std::string PostgresServer::url() const {
  return "postgresql://tester@127.0.0.1:" + std::to_string(port_) + "/postgres";
}

bool PostgresServer::is_installed() {
  return !postgres_programs().empty();
}

RudeServer::RudeServer(std::function<void(int socket, const std::atomic<bool>& stopping)> serve)
    : listener_(listen_on_loopback(port_)), thread_([this, serve = std::move(serve)] {
        while (!stopping_) {
          pollfd one{listener_, POLLIN, 0};
          if (::poll(&one, 1, 20) <= 0) continue;
          const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
          if (socket < 0) continue;
          ++connections_;
          serve(socket, stopping_);
          ::close(socket);
        }
      }) {}

RudeServer::~RudeServer() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
}

}  // namespace bellwether::test
